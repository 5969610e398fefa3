"""The identity providers' door: the return of a citizen, of a logout, the trip of a trial, our keys."""

import hmac

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.broker import attention, flow, leaving
from apps.broker import trial as trials
from apps.broker.rp import client_keys as our_keys
from apps.broker.views import browser, steps
from apps.broker.views.service_provider import logged_out, public_document
from apps.identity_providers.models import Trial
from apps.protocol import authorization_response, errors
from apps.protocol.authentication_request import Parameters
from apps.protocol.errors import ProtocolError


@require_safe
def oidc_callback(request: HttpRequest) -> HttpResponse:
    """Take the citizen back from the identity provider, and verify who it says this is."""
    if request.method == "HEAD":
        return HttpResponse()  # S-209: a link preview uses nothing up
    parameters = dict(request.GET.lists())
    state = authorization_response.state_of(parameters)
    sign_in = flow.find_return(state)
    if sign_in is None:
        return _trial_callback(request, parameters, state)
    try:
        browser.secret_of(request, sign_in)
    except ProtocolError as failure:
        # RFC 9700 §4.7: a return planted in another browser than the one that left.
        raise ProtocolError(errors.CALLBACK_STATE_WRONG, debug="other browser") from failure
    attention.note_sign_in(request, sign_in)
    answer = flow.come_back(request, sign_in, parameters, state)
    if answer is None:
        return HttpResponseRedirect(steps.next_step(sign_in), status=303)
    secret = flow.verify(request, sign_in, answer)
    response = HttpResponseRedirect(steps.next_step(sign_in), status=303)
    browser.keep_secret(response, sign_in, secret)
    return response


def _trial_callback(request: HttpRequest, parameters: Parameters, state: str) -> HttpResponse:
    """Take an agent back from the provider they try, and on to the report."""
    found = trials.find_return(state, browser.trial_secrets_of(request))
    trials.come_back(request, found, parameters, state)
    response = _lead_to_report(request, found)
    browser.forget_trial(response, found)
    return response


def _lead_to_report(request: HttpRequest, found: Trial) -> HttpResponse:
    values = {"provider_title": found.provider.title, "report_url": found.report_url}
    response = render(request, "broker/trial_over.html", values)
    # Not a redirect: it would continue the provider's form, whose form-action names us alone.
    response.headers["Refresh"] = f"0; url={found.report_url}"
    return response


@require_safe
def trial(request: HttpRequest, token: str) -> HttpResponse:
    """Send an agent to the provider they try; the link serves once."""
    if request.method == "HEAD":
        return HttpResponse()  # S-209: a link preview uses nothing up
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        response = HttpResponse(status=503)  # the browser asks again, when somebody really goes
        response._has_been_logged = True  # type: ignore[attr-defined]  # the link is still good
        return response
    left = trials.leave(request, token)
    response = HttpResponseRedirect(left.url, status=303)
    browser.keep_trial_secret(response, left.trial, left.secret)
    return response


@require_safe
def logout_callback(request: HttpRequest) -> HttpResponse:
    """Take the citizen back from the provider's logout, on to the service; an agent, to the report."""
    pending = browser.pending_logout(request)
    state, shown = str(pending.get("state", "")), request.GET.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), shown.encode(errors="replace")):
        found = trials.find_logout(shown)
        return _lead_to_report(request, found) if found else logged_out(request, {})
    leaving.terminated(request, pending)
    response = logged_out(request, pending)
    browser.forget_logout(response)
    return response


@require_safe
def client_keys(request: HttpRequest) -> HttpResponse:
    """Publish the keys that providers encrypt to, and know our assertions by (RFC 7517 §8.5.2)."""
    return public_document(our_keys.published(), "application/jwk-set+json")
