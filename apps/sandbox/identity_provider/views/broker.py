"""What the broker's server calls: configuration, keys, token, userinfo."""

import base64
import binascii
from typing import NoReturn
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.protocol import jose
from apps.sandbox.identity_provider import catalogue, messages, registration, sign_in
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import Grant


class TokenRefused(Exception):
    """An error of the token endpoint (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


@require_GET
@cache_control(public=True, max_age=60)
def configuration(request: HttpRequest) -> HttpResponse:
    """Serve the configuration document (Discovery §4)."""
    return JsonResponse(messages.configuration(catalogue.current()))


@require_GET
@cache_control(public=True, max_age=60)
def jwks(request: HttpRequest) -> HttpResponse:
    """Serve the public keys (RFC 7517)."""
    return JsonResponse(jose.public_jwks(registration.keys(catalogue.current())))


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for an ID token and an access token (OIDC Core §3.1.3)."""
    site = catalogue.current()
    try:
        client_id = _authenticate_client(request, site)
        if request.POST.get("grant_type") != "authorization_code":
            raise TokenRefused("unsupported_grant_type", "only authorization_code is supported")
        return JsonResponse(_tokens(request, site, client_id))
    except TokenRefused as refusal:
        body = {"error": refusal.error, "error_description": refusal.description}
        response = JsonResponse(body, status=refusal.status)
        if refusal.status == 401:
            response["WWW-Authenticate"] = f'Basic realm="{site.slug}"'
        return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Serve the identity of the person whose access token this is (OIDC Core §5.3)."""
    site = catalogue.current()
    grant = sign_in.find_grant(site, _bearer(request))
    if grant is None:
        response = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    claims = messages.userinfo_claims(
        grant.account.claims, sub=grant.account.sub, scope=grant.request.scope
    )
    if site.userinfo_alg is None:
        return JsonResponse(claims)
    signed = messages.signed_userinfo_claims(
        site, claims, client_id=registration.CLIENT_ID, now=sign_in.epoch_now()
    )
    key = registration.keys(site).for_alg(site.userinfo_alg)
    return HttpResponse(jose.sign(signed, key), content_type="application/jwt")


def _tokens(request: HttpRequest, site: IdentityProviderSite, client_id: str) -> dict[str, object]:
    try:
        grant, access_token = sign_in.redeem(
            site,
            code=request.POST.get("code", ""),
            redirect_uri=request.POST.get("redirect_uri", ""),
            code_verifier=request.POST.get("code_verifier", ""),
        )
    except sign_in.InvalidGrant as refusal:
        raise TokenRefused("invalid_grant", str(refusal)) from refusal
    return messages.token_response(
        access_token=access_token,
        id_token=_id_token(site, grant, client_id),
        scope=grant.request.scope,
    )


def _id_token(site: IdentityProviderSite, grant: Grant, client_id: str) -> str:
    authentication = messages.Authentication(
        sub=grant.account.sub,
        client_id=client_id,
        auth_time=grant.auth_time,
        nonce=grant.request.nonce,
        had_second_factor=grant.had_second_factor,
    )
    claims = messages.id_token_claims(site, authentication, now=sign_in.epoch_now())
    return jose.sign(claims, registration.keys(site).for_alg(site.id_token_alg))


def _authenticate_client(request: HttpRequest, site: IdentityProviderSite) -> str:
    """Return the client_id of a client that proved itself, by one method (RFC 6749 §2.3)."""
    header = request.headers.get("Authorization", "")
    if header and "client_secret" in request.POST:
        raise TokenRefused("invalid_request", "two ways of authenticating in one request")
    if header:
        client_id, secret = _basic_credentials(header)
    else:
        client_id, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    if registration.find_client(client_id) is None or not registration.is_secret(site, secret):
        _refuse_client()
    return client_id


def _basic_credentials(header: str) -> tuple[str, str]:
    """Return identifier and secret, which are form-encoded before base64 (RFC 6749 §2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        _refuse_client()
    try:
        client_id, separator, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        _refuse_client()
    if not separator:
        _refuse_client()
    return unquote_plus(client_id), unquote_plus(secret)


def _refuse_client() -> NoReturn:
    raise TokenRefused("invalid_client", "unknown client or wrong secret", status=401)


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
