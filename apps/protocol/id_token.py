"""The ID token (OIDC Core §2): verified when it comes to us, built when it leaves us."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.protocol import errors, jose
from apps.protocol.errors import ErrorSpec, ProtocolError

LEEWAY = 10  # seconds, applied to exp, iat and nbf
MAX_AGE = 600  # seconds: an older token was not made for this sign-in
MAX_SUB_LENGTH = 255  # ASCII characters, OIDC Core §2
FAR_FUTURE = 2**53  # larger numbers are not exact in JSON


@dataclass(frozen=True)
class VerifiedIdToken:
    """Claims of an ID token that may be believed; made by `verify` only."""

    sub: str
    acr: str
    amr: tuple[str, ...]
    auth_time: int
    at_hash: str | None


def verify(
    token: str,
    *,
    issuer: str,
    audience: str,
    nonce: str,
    keys: jose.KeySet,
    alg: jose.Alg,
    now: int,
    leeway: int = LEEWAY,
) -> VerifiedIdToken:
    """Return the claims of an ID token that we may believe (OIDC Core §3.1.3.7).

    alg     the algorithm registered for this provider; the header cannot choose another
    now     epoch seconds; leeway in seconds, applied to exp, iat and nbf
    Raises ProtocolError: ID_TOKEN_SIGNATURE, ID_TOKEN_ISSUER, ID_TOKEN_AUDIENCE, ID_TOKEN_EXPIRED,
    ID_TOKEN_NONCE, ID_TOKEN_SUBJECT, ID_TOKEN_ACCESS_TOKEN; jose.UnknownKey when the keys must be read again.
    """
    try:
        claims = jose.verify(token, keys=keys, alg=alg)
    except jose.UnknownKey:
        raise
    except jose.JoseError as failure:
        raise ProtocolError(errors.ID_TOKEN_SIGNATURE, debug=str(failure)) from failure
    _require(claims.get("iss") == issuer, errors.ID_TOKEN_ISSUER)
    _check_audience(claims, audience)
    _check_times(claims, now, leeway)
    # A missing nonce is refused too: we always send one (OIDC Core §3.1.3.7 (11), ASVS 10.5.1).
    _require(claims.get("nonce") == nonce, errors.ID_TOKEN_NONCE)
    return VerifiedIdToken(
        sub=subject_of(claims, errors.ID_TOKEN_SUBJECT),
        acr=_text(claims, "acr"),
        amr=_methods(claims.get("amr")),
        auth_time=_auth_time(claims, now),
        at_hash=_at_hash(claims),
    )


def check_access_token(verified: VerifiedIdToken, access_token: str) -> None:
    """Refuse an access token that the ID token was not made with (OIDC Core §3.1.3.6).

    Without `at_hash`, which the code flow makes optional, any is accepted: both came in one answer.
    Raises ProtocolError: ID_TOKEN_ACCESS_TOKEN.
    """
    if verified.at_hash is not None:
        _require(
            hmac.compare_digest(verified.at_hash.encode(), at_hash(access_token).encode()),
            errors.ID_TOKEN_ACCESS_TOKEN,
        )


def at_hash(access_token: str) -> str:
    """Return the left half of the SHA-256 of an access token; each `jose.Alg` is one of SHA-256."""
    half = hashlib.sha256(access_token.encode("ascii")).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def build(
    *,
    issuer: str,
    sub: str,
    audience: str,
    nonce: str,
    acr: str,
    amr: Sequence[str],
    auth_time: int,
    now: int,
    lifetime: int,
) -> dict[str, object]:
    """Return the claims of our ID token: what FranceConnect puts in it, and no identity.

    `amr` and `nonce` are left out when they were not asked for; never null.
    """
    claims: dict[str, object] = {
        "iss": issuer,
        "sub": sub,
        "aud": audience,
        "exp": now + lifetime,
        "iat": now,
        "auth_time": auth_time,
        "acr": acr,
    }
    if nonce:
        claims["nonce"] = nonce
    if amr:
        claims["amr"] = list(amr)
    return claims


def subject_of(claims: Mapping[str, object], spec: ErrorSpec) -> str:
    """Return the `sub`: 1 to 255 printable ASCII characters (OIDC Core §2). Raises ProtocolError."""
    sub = claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= MAX_SUB_LENGTH:
        raise ProtocolError(spec, debug="sub")
    _require(sub.isascii() and sub.isprintable(), spec)
    return sub


def _check_audience(claims: Mapping[str, object], audience: str) -> None:
    given = claims.get("aud")
    audiences = given if isinstance(given, list) else [given]
    _require(audience in audiences, errors.ID_TOKEN_AUDIENCE)
    azp = claims.get("azp")
    _require(azp is None or azp == audience, errors.ID_TOKEN_AUDIENCE)
    _require(len(audiences) == 1 or azp == audience, errors.ID_TOKEN_AUDIENCE)


def _check_times(claims: Mapping[str, object], now: int, leeway: int) -> None:
    expires, issued = _instant(claims, "exp"), _instant(claims, "iat")
    _require(now < expires + leeway, errors.ID_TOKEN_EXPIRED)
    _require(now - MAX_AGE - leeway <= issued <= now + leeway, errors.ID_TOKEN_EXPIRED)
    if "nbf" in claims:
        _require(_instant(claims, "nbf") <= now + leeway, errors.ID_TOKEN_EXPIRED)


def _instant(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < FAR_FUTURE:
        raise ProtocolError(errors.ID_TOKEN_EXPIRED, debug=name)
    return value


def _auth_time(claims: Mapping[str, object], now: int) -> int:
    """Return when the citizen was authenticated; the provider may leave it out: then, just now.

    It is never later than now, nor a fraction: services compare it with whole seconds.
    """
    value = claims.get("auth_time")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < FAR_FUTURE:
        return now
    return min(int(value), now)


def _methods(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(method for method in value if isinstance(method, str))


def _at_hash(claims: Mapping[str, object]) -> str | None:
    value = claims.get("at_hash")
    if "at_hash" in claims and not (isinstance(value, str) and value.isascii()):
        raise ProtocolError(errors.ID_TOKEN_ACCESS_TOKEN, debug="at_hash")
    return value if isinstance(value, str) else None


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _require(condition: bool, spec: ErrorSpec) -> None:
    if not condition:
        raise ProtocolError(spec)
