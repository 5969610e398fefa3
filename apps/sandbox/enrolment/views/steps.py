"""One view for the steps of every enrolment, and one for its end."""

from collections.abc import Mapping
from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.sandbox.answers import SeeOther
from apps.sandbox.enrolment import catalogue, drafts, pages
from apps.sandbox.enrolment.fields import NEW_PASSWORD
from apps.sandbox.enrolment.pages import StepPage
from apps.sandbox.enrolment.steps import Enrolment, StepRefused, Submission
from apps.sandbox.identity_provider import catalogue as sites
from apps.sandbox.identity_provider import kept_request, session, sign_in, throttle
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.models import AccountState, EnrolmentDraft


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, handle: str, step: str) -> HttpResponse:
    """Show a step, or judge what was typed there."""
    draft = drafts.find(request, sites.current().slug, handle)
    if draft is None:
        return _expired(request)
    enrolment = catalogue.get(draft.site, draft.enrolment)
    index = enrolment.index_of(step)
    if index is None:
        raise Http404
    if draft.finished_at is not None:
        return _again(request, draft, enrolment, index)
    if index > draft.reached:
        return redirect(catalogue.step_address(draft, enrolment, draft.reached))
    if request.method == "POST":
        return _submit(request, draft, enrolment, index)
    errors = draft.errors if index == draft.reached else {}
    shown = StepPage(enrolment.steps[index], draft.answers, errors)
    return _show(request, draft, enrolment, index, shown)


@require_safe
def done(request: HttpRequest, handle: str) -> HttpResponse:
    """Say that it is done, and lead on to the sign-in that waits, if there is one."""
    draft = drafts.find(request, sites.current().slug, handle)
    if draft is None or draft.finished_at is None:
        return _expired(request)
    waiting = kept_request.still_waiting(draft.waiting)
    context = {
        "done": catalogue.get(draft.site, draft.enrolment).done,
        "is_verified": draft.account is not None and draft.account.state == AccountState.VERIFIED,
        "waiting": waiting,
        "portal": kept_request.address("portal", waiting),
    }
    return page(request, "enrolment/done", context)


def _submit(
    request: HttpRequest, draft: EnrolmentDraft, enrolment: Enrolment, index: int
) -> HttpResponse:
    """Keep what was typed, then accept the step or say what is wrong with it."""
    step = enrolment.steps[index]
    typed = pages.read(step, request.POST.dict())
    drafts.keep(draft, index, pages.without_secrets(step, typed))
    values, errors = pages.parse(step, typed)
    if errors:
        return _refuse(draft, enrolment, index, errors)
    submission = Submission(
        site=sites.current(),
        values={**_values_before(draft, enrolment, index), **values},
        proved=draft.proved,
        address=throttle.address_of(request),
        account=draft.account,
    )
    try:
        return _accept(request, draft, enrolment, index, submission)
    except StepRefused as refusal:
        return _refuse(draft, enrolment, index, refusal.errors)
    except throttle.TooManyFailures as refusal:
        shown = StepPage(step, draft.answers, {"": str(refusal)}, status=429)
        return _show(request, draft, enrolment, index, shown)


def _refuse(
    draft: EnrolmentDraft, enrolment: Enrolment, index: int, errors: Mapping[str, str]
) -> HttpResponse:
    drafts.refuse(draft, index, errors)
    return SeeOther(catalogue.step_address(draft, enrolment, index))


def _accept(
    request: HttpRequest,
    draft: EnrolmentDraft,
    enrolment: Enrolment,
    index: int,
    submission: Submission,
) -> HttpResponse:
    proved = enrolment.steps[index].verify(submission)
    drafts.accept(draft, index, proved)
    if index + 1 < len(enrolment.steps):
        return SeeOther(catalogue.step_address(draft, enrolment, index + 1))
    if not drafts.finish(draft, enrolment, submission):
        return _again(request, draft, enrolment, index)
    if draft.account and not enrolment.needs:
        session.open_for(request, draft.account, sign_in.epoch_now())
    return SeeOther(reverse("enrolment_done", kwargs={"handle": draft.handle}))


def _again(
    request: HttpRequest, draft: EnrolmentDraft, enrolment: Enrolment, index: int
) -> HttpResponse:
    """Lead the second press of a button where the first one led.

    The browser dropped the answer to the first, and with it the session that was opened then: the
    new password, which the second brings as well, opens one as at any sign-in.
    """
    step = enrolment.steps[index]
    values, _ = pages.parse(step, pages.read(step, request.POST.dict()))
    password = values.get(NEW_PASSWORD.name)
    if draft.account and password:
        site, address = sites.current(), throttle.address_of(request)
        with suppress(sign_in.WrongCredentials, throttle.TooManyFailures):
            account = sign_in.authenticate(
                site, draft.account.identifier, password, address=address
            )
            session.open_for(request, account, sign_in.epoch_now())
    return SeeOther(reverse("enrolment_done", kwargs={"handle": draft.handle}))


def _values_before(draft: EnrolmentDraft, enrolment: Enrolment, index: int) -> dict[str, str]:
    """Return the values of the steps before: they were verified as they are."""
    values: dict[str, str] = {}
    for step in enrolment.steps[:index]:
        values |= pages.parse(step, draft.answers)[0]
    return values


def _show(
    request: HttpRequest, draft: EnrolmentDraft, enrolment: Enrolment, index: int, shown: StepPage
) -> HttpResponse:
    context = {
        "page": shown,
        "rank": index + 1,
        "count": len(enrolment.steps),
        "back": _back(draft, enrolment, index),
    }
    return page(request, "enrolment/step", context, status=shown.status)


def _back(draft: EnrolmentDraft, enrolment: Enrolment, index: int) -> str:
    """Return where « Retour » leads; before the first step, the portal keeps what waits."""
    if index:
        return catalogue.step_address(draft, enrolment, index - 1)
    return kept_request.address("portal", kept_request.still_waiting(draft.waiting))


def _expired(request: HttpRequest) -> HttpResponse:
    context = {"portal": kept_request.address("portal", kept_request.remembered(request))}
    return page(request, "enrolment/expired", context, status=410)
