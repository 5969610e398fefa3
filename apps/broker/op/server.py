"""The grants that exist: the authorization code, and nothing else.

Implicit, password, device, hybrid and refresh are not refused: they are not there.
"""

from collections.abc import Callable
from typing import Any

from oauthlib.oauth2 import AuthorizationCodeGrant as OAuthCodeGrant
from oauthlib.oauth2 import (
    AuthorizationEndpoint,
    BearerToken,
    TokenEndpoint,
    UnsupportedGrantTypeError,
)
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from apps.protocol import jose, pkce


class CodeServer(AuthorizationEndpoint, TokenEndpoint, UserInfoEndpoint):
    """An authorization server of the code flow with OpenID Connect."""

    def __init__(
        self,
        request_validator: Any,
        token_expires_in: int,
        token_generator: Callable[..., str],
        **_: Any,
    ) -> None:
        bearer = BearerToken(request_validator, token_generator, token_expires_in)
        grant = AuthorizationCodeGrant(request_validator)
        _only_s256(grant.proxy_target)
        grant.proxy_target.refresh_token = False
        self.bearer = bearer
        AuthorizationEndpoint.__init__(
            self,
            default_response_type="code",
            default_token_type=bearer,
            response_types={"code": grant},
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="",
            default_token_type=bearer,
            grant_types={"authorization_code": grant, "": _NoGrant()},
        )
        UserInfoEndpoint.__init__(self, request_validator)


def generate_token(request: Any) -> str:
    """Return an access token: 256 random bits, 43 characters."""
    return jose.random_token()


def _only_s256(grant: OAuthCodeGrant) -> None:
    # oauthlib also knows `plain`, and reads it when the method is absent (RFC 7636 §4.3).
    grant._code_challenge_methods = {pkce.METHOD: code_challenge_method_s256}


class _NoGrant:
    """The answer to every other grant_type."""

    def create_token_response(self, request: Any, token_handler: Any) -> Any:
        raise UnsupportedGrantTypeError(request=request)
