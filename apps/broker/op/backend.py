"""One server for the process, and errors in the catalogue's words.

oauthlib decides that a request fails and why; what travels is the catalogue's description and code,
never a library's sentence.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.settings import oauth2_settings

from apps.broker import attention, lookups
from apps.broker.models import SignIn
from apps.broker.op.server import CodeServer, generate_token
from apps.broker.op.validator import TOKEN_LIFETIME, Validator, credentials_of
from apps.protocol import errors
from apps.protocol.errors import ErrorSpec, ProtocolError
from apps.service_providers.models import ServiceProvider
from apps.statements import writing

_SPECS: Final[Mapping[str, ErrorSpec]] = {
    "invalid_client": errors.CLIENT_AUTH_FAILED,
    "invalid_grant": errors.CODE_INVALID,
    "unsupported_grant_type": errors.GRANT_TYPE_UNSUPPORTED,
    "invalid_request": errors.TOKEN_REQUEST_INVALID,
    "invalid_token": errors.ACCESS_TOKEN_INVALID,
}


@dataclass(frozen=True)
class Reply:
    """What a machine receives."""

    status: int
    content_type: str
    body: str
    headers: Mapping[str, str]


class Backend(OAuthLibCore):
    """django-oauth-toolkit's bridge between Django requests and oauthlib."""

    def extract_headers(self, request: HttpRequest) -> dict[str, str]:
        """Return the only headers the endpoints read."""
        headers = {"Content-Type": request.META.get("CONTENT_TYPE", "")}
        if "HTTP_AUTHORIZATION" in request.META:
            headers["Authorization"] = request.META["HTTP_AUTHORIZATION"]
        return headers

    def _get_escaped_full_path(self, request: HttpRequest) -> str:
        """Return the path alone: no endpoint reads its query, and oauthlib refuses odd ones."""
        return str(request.path)


@cache
def _backend() -> Backend:
    server = CodeServer(
        Validator(), token_expires_in=TOKEN_LIFETIME, token_generator=generate_token
    )
    return Backend(server)


def issue_code(
    request: HttpRequest, sign_in: SignIn, claims: dict[str, object]
) -> tuple[str, writing.Insertion]:
    """Return the address that carries a new code to the service, and the insertion of the code.

    claims   what the service will read at /userinfo: sealed under the code, kept nowhere else
    The address has `state` and `iss`. The code exists once the insertion is written, which the
    statement that moves the sign-in does.
    """
    asked = sign_in.asked
    request.user = sign_in  # type: ignore[assignment]
    insertions: list[writing.Insertion] = []
    credentials = {
        "client_id": sign_in.service_provider.client_id,
        "client": sign_in.service_provider,
        "redirect_uri": asked.redirect_uri,
        "response_type": "code",
        "state": asked.state or None,
        "identity_claims": claims,
        "insertions": insertions,
    }
    uri, _, _, _ = _backend().create_authorization_response(
        request, list(asked.scope), credentials, allow=True
    )
    return str(uri), insertions[0]


def token_reply(request: HttpRequest) -> Reply:
    """Return the answer of /token (RFC 6749 §5.1). Raises ProtocolError, delivered as JSON."""
    _, headers, body, status = _backend().create_token_response(request)
    if status != 200:
        attention.of(request).service = _claimed_service(request)
    return _reply(status, headers, body)


def userinfo_reply(request: HttpRequest) -> Reply:
    """Return the answer of /userinfo (OIDC Core §5.3.2): its type follows the registration.

    Raises ProtocolError, delivered as JSON.
    """
    _, headers, body, status = _backend().create_userinfo_response(request)
    return _reply(status, headers, body)


def _claimed_service(request: HttpRequest) -> ServiceProvider | None:
    """Return the service that this request says to come from, for the line of its refusal."""
    authorization, form = request.META.get("HTTP_AUTHORIZATION", ""), request.POST
    shown = credentials_of(authorization, form.get("client_id"), form.get("client_secret"))
    return lookups.SERVICE.first(shown[0]) if shown else None


def error_reply(spec: ErrorSpec) -> Reply:
    """Return an error of the catalogue as JSON (RFC 6749 §5.2, RFC 6750 §3)."""
    body = {"error": spec.error, "error_description": f"{spec.description} ({spec.code})"}
    return Reply(spec.status, "application/json", json.dumps(body), _challenge(spec))


def _reply(status: int, headers: Mapping[str, str], body: Any) -> Reply:
    if status == 200:
        return Reply(200, headers.get("Content-Type", "application/json"), body, {})
    error = json.loads(body).get("error", "")
    raise ProtocolError(_SPECS.get(error, errors.INTERNAL), debug=error)


def _challenge(spec: ErrorSpec) -> dict[str, str]:
    if spec is errors.ACCESS_TOKEN_MISSING:
        return {"WWW-Authenticate": f'Bearer realm="{_realm()}"'}
    if spec.error == "invalid_token":
        return {"WWW-Authenticate": f'Bearer realm="{_realm()}", error="invalid_token"'}
    if spec.error == "invalid_client":
        return {"WWW-Authenticate": f'Basic realm="{_realm()}"'}
    return {}


def _realm() -> str:
    return str(oauth2_settings.OIDC_ISS_ENDPOINT)
