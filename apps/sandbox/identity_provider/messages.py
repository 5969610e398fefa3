"""Every message that an identity provider sends, built from facts by a pure function each.

A message is made here and nowhere else, before it is signed or written on the wire: `faults` alters
what one of these functions returned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from apps.protocol import discovery, scopes
from apps.protocol.jwe import ContentEncryption
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite

CODE_LIFETIME = 30  # seconds
ACCESS_TOKEN_LIFETIME = 60  # seconds
ID_TOKEN_LIFETIME = 60  # seconds
USERINFO_ENC = ContentEncryption.A256GCM
SCOPES = ["openid", "profile", "email", "birth"]
# OpenID Connect Core Error Code unmet_authentication_requirements 1.0, §2.
NOT_VERIFIED = ("unmet_authentication_requirements", "the account is not verified")
NO_SECOND_FACTOR = ("unmet_authentication_requirements", "no second factor was given")
CLAIMS = [
    "sub", "given_name", "family_name", "gender", "birthdate", "preferred_username",
    "birthplace", "birthcountry", "email", "acr", "amr", "auth_time",
]  # fmt: skip


@dataclass(frozen=True)
class Authentication:
    """What happened: this person gave their password at that time, for this client."""

    sub: str
    client_id: str
    auth_time: int
    nonce: str
    had_second_factor: bool = False


def configuration(site: IdentityProviderSite) -> dict[str, object]:
    """Return the configuration document of the site (Discovery §3)."""
    return discovery.build(
        issuer=site.issuer,
        paths=endpoints(site),
        scopes=SCOPES,
        claims=CLAIMS,
        acr_values=site.acr_values,
        auth_methods=_auth_methods(site),
        signing_algs=[site.id_token_alg.value],
        extra=_algorithms(site),
    )


def endpoints(site: IdentityProviderSite) -> dict[str, str]:
    """Return the addresses of the site, under their names in a configuration document."""
    return {
        "authorization_endpoint": f"{site.issuer}/authorize",
        "token_endpoint": f"{site.issuer}/token",
        "userinfo_endpoint": f"{site.issuer}/userinfo",
        "end_session_endpoint": f"{site.issuer}/end_session",
        "jwks_uri": f"{site.issuer}/jwks",
    }


def code_answer(site: IdentityProviderSite, state: str, code: str) -> dict[str, str]:
    """Return the parameters that bring a code back (RFC 6749 §4.1.2, with the iss of RFC 9207)."""
    return {"code": code, "state": state, "iss": site.issuer}


def redirect(address: str, members: Mapping[str, str]) -> str:
    """Return the address that carries these parameters to the broker; an empty one is left out."""
    query = urlencode({name: value for name, value in members.items() if value})
    separator = "&" if "?" in address else "?"
    return f"{address}{separator}{query}" if query else address


def error_redirect(
    site: IdentityProviderSite, redirect_uri: str, state: str, error: str, description: str
) -> str:
    """Return the address that brings an error back (OIDC Core §3.1.2.6)."""
    members = {"error": error, "error_description": description}
    return redirect(redirect_uri, {**members, "state": state, "iss": site.issuer})


def logout_redirect(post_logout_redirect_uri: str, state: str) -> str:
    """Return where a logout ends (RP-Initiated Logout §3)."""
    return redirect(post_logout_redirect_uri, {"state": state})


def id_token_claims(
    site: IdentityProviderSite, authentication: Authentication, *, now: int
) -> dict[str, object]:
    """Return the claims of the ID token (OIDC Core §2)."""
    claims: dict[str, object] = {
        "iss": site.issuer,
        "sub": authentication.sub,
        "aud": authentication.client_id,
        "iat": now,
        "exp": now + ID_TOKEN_LIFETIME,
        "auth_time": authentication.auth_time,
        "acr": site.acr_of(had_second_factor=authentication.had_second_factor),
        "amr": site.amr_of(had_second_factor=authentication.had_second_factor),
    }
    if authentication.nonce:
        claims["nonce"] = authentication.nonce
    return claims


def token_response(*, access_token: str, id_token: str, scope: str) -> dict[str, object]:
    """Return the answer of the token endpoint (OIDC Core §3.1.3.3)."""
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_LIFETIME,
        "id_token": id_token,
        "scope": scope,
    }


def userinfo_claims(identity: Mapping[str, object], *, sub: str, scope: str) -> dict[str, object]:
    """Return what these scopes open on an identity (OIDC Core §5.3.2)."""
    opened = scopes.granted_claims(scope.split(" "))
    return {"sub": sub, **{name: value for name, value in identity.items() if name in opened}}


def signed_userinfo_claims(
    site: IdentityProviderSite, claims: Mapping[str, object], *, client_id: str, now: int
) -> dict[str, object]:
    """Return the same as the payload of a JWT, for the one who asked (OIDC Core §5.3.2)."""
    lifetime = {"iat": now, "exp": now + ID_TOKEN_LIFETIME}
    return {"iss": site.issuer, "aud": client_id, **lifetime, **claims}


def _auth_methods(site: IdentityProviderSite) -> list[str]:
    if site.shares_a_secret:
        return ["client_secret_basic", "client_secret_post"]
    return [site.token_endpoint_auth_method]


def _algorithms(site: IdentityProviderSite) -> dict[str, object]:
    """Return what else a site says of its algorithms (Discovery §3)."""
    given: dict[str, list[str]] = {}
    if not site.shares_a_secret:
        given["token_endpoint_auth_signing_alg_values_supported"] = [site.assertion_alg.value]
    if site.userinfo_alg:
        given["userinfo_signing_alg_values_supported"] = [site.userinfo_alg.value]
    if site.userinfo_encryption:
        given["userinfo_encryption_alg_values_supported"] = [site.userinfo_encryption.value]
        given["userinfo_encryption_enc_values_supported"] = [USERINFO_ENC.value]
    return {**given}
