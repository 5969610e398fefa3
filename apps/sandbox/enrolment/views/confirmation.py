"""The page of the link that confirms an address. Opening it changes nothing: mail filters do."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from apps.sandbox.answers import SeeOther
from apps.sandbox.enrolment import catalogue, drafts, laposte, pages
from apps.sandbox.enrolment.pages import StepPage
from apps.sandbox.enrolment.steps import StepRefused, Submission
from apps.sandbox.identity_provider import catalogue as sites
from apps.sandbox.identity_provider import kept_request, session, sign_in, throttle
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.models import EmailConfirmation


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the password of the sign-up, then go on with the civil status."""
    confirmation = laposte.find_confirmation(token, is_submitted=request.method == "POST")
    if confirmation is None or sites.current() is not laposte.LAPOSTE:
        return _expired(request)
    if request.method == "POST":
        return _submit(request, confirmation)
    return _show(request, StepPage(laposte.CONFIRMATION, {}))


def _submit(request: HttpRequest, confirmation: EmailConfirmation) -> HttpResponse:
    step = laposte.CONFIRMATION
    values, errors = pages.parse(step, pages.read(step, request.POST.dict()))
    if errors:
        return _show(request, StepPage(step, {}, errors))
    address = throttle.address_of(request)
    try:
        account = laposte.confirm(confirmation, Submission(sites.current(), values, {}, address))
    except StepRefused as refusal:
        return _show(request, StepPage(step, {}, refusal.errors))
    except throttle.TooManyFailures as refusal:
        return _show(request, StepPage(step, {}, {"": str(refusal)}, status=429))
    if account is None:
        return _expired(request)
    session.open_for(request, account, sign_in.epoch_now())
    waiting = kept_request.remembered(request)
    draft = drafts.start(laposte.ETAT_CIVIL, account=account, waiting=waiting)
    return drafts.give(SeeOther(catalogue.step_address(draft, laposte.ETAT_CIVIL, 0)), draft)


def _expired(request: HttpRequest) -> HttpResponse:
    context = {"portal": kept_request.address("portal", kept_request.remembered(request))}
    return page(request, "enrolment/link_expired", context, status=410)


def _show(request: HttpRequest, shown: StepPage) -> HttpResponse:
    return page(request, "enrolment/step", {"page": shown, "count": 1}, status=shown.status)
