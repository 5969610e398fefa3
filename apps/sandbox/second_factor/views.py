"""The pages of the second factor: typing a code during a sign-in, and adding the factor."""

from io import BytesIO

import segno
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.sandbox.answers import SeeOther, allow_form_target
from apps.sandbox.enrolment.fields import parse_digits
from apps.sandbox.enrolment.pages import StepPage, parse, read
from apps.sandbox.enrolment.steps import Step
from apps.sandbox.forms.fields import Field, Input
from apps.sandbox.identity_provider import (
    catalogue,
    kept_request,
    messages,
    session,
    sign_in,
    throttle,
)
from apps.sandbox.identity_provider.faults.catalogue import played
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.identity_provider.throttle import Counter
from apps.sandbox.models import AccountState, AuthenticationRequest, IdentityAccount, SecondFactor
from apps.sandbox.second_factor import totp

_WRONG = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."
CODE = Field(
    name="code",
    label="Code de l’application",
    hint=f"{totp.DIGITS} chiffres, qui changent toutes les {totp.PERIOD} secondes.",
    parse=lambda text: parse_digits(text, totp.DIGITS),
    inputs=(Input("code", autocomplete="one-time-code", maxlength=10),),
    inputmode="numeric",
    is_secret=True,
)
ASK = Step("code", "Saisir le code de mon application", "Se connecter", (CODE,))
ADD = Step("ajout", "Ajouter un second facteur", "Activer le second facteur", (CODE,))


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask for the code of an account whose password was just given, for this very request."""
    waiting = sign_in.find_request(
        catalogue.current(), handle, is_submitted=request.method == "POST"
    )
    current = session.find(request)
    if waiting is None or current is None or not _gave_password_for(waiting, current):
        return redirect("login", handle=handle)
    factor = totp.find(current.account, is_confirmed=True)
    if factor is None:
        add_address = kept_request.address("add_second_factor", waiting)
        context = {"add_address": add_address, "return_url": _back(waiting)}
        return page(request, "second_factor/missing", context)
    if request.method != "POST":
        return _ask_page(request, waiting, StepPage(ASK, {}))
    return _submit(request, factor, waiting, current)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Show a new secret to the owner of an account, and activate it with a first code."""
    account = _owner(request)
    if account is None:
        return redirect("home")
    waiting = kept_request.find(request)
    context: dict[str, object] = {"waiting": waiting, "back": _where_one_came_from(waiting)}
    if totp.find(account, is_confirmed=True):
        return page(request, "second_factor/active", context)
    factor = totp.find(account, is_confirmed=False)
    if request.method == "POST" and factor is None:
        totp.ensure(account)
        return SeeOther(kept_request.address("add_second_factor", waiting))
    if factor is None:
        return page(request, "second_factor/offer", context)
    shown = _judge(request, factor, ADD) if request.method == "POST" else StepPage(ADD, {})
    if shown is None:
        return SeeOther(kept_request.address("add_second_factor", waiting))
    context |= {"page": shown, "secret": totp.secret_of(factor)}
    return page(request, "second_factor/add", context, status=shown.status)


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Forget the secret that was being added, and lead back where one came from."""
    account = _owner(request)
    if account is not None:
        totp.forget_unconfirmed(account)
    return SeeOther(_where_one_came_from(kept_request.find(request)))


@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """Draw the secret that is being added, for the application to read."""
    account = _owner(request)
    factor = totp.find(account, is_confirmed=False) if account else None
    if factor is None:
        raise Http404
    drawing = BytesIO()
    address = totp.address_of(factor, catalogue.current().title)
    segno.make(address, error="m").save(drawing, kind="svg", scale=5, light="#fff")
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


def _owner(request: HttpRequest) -> IdentityAccount | None:
    """Return the verified account of the session, where the site has a second factor."""
    current = session.find(request)
    if current is None or not catalogue.current().second_factor_acr:
        return None
    return current.account if current.account.state == AccountState.VERIFIED else None


def _where_one_came_from(waiting: AuthenticationRequest | None) -> str:
    """Return the page of the sign-in that asked for a second factor, or the home page."""
    if waiting is None:
        return reverse("home")
    return reverse("second_factor", kwargs={"handle": waiting.handle})


def _gave_password_for(waiting: AuthenticationRequest, current: session.Session) -> bool:
    """Tell whether the password came after the request: an older session is no first factor."""
    return current.auth_time >= int(waiting.created_at.timestamp())


def _judge(request: HttpRequest, factor: SecondFactor, step: Step) -> StepPage | None:
    """Return the page that says what is wrong with the code, or None for a right one."""
    values, errors = parse(step, read(step, request.POST.dict()))
    if errors:
        return StepPage(step, {}, errors)
    site, address = catalogue.current(), throttle.address_of(request)
    door = f"second factor {factor.pk}"
    try:
        throttle.check(site, Counter.SIGN_IN, door, address)
    except throttle.TooManyFailures as refusal:
        return StepPage(step, {}, {"": str(refusal)}, status=429)
    if not totp.accept(factor, values["code"]):
        throttle.record(site, Counter.SIGN_IN, door, address)
        return StepPage(step, {}, {"code": _WRONG})
    throttle.forget(site, Counter.SIGN_IN, door)
    return None


@transaction.atomic
def _submit(
    request: HttpRequest,
    factor: SecondFactor,
    waiting: AuthenticationRequest,
    current: session.Session,
) -> HttpResponse:
    """Judge the code and answer the request; the second press of a double click goes the same way.

    It brings the code that the first one used up, for the same request, whose answer was dropped.
    """
    factor = totp.lock(factor)
    typed = parse(ASK, read(ASK, request.POST.dict()))[0].get(CODE.name, "")
    is_again = sign_in.is_answered(waiting, current.account)
    refused = None
    if not (is_again and totp.is_last_accepted(factor, typed)):
        refused = _judge(request, factor, ASK)
    return _ask_page(request, waiting, refused) if refused else _go_on(request, waiting, current)


def _go_on(
    request: HttpRequest, waiting: AuthenticationRequest, current: session.Session
) -> HttpResponse:
    auth_time, fault = sign_in.epoch_now(), played(waiting.fault)
    try:
        code = sign_in.give_code(
            waiting,
            current.account,
            auth_time=auth_time,
            had_second_factor=True,
            fault=waiting.fault,
        )
    except sign_in.AlreadyAnswered:
        return page(request, "identity_provider/expired", status=410)
    session.add_second_factor(request, auth_time)
    site = catalogue.current()
    members = fault.alter_return(messages.code_answer(site, waiting.state, code))
    return SeeOther(messages.redirect(waiting.redirect_uri, members))


def _ask_page(
    request: HttpRequest, waiting: AuthenticationRequest, shown: StepPage
) -> HttpResponse:
    context = {"page": shown, "return_url": _back(waiting)}
    response = page(request, "second_factor/ask", context, status=shown.status)
    return allow_form_target(response, waiting.redirect_uri)


def _back(waiting: AuthenticationRequest) -> str:
    return messages.error_redirect(
        catalogue.current(), waiting.redirect_uri, waiting.state, *messages.NO_SECOND_FACTOR
    )
