"""Drafts: what was answered so far, on the server, for the browser that began it.

The handle is in the address and cannot be guessed; the browser's session must know it as well, so
that an address that was copied or left in a history opens nothing elsewhere.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from apps.protocol.jose import random_token
from apps.sandbox.enrolment.steps import Enrolment, Submission
from apps.sandbox.identity_provider import session
from apps.sandbox.models import AuthenticationRequest, EnrolmentDraft, IdentityAccount

LIFETIME: Final = timedelta(hours=1)
_OPENED: Final = "drafts"
_MOST_OPENED: Final = 5


def start(
    request: HttpRequest,
    enrolment: Enrolment,
    *,
    account: IdentityAccount | None,
    waiting: AuthenticationRequest | None,
) -> EnrolmentDraft:
    """Begin an enrolment in this browser with what its account already said.

    Drafts that nobody finished are forgotten meanwhile.
    """
    purge()
    draft = EnrolmentDraft.objects.create(
        site=enrolment.site,
        enrolment=enrolment.slug,
        handle=random_token(),
        account=account,
        waiting=waiting,
        answers=dict(enrolment.known(account)) if account else {},
    )
    _remember(request, draft)
    return draft


def find(request: HttpRequest, site: str, handle: str) -> EnrolmentDraft | None:
    """Return a living draft of this browser, finished or not, or None."""
    if handle not in request.session.get(_OPENED, []):
        return None
    alive = EnrolmentDraft.objects.select_related("account", "waiting").filter(
        site=site, handle=handle, created_at__gt=timezone.now() - LIFETIME
    )
    return alive.first()


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
    """Make what the enrolment makes, once, and blank the draft. Raises StepRefused.

    Return whether it was done now: of two presses of a button, the second finds it done.
    """
    unfinished = EnrolmentDraft.objects.filter(pk=draft.pk, finished_at=None)
    if not unfinished.update(finished_at=timezone.now(), answers={}, errors={}, proved={}):
        return False
    account = enrolment.finish(submission)
    EnrolmentDraft.objects.filter(pk=draft.pk).update(account=account)
    draft.account = account
    return True


def sign_in(request: HttpRequest, draft: EnrolmentDraft, auth_time: int) -> None:
    """Open the session of an account that this browser has just proved its own.

    The new session knows the drafts of the one before: they are in other tabs.
    """
    if draft.account is not None:
        opened = request.session.get(_OPENED, [])
        session.open_for(request, draft.account, auth_time)
        request.session[_OPENED] = opened


def purge() -> None:
    """Delete the drafts that are too old to go on."""
    EnrolmentDraft.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()


def _remember(request: HttpRequest, draft: EnrolmentDraft) -> None:
    opened = [*request.session.get(_OPENED, []), draft.handle]
    request.session[_OPENED] = opened[-_MOST_OPENED:]
