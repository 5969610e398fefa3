"""How a client proves itself by a signature: `private_key_jwt` (OIDC Core §9, RFC 7523 §2.2)."""

from collections.abc import Collection
from typing import Final

from apps.protocol import jose

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
METHOD: Final = "private_key_jwt"
LIFETIME: Final = 60  # seconds
LEEWAY: Final = 10  # seconds, applied to exp and iat
MAX_JTI_LENGTH: Final = 255  # characters
ALGORITHMS: Final = (jose.Alg.ES256, jose.Alg.RS256)  # HS256 would be client_secret_jwt


class RefusedAssertion(Exception):
    """An assertion that proves nothing; the message names the rule."""


def build(*, client_id: str, audience: str, jti: str, now: int) -> dict[str, object]:
    """Return the claims of an assertion (RFC 7523 §3).

    audience   the issuer identifier of the provider, alone and as a text
    jti        unique: the provider may refuse to see it twice
    """
    return {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": jti,
        "iat": now,
        "exp": now + LIFETIME,
    }


def verify(
    assertion: str,
    *,
    client_id: str,
    audiences: Collection[str],
    keys: jose.KeySet,
    alg: jose.Alg,
    now: int,
) -> str:
    """Return the `jti` of an assertion of this client, to be accepted once.

    audiences   the names of the provider that receives it: its issuer, its token endpoint
    Raises RefusedAssertion; jose.UnknownKey when the client's keys must be read again.
    """
    try:
        claims = jose.verify(assertion, keys=keys, alg=alg)
    except jose.UnknownKey:
        raise
    except jose.JoseError as failure:
        raise RefusedAssertion(str(failure)) from failure
    _require(claims.get("iss") == client_id, "iss")
    _require(claims.get("sub") == client_id, "sub")
    _require(claims.get("aud") in audiences, "aud")
    expires, jti = claims.get("exp"), claims.get("jti")
    _require(type(expires) is int, "exp")
    _require(now - LEEWAY < int(str(expires)) <= now + LIFETIME + LEEWAY, "exp")
    _require(isinstance(jti, str) and 0 < len(jti) <= MAX_JTI_LENGTH, "jti")
    return str(jti)


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise RefusedAssertion(rule)
