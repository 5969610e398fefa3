"""The authentication request a service sends us (OIDC Core §3.1.2.1, RFC 6749 §4.1.1).

FranceConnect is stricter than OpenID Connect (a nonce of 22 characters, mandatory `acr_values`,
few prompts). Strictness is a `Policy` of the service, FranceConnect's values by default; the rules
below are one table, in the order in which they apply. The address to answer to is trusted first,
by `reply_address`: before that an error is a page, after that it travels to the service.

Unlike the real FranceConnect, unknown parameters are ignored, and empty ones are omitted ones
(RFC 6749 §3.1): generic clients send `code_challenge`, `login_hint`, `max_age=` or tracking
parameters. An empty `prompt` alone is refused, as FranceConnect does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.protocol import acr, claims, errors, jose, pkce, scopes
from apps.protocol.errors import ErrorSpec, ProtocolError

Parameters = Mapping[str, Sequence[str]]

MAX_LENGTH: Final = 2048  # characters, any parameter but claims
MAX_CLAIMS_LENGTH: Final = 4096
NONCE_MIN_LENGTH: Final = 22
MAX_PROMPT_LENGTH: Final = 64
PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})
MAX_AGE_LIMIT: Final = 10**9  # seconds
FREE_SCOPES: Final = frozenset({"openid", "amr"})  # they tell nothing of the citizen
ALWAYS_ALLOWED_CLAIMS: Final = frozenset({"sub", "acr", "auth_time", "iss"})


@dataclass(frozen=True)
class Policy:
    """What one service may ask and what we demand of it."""

    redirect_uris: frozenset[str]
    scopes: frozenset[str]
    claims: frozenset[str]
    served_acr: frozenset[acr.Acr]
    default_acr: acr.Acr
    acr_required: bool
    nonce_required: bool
    pkce_required: bool
    allowed_prompts: frozenset[str]
    allowed_idp_hints: frozenset[str]


@dataclass(frozen=True)
class AuthenticationRequest:
    """A request that passed every rule; the only thing the sign-in keeps of what was sent."""

    redirect_uri: str
    scope: tuple[str, ...]
    state: str
    nonce: str
    acr: acr.Acr
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    code_challenge: str = ""
    idp_hint: str = ""
    claims: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        """Return the JSON form kept on the sign-in."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, kept: Mapping[str, object]) -> "AuthenticationRequest":
        """Return the request from its JSON form (our own rows, already checked)."""
        values = {**kept, "acr": acr.Acr(str(kept["acr"]))}
        for name in ("scope", "prompt", "claims"):
            values[name] = tuple(values[name])  # type: ignore[arg-type]
        return cls(**values)  # type: ignore[arg-type]


def client_id_of(parameters: Parameters) -> str:
    """Return the client_id. Raises ProtocolError: REQUEST_UNREADABLE."""
    return _single(parameters, "client_id")


def reply_address(parameters: Parameters, *, registered: frozenset[str]) -> str:
    """Return the redirect_uri, compared byte for byte with those registered (RFC 9700 §4.1.3).

    Raises ProtocolError: REQUEST_UNREADABLE, REDIRECT_URI_UNREGISTERED; both are pages.
    """
    redirect_uri = _single(parameters, "redirect_uri")
    if redirect_uri not in registered:
        raise ProtocolError(errors.REDIRECT_URI_UNREGISTERED)
    return redirect_uri


def state_of(parameters: Parameters) -> str:
    """Return the state to echo with an error: the one received, or nothing if it is not usable."""
    values = parameters.get("state", ())
    return values[0] if len(values) == 1 and _may_be_echoed(values[0]) else ""


def parse(parameters: Parameters, *, policy: Policy) -> AuthenticationRequest:
    """Return the request of a service, once it has passed every rule of this module.

    Raises ProtocolError: those of `reply_address` first, which are pages, then with a spec that may
    travel to the service.
    """
    redirect_uri = reply_address(parameters, registered=policy.redirect_uris)
    for name, given in parameters.items():
        if len(given) > 1 and name in _KNOWN:
            raise ProtocolError(errors.PARAMETER_REPEATED, debug=name)
    values = {name: given[0] for name, given in parameters.items() if given}
    values = {name: value for name, value in values.items() if value or name == "prompt"}
    for rule in _RULES:
        rule(values, policy)
    return AuthenticationRequest(
        redirect_uri=redirect_uri,
        scope=_scope(values, policy),
        state=values.get("state", ""),
        nonce=values.get("nonce", ""),
        acr=acr.requested(values.get("acr_values", ""), default=policy.default_acr),
        prompt=_words(values.get("prompt", "")),
        max_age=int(values["max_age"]) if "max_age" in values else None,
        code_challenge=values.get("code_challenge", ""),
        idp_hint=values.get("idp_hint", ""),
        claims=_claims(values, policy),
    )


_KNOWN: Final = frozenset(
    {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values",
        "prompt", "max_age", "claims", "idp_hint", "code_challenge", "code_challenge_method",
        "response_mode", "request", "request_uri", "registration",
    }
)  # fmt: skip


def _check_lengths(values: Mapping[str, str], policy: Policy) -> None:
    for name, value in values.items():
        longest = MAX_CLAIMS_LENGTH if name == "claims" else MAX_LENGTH
        if name in _KNOWN and len(value) > longest:
            raise ProtocolError(errors.PARAMETER_TOO_LONG, debug=name)


def _check_response(values: Mapping[str, str], policy: Policy) -> None:
    if "response_type" not in values:
        raise ProtocolError(errors.PARAMETER_MISSING, debug="response_type")
    _require(values["response_type"] == "code", errors.RESPONSE_TYPE_UNSUPPORTED)
    _require(values.get("response_mode", "query") == "query", errors.RESPONSE_MODE_UNSUPPORTED)


def _reject_unsupported(values: Mapping[str, str], policy: Policy) -> None:
    _require("request" not in values, errors.REQUEST_NOT_SUPPORTED)
    _require("request_uri" not in values, errors.REQUEST_URI_NOT_SUPPORTED)
    _require("registration" not in values, errors.REGISTRATION_NOT_SUPPORTED)


def _check_state(values: Mapping[str, str], policy: Policy) -> None:
    _require("state" not in values or _may_be_echoed(values["state"]), errors.STATE_INVALID)


def _check_nonce(values: Mapping[str, str], policy: Policy) -> None:
    nonce = values.get("nonce", "")
    _require(not nonce or _may_be_echoed(nonce), errors.NONCE_INVALID)
    _require(not policy.nonce_required or len(nonce) >= NONCE_MIN_LENGTH, errors.NONCE_INVALID)


def _check_acr(values: Mapping[str, str], policy: Policy) -> None:
    asked = values.get("acr_values", "")
    _require(bool(asked.strip()) or not policy.acr_required, errors.ACR_VALUES_MISSING)
    if acr.requested(asked, default=policy.default_acr) not in policy.served_acr:
        expected = ",".join(sorted(policy.served_acr))
        raise ProtocolError(errors.ACR_NOT_SERVED, debug=f"expected {expected}")


def _check_prompt(values: Mapping[str, str], policy: Policy) -> None:
    if "prompt" not in values:
        return
    prompts = _words(values["prompt"])
    _require(len(values["prompt"]) <= MAX_PROMPT_LENGTH, errors.PROMPT_INVALID)
    _require(bool(prompts) and set(prompts) <= PROMPTS, errors.PROMPT_INVALID)
    _require("none" not in prompts or prompts == ("none",), errors.PROMPT_INVALID)
    _require(set(prompts) <= policy.allowed_prompts, errors.PROMPT_INVALID)


def _check_max_age(values: Mapping[str, str], policy: Policy) -> None:
    if "max_age" in values:
        age = values["max_age"]
        _require(age.isascii() and age.isdigit() and len(age) <= 10, errors.MAX_AGE_INVALID)
        _require(int(age) < MAX_AGE_LIMIT, errors.MAX_AGE_INVALID)


def _check_pkce(values: Mapping[str, str], policy: Policy) -> None:
    if "code_challenge" not in values:
        _require("code_challenge_method" not in values, errors.CODE_CHALLENGE_INVALID)
        _require(not policy.pkce_required, errors.CODE_CHALLENGE_REQUIRED)
        return
    # RFC 7636 §4.3: an absent method means `plain`, which is refused.
    _require(values.get("code_challenge_method") == pkce.METHOD, errors.CODE_CHALLENGE_INVALID)
    _require(pkce.is_challenge(values["code_challenge"]), errors.CODE_CHALLENGE_INVALID)


def _check_idp_hint(values: Mapping[str, str], policy: Policy) -> None:
    hint = values.get("idp_hint", "")
    _require(not hint or hint in policy.allowed_idp_hints, errors.IDP_HINT_NOT_ALLOWED)


_RULES: Final[tuple[Callable[[Mapping[str, str], Policy], None], ...]] = (
    _check_lengths,
    _check_response,
    _reject_unsupported,
    _check_state,
    _check_nonce,
    _check_acr,
    _check_prompt,
    _check_max_age,
    _check_pkce,
    _check_idp_hint,
)


def _scope(values: Mapping[str, str], policy: Policy) -> tuple[str, ...]:
    """Return the scopes asked that exist, in order; unknown ones are ignored (RFC 6749 §3.3)."""
    known = scopes.parse_scope(values.get("scope", ""))
    _require("openid" in known, errors.OPENID_SCOPE_MISSING)
    _require(set(known) <= policy.scopes | FREE_SCOPES, errors.SCOPE_NOT_ALLOWED)
    return known


def _claims(values: Mapping[str, str], policy: Policy) -> tuple[str, ...]:
    """Return the claims asked one by one for the ID token (OIDC Core §5.5): in practice `amr`."""
    if "claims" not in values:
        return ()
    for_id_token, for_userinfo = _claims_sections(values["claims"])
    asked = (for_id_token.keys() | for_userinfo.keys()) & claims.CLAIMS.keys()
    _require(asked <= policy.claims | ALWAYS_ALLOWED_CLAIMS, errors.CLAIM_NOT_ALLOWED)
    _require(not _wanted(for_id_token, "sub"), errors.CLAIM_NOT_ALLOWED)
    _check_essential_acr(for_id_token, values, policy)
    return tuple(sorted(for_id_token.keys() & asked))


def _claims_sections(text: str) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return what is asked for the ID token and for userinfo; other members are ignored."""
    try:
        document = jose.parse_json(text)
    except jose.JoseError as failure:
        raise ProtocolError(errors.CLAIMS_MALFORMED) from failure
    for_id_token, for_userinfo = document.get("id_token", {}), document.get("userinfo", {})
    _require(bool({"id_token", "userinfo"} & document.keys()), errors.CLAIMS_MALFORMED)
    if not isinstance(for_id_token, dict) or not isinstance(for_userinfo, dict):
        raise ProtocolError(errors.CLAIMS_MALFORMED)
    return for_id_token, for_userinfo


def _wanted(section: Mapping[str, object], name: str) -> list[object]:
    """Return the values that the service wants a claim to have, none when any will do (§5.5.1)."""
    asked = section.get(name)
    if not isinstance(asked, dict):
        return []
    values = asked.get("values", [])
    _require(isinstance(values, list), errors.CLAIMS_MALFORMED)
    return [*values, *([asked["value"]] if "value" in asked else [])]


def _check_essential_acr(
    section: Mapping[str, object], values: Mapping[str, str], policy: Policy
) -> None:
    """Refuse an essential `acr` that we may not reach: our answer has to match (§5.5.1.1)."""
    wanted, asked = _wanted(section, "acr"), section.get("acr")
    if not wanted or not isinstance(asked, dict) or asked.get("essential") is not True:
        return
    need = acr.requested(values.get("acr_values", ""), default=policy.default_acr)
    possible = {level for level in policy.served_acr if level.is_at_least(need)}
    _require(all(level.value in wanted for level in possible), errors.ACR_NOT_SERVED)


def _single(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, ())
    if len(values) != 1 or not values[0] or len(values[0]) > MAX_LENGTH or "\x00" in values[0]:
        raise ProtocolError(errors.REQUEST_UNREADABLE, debug=name)
    return values[0]


def _require(condition: bool, spec: ErrorSpec) -> None:
    if not condition:
        raise ProtocolError(spec)


def _may_be_echoed(value: str) -> bool:
    # U+FFFD stands for bytes that were not UTF-8: they could not be given back as they came.
    return len(value) <= MAX_LENGTH and value.isprintable() and "\ufffd" not in value


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(" ") if word)
