"""The post of the sandbox: it takes one to eight days, on the sandbox's clock."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from apps.sandbox import clock
from apps.sandbox.models import IdentityAccount, PaperLetter

SLOWEST: Final = 8  # days


@dataclass(frozen=True, repr=False)
class Envelope:
    """Who writes to whom, and what."""

    sender: str
    recipient: str
    postal_code: str
    subject: str
    paragraphs: tuple[str, ...]


def send(account: IdentityAccount, envelope: Envelope) -> PaperLetter:
    """Post a letter; the day on which it arrives is drawn now and told to nobody."""
    posted_at = clock.now()
    return PaperLetter.objects.create(
        account=account,
        sender=envelope.sender,
        recipient=envelope.recipient,
        postal_code=envelope.postal_code,
        subject=envelope.subject,
        paragraphs=list(envelope.paragraphs),
        posted_at=posted_at,
        delivered_at=posted_at + timedelta(days=1 + secrets.randbelow(SLOWEST)),
    )


def delivered() -> QuerySet[PaperLetter]:
    """Return the letters that are in the box, newest first."""
    return PaperLetter.objects.filter(delivered_at__lte=clock.now())


def last_posted(account: IdentityAccount) -> datetime | None:
    """Return when this account was last written to; a letter of the future was not posted yet."""
    past = PaperLetter.objects.filter(account=account, posted_at__lte=clock.now())
    return past.order_by("-posted_at").values_list("posted_at", flat=True).first()
