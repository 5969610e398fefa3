"""Asking for a check, and deciding it: once, with what follows for the account."""

import logging
from functools import partial

from django.db import transaction

from apps.sandbox import clock
from apps.sandbox.enrolment import mails
from apps.sandbox.identity_checks.models import Reason
from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.models import AccountState, IdentityAccount, IdentityCheck

LOGGER = logging.getLogger(__name__)


def ask(account: IdentityAccount, method: str) -> None:
    """Note that a person wants to be checked."""
    IdentityCheck.objects.create(account=account, method=method, asked_at=clock.now())


@transaction.atomic
def decide(pk: int, refusal: str) -> bool:
    """Accept a check, or refuse it for a reason; return whether it was still to be decided.

    The person is told by e-mail.
    """
    waiting = IdentityCheck.objects.filter(pk=pk, decided_at=None)
    if not waiting.update(decided_at=clock.now(), refusal=refusal):
        return False
    state = AccountState.REFUSED if refusal else AccountState.VERIFIED
    accounts = IdentityAccount.objects.filter(identitycheck=pk, state=AccountState.TO_VERIFY)
    account = accounts.first()
    if account and accounts.update(state=state):
        transaction.on_commit(partial(_tell, account, refusal))
    LOGGER.info("identity check %s: %s", pk, refusal or "accepted")
    return True


def _tell(account: IdentityAccount, refusal: str) -> None:
    site, address = SITES[account.site], str(account.claims["email"])
    if refusal:
        mails.send_refused(site, address, Reason(refusal))
    else:
        mails.send_accepted(site, address)


def last_refusal(account: IdentityAccount) -> str:
    """Return why an account was last refused, in words, or ""."""
    found = IdentityCheck.objects.filter(account=account).exclude(refusal="").first()
    return Reason(found.refusal).label if found else ""
