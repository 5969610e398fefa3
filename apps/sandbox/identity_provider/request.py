"""The authentication request of the broker, judged before anything is shown (OIDC Core §3.1.2.2).

Two refusals that never mix: as long as the client and its redirect_uri are not known to be good,
nobody is sent anywhere (RFC 6749 §4.1.2.1); afterwards the client is told, by its redirect_uri.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.protocol import pkce
from apps.sandbox.identity_provider.registration import Client, find_client

_KNOWN_PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})


class UntrustedRequest(Exception):
    """A request that must stay on our page; the message is for the person in front of it."""


class RefusedRequest(Exception):
    """A request that is answered at its redirect_uri with an error (OIDC Core §3.1.2.6)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Target:
    """Where the answer may go: the client and one of its own redirect URIs, `state` untouched."""

    client: Client
    redirect_uri: str
    state: str


@dataclass(frozen=True)
class Request:
    """What the client asks for, once it may be believed."""

    scope: str
    nonce: str
    code_challenge: str
    prompts: frozenset[str]
    max_age: int | None
    acr_values: tuple[str, ...]


def parse_target(parameters: Mapping[str, list[str]]) -> Target:
    """Return where the answer may go. Raises UntrustedRequest."""
    client_id, redirect_uri = _one(parameters, "client_id"), _one(parameters, "redirect_uri")
    client = find_client(client_id or "")
    if client is None:
        raise UntrustedRequest("Le site qui vous envoie ici n’est pas connu.")
    if redirect_uri is None or redirect_uri not in client.redirect_uris:
        raise UntrustedRequest("L’adresse de retour n’est pas celle qui a été enregistrée.")
    return Target(client, redirect_uri, _one(parameters, "state") or "")


def parse(parameters: Mapping[str, list[str]]) -> Request:
    """Return the request of a client whose target is good. Raises RefusedRequest."""
    _check_well_formed(parameters)
    values = {name: items[0] for name, items in parameters.items()}
    _check_supported(values)
    return Request(
        scope=_parse_scope(values),
        nonce=values.get("nonce", ""),
        code_challenge=_parse_code_challenge(values),
        prompts=_parse_prompts(values),
        max_age=_parse_max_age(values),
        acr_values=tuple(values.get("acr_values", "").split()),
    )


def _check_well_formed(parameters: Mapping[str, list[str]]) -> None:
    """Refuse a repeated parameter (RFC 6749 §3.1) and a NUL, which PostgreSQL cannot hold."""
    for items in parameters.values():
        if len(items) != 1:
            raise RefusedRequest("invalid_request", "a parameter is repeated")
        if "\0" in items[0]:
            raise RefusedRequest("invalid_request", "a parameter holds a NUL")


def _check_supported(values: Mapping[str, str]) -> None:
    if "request" in values:
        raise RefusedRequest("request_not_supported", "request objects are not supported")
    if "request_uri" in values:
        raise RefusedRequest("request_uri_not_supported", "request_uri is not supported")
    if not values.get("response_type"):
        raise RefusedRequest("invalid_request", "response_type is missing")
    if values["response_type"] != "code":
        raise RefusedRequest("unsupported_response_type", "only code is supported")
    if values.get("response_mode", "query") != "query":
        raise RefusedRequest("invalid_request", "only the response mode query is supported")


def _parse_scope(values: Mapping[str, str]) -> str:
    scope = values.get("scope", "")
    if "openid" not in scope.split(" "):
        raise RefusedRequest("invalid_scope", "openid is missing")
    return scope


def _parse_code_challenge(values: Mapping[str, str]) -> str:
    code_challenge = values.get("code_challenge", "")
    if not code_challenge:
        return ""
    if values.get("code_challenge_method") != pkce.METHOD:
        raise RefusedRequest("invalid_request", "code_challenge_method must be S256")
    if not pkce.is_challenge(code_challenge):
        raise RefusedRequest("invalid_request", "code_challenge is malformed")
    return code_challenge


def _parse_prompts(values: Mapping[str, str]) -> frozenset[str]:
    prompts = frozenset(values.get("prompt", "").split())
    if not prompts <= _KNOWN_PROMPTS:
        raise RefusedRequest("invalid_request", "unknown prompt")
    if "none" in prompts and len(prompts) > 1:
        raise RefusedRequest("invalid_request", "none goes with no other prompt")
    return prompts


def _parse_max_age(values: Mapping[str, str]) -> int | None:
    text = values.get("max_age", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise RefusedRequest("invalid_request", "max_age is not a number of seconds")
    return int(text)


def _one(parameters: Mapping[str, list[str]], name: str) -> str | None:
    items = parameters.get(name, [])
    return items[0] if len(items) == 1 else None
