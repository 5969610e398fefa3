"""RP-Initiated Logout 1.0: what a service may ask, and what we ask of an identity provider."""

from dataclasses import dataclass

from apps.protocol import authorization_response, jose


class HintRefused(Exception):
    """A hint that proves nothing; the logout goes on without it."""


@dataclass(frozen=True)
class LogoutHint:
    """The ID token of ours that a service shows again; made by `verify_hint` only."""

    client_id: str
    sub: str


def verify_hint(id_token_hint: str, *, issuer: str, keys: jose.KeySet, alg: jose.Alg) -> LogoutHint:
    """Return whose token it was. Its expiry is ignored on purpose (§2): people log out later
    than the 60 s an ID token lives.

    Raises HintRefused for a token that we did not sign as an ID token.
    """
    try:
        claims = jose.verify(id_token_hint, keys=keys, alg=alg)
    except jose.JoseError as failure:
        raise HintRefused(str(failure)) from failure
    audience, sub = claims.get("aud"), claims.get("sub")
    # Only an ID token has auth_time: a userinfo JWT, signed with the same key, is refused.
    is_id_token = claims.get("iss") == issuer and "auth_time" in claims
    if not is_id_token or not isinstance(audience, str) or not isinstance(sub, str):
        raise HintRefused("not one of our ID tokens")
    return LogoutHint(client_id=audience, sub=sub)


def unverified_audience(id_token_hint: str) -> str:
    """Return the client_id a hint claims to be for, to find the algorithm that must verify it.

    Raises HintRefused.
    """
    try:
        audience = jose.unverified_claims(id_token_hint).get("aud")
    except jose.JoseError as failure:
        raise HintRefused(str(failure)) from failure
    if not isinstance(audience, str) or "\x00" in audience:
        raise HintRefused("aud")
    return audience


def build_return(uri: str, *, state: str) -> str:
    """Return the service's address with its state, byte for byte, when it gave one."""
    return authorization_response.add_query(uri, {"state": state}) if state else uri


def build_request(
    end_session_endpoint: str,
    *,
    client_id: str,
    post_logout_redirect_uri: str,
    state: str,
    id_token_hint: str = "",
) -> str:
    """Return the address that logs somebody out of an identity provider (§2).

    id_token_hint   "" when it was not kept: the provider then asks the person
    """
    parameters = {
        **({"id_token_hint": id_token_hint} if id_token_hint else {}),
        "client_id": client_id,
        "post_logout_redirect_uri": post_logout_redirect_uri,
        "state": state,
    }
    return authorization_response.add_query(end_session_endpoint, parameters)
