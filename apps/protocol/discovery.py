"""OpenID Connect Discovery 1.0: what a provider says of itself, ours and theirs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/openid-configuration"

# An absolute http(s) URL of RFC 3986, without user, without fragment (RFC 6749 §3.1). Strict on
# purpose: we send citizens to these addresses, and write their origin in our CSP.
_URL = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:[/?][A-Za-z0-9._~%!$&'()*+,;=:@/?\[\]-]*)?"
)


class DiscoveryError(Exception):
    """A configuration document that must not be used; the message names the member."""


@dataclass(frozen=True)
class ProviderMetadata:
    """The members of a provider's configuration that a relying party needs (§3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    requires_iss: bool


def configuration_url(issuer: str) -> str:
    """Return the address of an issuer's configuration document (§4.1)."""
    return issuer.rstrip("/") + WELL_KNOWN


def parse(document: Mapping[str, object], *, issuer: str) -> ProviderMetadata:
    """Return the metadata of the issuer that was asked for (§4.3).

    Raises DiscoveryError when the document speaks for another issuer (mix-up, RFC 9700 §4.4), or
    when an endpoint is missing, is not an absolute http(s) URL, or leaves the https of its issuer.
    """
    if document.get("issuer") != issuer:
        raise DiscoveryError("issuer is not the one asked for")
    return ProviderMetadata(
        issuer=issuer,
        authorization_endpoint=endpoint(document, "authorization_endpoint"),
        token_endpoint=endpoint(document, "token_endpoint"),
        userinfo_endpoint=endpoint(document, "userinfo_endpoint"),
        jwks_uri=endpoint(document, "jwks_uri"),
        end_session_endpoint=(
            endpoint(document, "end_session_endpoint")
            if document.get("end_session_endpoint")
            else ""
        ),
        requires_iss=document.get("authorization_response_iss_parameter_supported") is True,
    )


def endpoint(document: Mapping[str, object], member: str) -> str:
    """Return an endpoint of a configuration: absolute, and https if its issuer is.

    Raises DiscoveryError, which names the member.
    """
    value = document.get(member)
    if not isinstance(value, str) or not _URL.fullmatch(value):
        raise DiscoveryError(f"{member} is not an absolute URL")
    if str(document["issuer"]).startswith("https:") and not value.startswith("https:"):
        raise DiscoveryError(f"{member} is not https")
    return value


def build(
    *,
    issuer: str,
    paths: Mapping[str, str],
    scopes: list[str],
    claims: list[str],
    acr_values: list[str],
    auth_methods: list[str],
    signing_algs: list[str],
    extra: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the configuration document of a code-only provider (Discovery §3, RFC 8414 §2).

    paths   member name → absolute URL, for instance {"token_endpoint": "https://…/token"}
    """
    return {
        "issuer": issuer,
        **paths,
        "scopes_supported": scopes,
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "acr_values_supported": acr_values,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "token_endpoint_auth_methods_supported": auth_methods,
        "id_token_signing_alg_values_supported": signing_algs,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        **(extra or {}),
    }


def origin(url: str) -> str:
    """Return scheme://host[:port] of a URL (RFC 6454 §6.1), as a CSP source is written."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
