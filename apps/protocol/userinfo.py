"""The userinfo response (OIDC Core §5.3): read from an identity provider, built for a service."""

from collections.abc import Callable, Mapping

from apps.protocol import errors, id_token, jose
from apps.protocol.errors import ProtocolError

JSON_TYPE = "application/json"
JWT_TYPE = "application/jwt"


def parse(
    body: bytes,
    *,
    content_type: str,
    alg: jose.Alg | None,
    keys: jose.KeySet,
    issuer: str,
    audience: str,
    sub: str,
    unwrap: Callable[[str], str] = str,
) -> dict[str, object]:
    """Return the claims of the person that the ID token named.

    alg     None when plain JSON is registered; otherwise the answer must be a JWT so signed
    unwrap  takes the signed JWT out of an encrypted one; raises jose.JoseError when it is not one
    sub     the `sub` of the ID token; another one discards everything (§5.3.2)
    Raises ProtocolError: IDP_USERINFO_FAILED, IDP_USERINFO_SUBJECT; jose.UnknownKey.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    expected = JSON_TYPE if alg is None else JWT_TYPE
    if media_type != expected:
        raise ProtocolError(errors.IDP_USERINFO_FAILED, debug=f"content type is not {expected}")
    try:
        claims = (
            jose.parse_json(body)
            if alg is None
            else jose.verify(unwrap(body.decode("ascii")), keys=keys, alg=alg)
        )
    except jose.UnknownKey:
        raise
    except (jose.JoseError, UnicodeDecodeError) as failure:
        raise ProtocolError(errors.IDP_USERINFO_FAILED, debug=str(failure)) from failure
    if alg is not None:
        _check_signed_members(claims, issuer=issuer, audience=audience)
    if id_token.subject_of(claims, errors.IDP_USERINFO_SUBJECT) != sub:
        raise ProtocolError(errors.IDP_USERINFO_SUBJECT)
    return claims


def build(
    claims: Mapping[str, object],
    *,
    sub: str,
    issuer: str,
    audience: str,
    now: int,
    expires: int,
    signed: bool,
) -> dict[str, object]:
    """Return the members of our answer; a signed one says for whom and until when (§5.3.2)."""
    answer: dict[str, object] = {**claims, "sub": sub}
    if signed:
        answer |= {"iss": issuer, "aud": audience, "iat": now, "exp": expires}
    return answer


def _check_signed_members(claims: Mapping[str, object], *, issuer: str, audience: str) -> None:
    # §5.3.2 makes iss and aud a SHOULD: absent is tolerated, wrong is not.
    audiences = claims.get("aud", audience)
    if audience not in (audiences if isinstance(audiences, list) else [audiences]):
        raise ProtocolError(errors.IDP_USERINFO_FAILED, debug="aud")
    if claims.get("iss", issuer) != issuer:
        raise ProtocolError(errors.IDP_USERINFO_FAILED, debug="iss")
