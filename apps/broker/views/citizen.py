"""The citizen's door: choosing an account, reading what is transmitted, going on or back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from apps.broker import answer, attention, flow, transfer, turning_back
from apps.broker.models import SignIn
from apps.broker.sso import is_page_due
from apps.broker.views import browser, choice_page, pages, steps
from apps.protocol import errors
from apps.protocol.discovery import origin
from apps.protocol.errors import ProtocolError
from apps.protocol.journey import State


@require_safe
def choice(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Show the accounts; the "mire"."""
    sign_in, _ = steps.sign_in_of(request, sign_in_id)
    offered = flow.offer(request, sign_in)
    leading = (entry.provider for entry in offered if entry.is_available)
    attention.of(request).form_action = choice_page.form_targets(sign_in, leading)
    return render(request, "broker/choice.html", choice_page.values(sign_in, offered))


@require_POST
def redirect_to_idp(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Send the citizen to the account they chose, or to what must be read before."""
    sign_in, _ = steps.sign_in_of(request, sign_in_id)
    provider = flow.find_choice(sign_in, request.POST.get("providerUid", ""))
    if provider.wants_confirmation and request.POST.get("confirmed") != "true":
        return HttpResponseRedirect(steps.confirmation_url(sign_in, provider.uid), status=303)
    return HttpResponseRedirect(flow.choose(request, sign_in, provider), status=303)


@require_safe
def confirmation(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Show what an account wants to be read before the citizen leaves for its site."""
    sign_in, _ = steps.sign_in_of(request, sign_in_id)
    provider = flow.find_choice(sign_in, request.GET.get("providerUid", ""))
    if not provider.wants_confirmation:
        return HttpResponseRedirect(steps.url(sign_in), status=303)
    attention.of(request).form_action = choice_page.form_targets(sign_in, [provider])
    values = choice_page.confirmation(sign_in, provider)
    return render(request, "broker/confirmation.html", values)


@require_safe
def verify(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Recognise a citizen who is already signed in, or follow the service's hint."""
    if request.method == "HEAD":
        return HttpResponse()  # S-209: a link preview uses nothing up
    sign_in, _ = steps.sign_in_of(request, sign_in_id)
    if sign_in.state == State.RECOGNISING:
        return _recognised(request, sign_in)
    return _onward(request, sign_in)


def _recognised(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    session_secret = browser.session_secret(request)
    secret = flow.recognise(request, sign_in, session_secret)
    if secret and not is_page_due(sign_in, session_secret):
        return _granted(request, sign_in, secret, page_shown=False)
    if "none" in sign_in.asked.prompt:
        raise ProtocolError(errors.INTERACTION_REQUIRED)
    response = _onward(request, sign_in)
    if secret:
        browser.keep_secret(response, sign_in, secret)
    return response


def _onward(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    if sign_in.state == State.HINTED:
        provider = flow.find_choice(sign_in, sign_in.asked.idp_hint)
        return HttpResponseRedirect(flow.choose(request, sign_in, provider), status=303)
    return HttpResponseRedirect(steps.next_step(sign_in), status=303)


@require_safe
def consent(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Show what the service is about to receive."""
    sign_in, secret = steps.sign_in_of(request, sign_in_id)
    if sign_in.state == State.GRANTED:
        return render(request, "broker/already_continued.html", pages.continued(sign_in))
    identity = flow.inform(request, sign_in, secret)
    attention.of(request).form_action = (origin(sign_in.asked.redirect_uri),)
    return render(request, "broker/information.html", pages.information(sign_in, identity))


@require_POST
def login(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Go on to the service, with the consent when it is needed."""
    sign_in, secret = steps.sign_in_of(request, sign_in_id)
    if sign_in.state == State.GRANTED:
        return _granted_before(request, sign_in, secret)
    if transfer.needs_consent(sign_in) and request.POST.get("consent") != "true":
        identity = flow.held_by(sign_in, secret).identity
        attention.of(request).form_action = (origin(sign_in.asked.redirect_uri),)
        values = pages.information(sign_in, identity, consent_error=True)
        return render(request, "broker/information.html", values, status=422)
    try:
        return _granted(request, sign_in, secret, page_shown=True)
    except ProtocolError as failure:
        if failure.spec is not errors.STEP_REPLAYED:
            raise
        # S-200: the second press of a double click, judged while the first was being answered.
        sign_in, _ = steps.sign_in_of(request, sign_in_id)
        if sign_in.state != State.GRANTED:
            raise
        return _granted_before(request, sign_in, secret)


def _granted(
    request: HttpRequest, sign_in: SignIn, secret: str, *, page_shown: bool
) -> HttpResponse:
    given = flow.grant(
        request, sign_in, secret, browser.session_secret(request), page_shown=page_shown
    )
    return _sent(given)


def _granted_before(request: HttpRequest, sign_in: SignIn, secret: str) -> HttpResponse:
    given = answer.find(sign_in, secret)
    if given is None:
        return render(request, "broker/already_continued.html", pages.continued(sign_in))
    return _sent(given)


def _sent(given: answer.Answer) -> HttpResponse:
    response = HttpResponseRedirect(given.url, status=303)
    browser.keep_session(response, given.session_secret)
    return response


@require_POST
def abandon(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Go back to the service without signing in."""
    sign_in, _ = steps.sign_in_of(request, sign_in_id)
    return HttpResponseRedirect(turning_back.abandon(request, sign_in), status=303)


@require_POST
def not_me(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Forget who was recognised in this browser, and choose an account."""
    sign_in, _ = steps.sign_in_of(request, sign_in_id)
    turning_back.disown(request, sign_in, browser.session_secret(request))
    response = HttpResponseRedirect(steps.url(sign_in), status=303)
    browser.forget_session(response)
    return response
