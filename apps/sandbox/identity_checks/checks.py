"""Asking for a check, and deciding it: once, with what follows for the account."""

import logging

from django.db import transaction

from apps.sandbox import clock
from apps.sandbox.identity_checks.models import Reason
from apps.sandbox.models import AccountState, IdentityAccount, IdentityCheck

LOGGER = logging.getLogger(__name__)


def ask(account: IdentityAccount, method: str) -> None:
    """Note that a person wants to be checked."""
    IdentityCheck.objects.create(account=account, method=method, asked_at=clock.now())


@transaction.atomic
def decide(pk: int, refusal: str) -> bool:
    """Accept a check, or refuse it for a reason; return whether it was still to be decided."""
    waiting = IdentityCheck.objects.filter(pk=pk, decided_at=None)
    if not waiting.update(decided_at=clock.now(), refusal=refusal):
        return False
    state = AccountState.REFUSED if refusal else AccountState.VERIFIED
    accounts = IdentityAccount.objects.filter(identitycheck=pk, state=AccountState.TO_VERIFY)
    accounts.update(state=state)
    LOGGER.info("identity check %s: %s", pk, refusal or "accepted")
    return True


def last_refusal(account: IdentityAccount) -> str:
    """Return why an account was last refused, in words, or ""."""
    found = IdentityCheck.objects.filter(account=account).exclude(refusal="").first()
    return Reason(found.refusal).label if found else ""
