"""Drafts: what was answered so far, on the server, for the browser that began it.

The handle is in the address and cannot be guessed; the browser must have its cookie as well, so
that an address that was copied or left in a history opens nothing elsewhere. Each draft has its own
cookie, beside the session: the press that finishes a draft opens a session under a new key, and the
second press of a double click brings what the browser had before.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from apps.protocol.jose import random_token
from apps.sandbox.enrolment.steps import Enrolment, Submission
from apps.sandbox.identity_provider import session
from apps.sandbox.models import AuthenticationRequest, EnrolmentDraft, IdentityAccount

LIFETIME: Final = timedelta(hours=1)


def start(
    enrolment: Enrolment,
    *,
    account: IdentityAccount | None,
    waiting: AuthenticationRequest | None,
) -> EnrolmentDraft:
    """Begin an enrolment with what its account already said.

    Drafts that nobody finished are forgotten meanwhile.
    """
    purge()
    return EnrolmentDraft.objects.create(
        site=enrolment.site,
        enrolment=enrolment.slug,
        handle=random_token(),
        account=account,
        waiting=waiting,
        answers=dict(enrolment.known(account)) if account else {},
    )


def give(response: HttpResponse, draft: EnrolmentDraft) -> HttpResponse:
    """Have the browser that receives this answer keep the draft."""
    response.set_signed_cookie(
        _cookie(draft.handle),
        draft.handle,
        max_age=LIFETIME,
        path=reverse("enrolment_done", kwargs={"handle": draft.handle}).removesuffix("termine"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def find(request: HttpRequest, site: str, handle: str) -> EnrolmentDraft | None:
    """Return a living draft of this browser, finished or not, or None.

    What was begun before somebody signed out is not for whoever comes after; neither is the one that
    goes on with an account, but for its owner.
    """
    if request.get_signed_cookie(_cookie(handle), default="", max_age=LIFETIME) != handle:
        return None
    alive = EnrolmentDraft.objects.select_related("account", "waiting").filter(
        site=site, handle=handle, created_at__gt=timezone.now() - LIFETIME
    )
    draft = alive.first()
    if draft and draft.created_at.timestamp() <= session.closed_at(request):
        return None
    if draft is None or draft.account is None or draft.finished_at is not None:
        return draft
    current = session.find(request)
    return draft if current and current.account == draft.account else None


def keep(draft: EnrolmentDraft, index: int, answers: Mapping[str, str]) -> None:
    """Keep what was typed at a step, right or wrong, so that nothing has to be typed twice.

    The step and those after it are to be verified again: else somebody could prove one identity,
    come back, and finish with the number of another.
    """
    draft.answers = {**draft.answers, **answers}
    draft.reached = min(draft.reached, index)
    draft.errors = {}
    _write(draft, "answers", "reached", "errors")


def refuse(draft: EnrolmentDraft, index: int, errors: Mapping[str, str]) -> None:
    """Note what is wrong with a step that was sent: the page that says it is a GET.

    A page that answered a POST is lost by a browser that comes back to it.
    """
    draft.reached = index
    draft.errors = dict(errors)
    _write(draft, "reached", "errors")


def accept(draft: EnrolmentDraft, index: int, proved: Mapping[str, str]) -> None:
    """Note that a step is verified, and what it proved."""
    draft.reached = index + 1
    draft.proved = {**draft.proved, **proved}
    _write(draft, "reached", "proved")


def _write(draft: EnrolmentDraft, *fields: str) -> None:
    """Keep these fields, unless the draft was finished and blanked meanwhile in another press."""
    unfinished = EnrolmentDraft.objects.filter(pk=draft.pk, finished_at=None)
    unfinished.update(**{field: getattr(draft, field) for field in fields})


@transaction.atomic
def finish(draft: EnrolmentDraft, enrolment: Enrolment, submission: Submission) -> bool:
    """Make what the enrolment makes, once, and blank the draft.

    Return whether it was done now: of two presses of a button, the second finds it done.
    Raises StepRefused, throttle.TooManyFailures.
    """
    unfinished = EnrolmentDraft.objects.filter(pk=draft.pk, finished_at=None)
    if not unfinished.update(finished_at=timezone.now(), answers={}, errors={}, proved={}):
        draft.refresh_from_db()
        return False
    account = enrolment.finish(submission)
    EnrolmentDraft.objects.filter(pk=draft.pk).update(account=account)
    draft.account = account
    return True


def purge() -> None:
    """Delete the drafts that are too old to go on."""
    EnrolmentDraft.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()


def _cookie(handle: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}_draft_{handle}"
