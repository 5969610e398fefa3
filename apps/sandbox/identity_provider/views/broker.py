"""What the broker's server calls: configuration, keys, token, userinfo."""

import json
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.protocol import jose, jwe
from apps.sandbox.identity_provider import (
    broker_keys,
    catalogue,
    client_authentication,
    messages,
    registration,
    sign_in,
)
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.faults.catalogue import played
from apps.sandbox.identity_provider.faults.fault import Fault, HttpAnswer, Members
from apps.sandbox.identity_provider.views.sending import send
from apps.sandbox.models import Grant
from apps.sandbox.personas import civil_day


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
def token(request: HttpRequest) -> HttpResponseBase:
    """Exchange a code for an ID token and an access token (OIDC Core §3.1.3)."""
    site = catalogue.current()
    try:
        client_id = _client(request, site)
        if request.POST.get("grant_type") != "authorization_code":
            raise TokenRefused("unsupported_grant_type", "only authorization_code is supported")
        return send(_tokens(request, site, client_id))
    except TokenRefused as refusal:
        body = {"error": refusal.error, "error_description": refusal.description}
        response = JsonResponse(body, status=refusal.status)
        if refusal.status == 401:
            response["WWW-Authenticate"] = f'Basic realm="{site.slug}"'
        return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponseBase:
    """Serve the identity of the person whose access token this is (OIDC Core §5.3)."""
    site = catalogue.current()
    grant = sign_in.find_grant(site, _bearer(request))
    if grant is None:
        response = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    fault = played(grant.request.fault)
    claims = messages.userinfo_claims(
        civil_day.spoken(grant.account.claims), sub=grant.account.sub, scope=grant.request.scope
    )
    answer = _userinfo(site, fault.alter_userinfo(claims), fault)
    return send(fault.alter_userinfo_answer(answer))


def _userinfo(site: IdentityProviderSite, claims: Members, fault: Fault) -> HttpAnswer:
    alg = fault.userinfo_alg(site)
    if alg is None:
        return _json(claims)
    signed = messages.signed_userinfo_claims(
        site, claims, client_id=registration.CLIENT_ID, now=sign_in.epoch_now()
    )
    token = fault.sign_userinfo(signed, registration.keys(site), alg)
    try:
        return HttpAnswer(_encrypted(site, token).encode(), "application/jwt")
    except broker_keys.Unreadable:
        return replace(_json({"error": "temporarily_unavailable"}), status=503)


def _encrypted(site: IdentityProviderSite, token: str) -> str:
    """Return the token for the active key of the broker, if the site encrypts. Raises Unreadable."""
    if site.userinfo_encryption is None:
        return token
    key = jwe.for_alg(broker_keys.current().encryption, site.userinfo_encryption)
    return jwe.encrypt(token, key, messages.USERINFO_ENC)


def _client(request: HttpRequest, site: IdentityProviderSite) -> str:
    """Return the client_id of a client that proved itself. Raises TokenRefused."""
    authorization = request.headers.get("Authorization", "")
    try:
        return client_authentication.authenticate(site, request.POST.dict(), authorization)
    except client_authentication.TwoMethods as refusal:
        raise TokenRefused(
            "invalid_request", "two ways of authenticating in one request"
        ) from refusal
    except client_authentication.UnknownClient as refusal:
        raise TokenRefused(
            "invalid_client", "unknown client or wrong proof", status=401
        ) from refusal


def _json(members: Members) -> HttpAnswer:
    return HttpAnswer(json.dumps(members).encode(), "application/json")


def _tokens(request: HttpRequest, site: IdentityProviderSite, client_id: str) -> HttpAnswer:
    try:
        grant, access_token = sign_in.redeem(
            site,
            code=request.POST.get("code", ""),
            redirect_uri=request.POST.get("redirect_uri", ""),
            code_verifier=request.POST.get("code_verifier", ""),
        )
    except sign_in.InvalidGrant as refusal:
        raise TokenRefused("invalid_grant", str(refusal)) from refusal
    fault = played(grant.request.fault)
    tokens = messages.token_response(
        access_token=access_token,
        id_token=_id_token(site, grant, client_id, fault),
        scope=grant.request.scope,
    )
    return fault.alter_token_answer(_json(fault.alter_token(tokens)))


def _id_token(site: IdentityProviderSite, grant: Grant, client_id: str, fault: Fault) -> str:
    authentication = messages.Authentication(
        sub=grant.account.sub,
        client_id=client_id,
        auth_time=grant.auth_time,
        nonce=grant.request.nonce,
        had_second_factor=grant.had_second_factor,
    )
    claims = messages.id_token_claims(site, authentication, now=sign_in.epoch_now())
    keys = registration.keys(site)
    return fault.sign_id_token(fault.alter_id_token(claims), keys, site.id_token_alg)


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
