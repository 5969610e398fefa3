"""The token response of an identity provider (RFC 6749 §5.1, OIDC Core §3.1.3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.protocol import errors
from apps.protocol.errors import ProtocolError

MAX_TOKEN_LENGTH = 64 * 1024


@dataclass(frozen=True)
class TokenResponse:
    """The two tokens we use; a refresh token is never kept."""

    access_token: str
    id_token: str


def parse(document: Mapping[str, object]) -> TokenResponse:
    """Return the tokens of a provider's answer; a missing `token_type` is read as Bearer.

    Raises ProtocolError: IDP_TOKEN_CONTENT.
    """
    if str(document.get("token_type", "Bearer")).lower() != "bearer":
        raise ProtocolError(errors.IDP_TOKEN_CONTENT, debug="token_type")
    return TokenResponse(
        access_token=_token(document, "access_token"), id_token=_token(document, "id_token")
    )


def _token(document: Mapping[str, object], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TOKEN_LENGTH:
        raise ProtocolError(errors.IDP_TOKEN_CONTENT, debug=name)
    # RFC 6749 Appendix A.12: visible ASCII, so that no token breaks out of a header.
    if not value.isascii() or not value.isprintable():
        raise ProtocolError(errors.IDP_TOKEN_CONTENT, debug=name)
    return value
