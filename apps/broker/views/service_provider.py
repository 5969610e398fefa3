"""The services' door: authorize, token, userinfo, jwks, discovery, logout."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.broker import attention, flow, leaving, turning_back
from apps.broker.op import backend, document
from apps.broker.views import browser, failures, steps
from apps.protocol import authentication_request, errors, jose
from apps.protocol.discovery import origin
from apps.protocol.errors import ProtocolError

PUBLIC_FOR = "public, max-age=600"


@csrf_exempt  # a service's form posts here from its own site (OIDC Core §3.1.2.1)
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Begin a sign-in and send the browser to its first step."""
    if request.method == "HEAD":
        return HttpResponse()  # S-209: a link preview begins nothing
    given = request.POST if request.method == "POST" else request.GET
    parameters = dict(given.lists())
    notes = attention.of(request)
    notes.service = service = flow.find_service(parameters)
    notes.reply_to = authentication_request.reply_address(
        parameters, registered=service.redirect_uri_list
    )
    notes.state = authentication_request.state_of(parameters)
    has_session = bool(browser.session_secret(request))
    sign_in, secret = flow.begin(request, parameters, service, has_session=has_session)
    response = HttpResponseRedirect(steps.next_step(sign_in), status=303)
    browser.drop_old_secrets(request, response)
    browser.keep_secret(response, sign_in, secret)
    return response


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for the tokens (RFC 6749 §4.1.3)."""
    attention.of(request).is_machine = True
    if request.content_type != "application/x-www-form-urlencoded" or request.GET:
        raise ProtocolError(errors.TOKEN_REQUEST_INVALID)
    if any(len(values) > 1 for _, values in request.POST.lists()):
        raise ProtocolError(errors.TOKEN_REQUEST_INVALID, debug="repeated parameter")
    if "HTTP_AUTHORIZATION" in request.META and "client_secret" in request.POST:
        raise ProtocolError(errors.CLIENT_AUTH_TWICE)
    if "HTTP_AUTHORIZATION" not in request.META and "client_secret" not in request.POST:
        raise ProtocolError(errors.CLIENT_AUTH_MISSING)
    return failures.machine(backend.token_reply(request))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Give the claims of the citizen to the bearer of an access token (OIDC Core §5.3)."""
    attention.of(request).is_machine = True
    if "access_token" in request.GET or "access_token" in request.POST:
        # RFC 9700 §4.3.2: addresses are logged everywhere; the header is the only way in.
        raise ProtocolError(errors.ACCESS_TOKEN_TWICE)
    if not request.META.get("HTTP_AUTHORIZATION"):
        raise ProtocolError(errors.ACCESS_TOKEN_MISSING)
    return failures.machine(backend.userinfo_reply(request))


@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    """Publish our configuration (OpenID Connect Discovery §4)."""
    return public_document(document.configuration(), "application/json")


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Publish our signature keys (RFC 7517 §8.5.2)."""
    return public_document(document.key_set(), "application/jwk-set+json")


@csrf_exempt  # a service's form may post here (RP-Initiated Logout §2)
@require_http_methods(["GET", "HEAD", "POST"])
def session_end(request: HttpRequest) -> HttpResponse:
    """Log out, after a confirmation when nothing proves that the service speaks of this session."""
    if request.method == "HEAD":
        return HttpResponse()  # S-209: a link preview logs nobody out
    parameters = (request.POST if request.method == "POST" else request.GET).dict()
    asked = leaving.read({name: str(value) for name, value in parameters.items()})
    if not leaving.needs_confirmation(asked, browser.session_secret(request)):
        return _leave(request, asked)
    kept = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")
    _allow_forms_to(request, asked)
    return render(
        request,
        "broker/logout_confirm.html",
        {
            "service_name": asked.service.name if asked.service else "",
            "action": "/api/v2/session/end/confirm",
            "fields": [(name, parameters[name]) for name in kept if name in parameters],
        },
    )


@require_POST
def session_end_confirm(request: HttpRequest) -> HttpResponse:
    """Log out: the citizen pressed the button on our own page."""
    return _leave(request, leaving.read({name: str(value) for name, value in request.POST.items()}))


def _leave(request: HttpRequest, asked: leaving.Request) -> HttpResponse:
    state = jose.random_token()
    left = leaving.leave(request, asked, browser.session_secret(request), state=state)
    for sign_in in steps.sign_ins_of(request):
        turning_back.withdraw(request, sign_in)
    pending = {
        "state": state,
        "return_url": asked.return_url,
        "client_id": asked.service.client_id if asked.service else "",
        "service_name": asked.service.name if asked.service else "",
        "service_url": asked.service.client_uri if asked.service else "",
        "other_services": list(left.other_services),
        "provider": left.provider,
        "browsing_session": left.browsing_session,
    }
    if left.provider_url:
        response: HttpResponse = HttpResponseRedirect(left.provider_url)
        browser.keep_logout(response, pending)
    else:
        response = logged_out(request, pending)
    browser.forget_session(response)
    return response


def logged_out(request: HttpRequest, pending: dict[str, object]) -> HttpResponse:
    """Go back to the service, or say that it is done when it gave no registered address."""
    return_url = str(pending.get("return_url", ""))
    if return_url:
        return HttpResponseRedirect(return_url, status=303)
    return render(request, "broker/logged_out.html", pending)


def _allow_forms_to(request: HttpRequest, asked: leaving.Request) -> None:
    """Let the confirmation end where logging out redirects: the provider, then the service."""
    origins = leaving.provider_origins(browser.session_secret(request))
    back = (origin(asked.return_url),) if asked.return_url else ()
    attention.of(request).form_action = (*origins, *back)


def public_document(body: bytes, content_type: str) -> HttpResponse:
    """Return a document that anybody may read and keep for a while."""
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = PUBLIC_FOR
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Send whoever opens the site to the page that explains it."""
    return HttpResponseRedirect(f"{settings.BROKER_URL}/comprendre")
