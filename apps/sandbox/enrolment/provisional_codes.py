"""The provisional codes that letters bring: made, tried, used up."""

import secrets
from datetime import timedelta
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, QuerySet

from apps.sandbox import clock
from apps.sandbox.models import IdentityAccount, ProvisionalCode

DIGITS: Final = 8
LIFETIME: Final = timedelta(days=30)
MAX_FAILURES: Final = 3


def make(account: IdentityAccount) -> str:
    """Return a new code of an account, the only good one from now on."""
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    ProvisionalCode.objects.filter(account=account).delete()
    ProvisionalCode.objects.create(
        account=account, code_hash=make_password(code), expires_at=clock.now() + LIFETIME
    )
    return code


def find_right(site: str, identifier: str, code: str) -> ProvisionalCode | None:
    """Return the living code of an account if this is it, or None.

    An attempt is counted before it is judged, so that three at once are three; an unknown account
    costs one hash, like a wrong code.
    """
    kept = _living().filter(account__site=site, account__identifier=identifier).first()
    if kept is None or not _living().filter(pk=kept.pk).update(failures=F("failures") + 1):
        make_password(code)
        return None
    if not check_password(code, kept.code_hash):
        return None
    ProvisionalCode.objects.filter(pk=kept.pk).update(failures=0)
    return kept


def use(pk: int) -> IdentityAccount | None:
    """Consume a code; return its account, or None when it is no longer good."""
    if not _living().filter(pk=pk).update(used_at=clock.now()):
        return None
    return ProvisionalCode.objects.select_related("account").get(pk=pk).account


def _living() -> QuerySet[ProvisionalCode]:
    return ProvisionalCode.objects.filter(
        used_at=None, failures__lt=MAX_FAILURES, expires_at__gt=clock.now()
    )
