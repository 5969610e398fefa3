"""Delivery: claim what is due, send it, write what became of it.

No SMTP happens inside a database transaction. A claim is a lease: due_at is pushed forward and
committed before anything is sent, so that two deliverers never hold one message, and a deliverer
that dies gives it back by dying.
"""

import logging
import random
import smtplib
from datetime import datetime, timedelta
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from apps.notifications import mail
from apps.notifications.models import Message, lease
from apps.protocol.sealing import SealBroken

logger = logging.getLogger(__name__)

BATCH: Final = 10
LEASE: Final = timedelta(minutes=3)
SEND_MARGIN: Final = timedelta(seconds=90)
"""A send starts only with this much left of its lease: a relay that answers each of nine commands
at the last of EMAIL_TIMEOUT's ten seconds still ends before somebody else may try."""

RETRY_DELAYS: Final = tuple(timedelta(seconds=s) for s in (30, 120, 480, 1920, 3600))
RELAY_DOWN_DELAYS: Final = RETRY_DELAYS[:2]
"""A relay that does not answer says nothing of the message: it leaves soon after the relay is back."""

JITTER: Final = 0.2
GIVE_UP_AFTER: Final = timedelta(hours=24)

Undelivered = (OSError, SealBroken, ValueError)
"""What may happen to one message without being a bug.

OSError: the network, and whatever smtplib raises. ValueError: an address that no mail takes.
"""


def deliver_due() -> int:
    """Send every message that is due, and return how many the relay took.

    Stops at the first batch of which the relay took nothing: it is probably down.
    """
    total = 0
    while messages := claim(timezone.now()):
        sent = _deliver_batch(messages)
        total += sent
        if not sent:
            break
    return total


def claim(now: datetime) -> list[Message]:
    """Return due messages that are ours alone for LEASE."""
    with transaction.atomic():
        due = Message.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        messages = list(due[:BATCH])
        if messages:
            lease(messages, until=now + LEASE)
    return messages


def _deliver_batch(messages: list[Message]) -> int:
    relay = get_connection()
    try:
        return sum(_deliver(message, relay) for message in messages)
    finally:
        relay.close()


def _deliver(message: Message, relay: BaseEmailBackend) -> bool:
    if timezone.now() > message.due_at - SEND_MARGIN:
        return False
    try:
        relay.open()
        relay.send_messages([mail.build(message, recipient=message.open_recipient())])
    except Exception as failure:  # a message that we cannot make must not hold the others
        relay.close()
        _record_failure(message, failure)
        if isinstance(failure, Undelivered):
            return False
        raise
    message.mark_sent(timezone.now())
    return True


def _record_failure(message: Message, failure: Exception) -> None:
    now, error = timezone.now(), name_of(failure)
    retry_at = now + retry_delay(message.attempts, is_relay_down=is_relay_down(failure))
    if is_permanent(failure) or retry_at > message.created_at + GIVE_UP_AFTER:
        message.mark_failed(now, error=error)
        logger.error("message %s given up at attempt %d: %s", message.id, message.attempts, error)
    else:
        message.postpone(retry_at, error=error)
        logger.warning("message %s postponed to %s: %s", message.id, retry_at, error)


def is_permanent(failure: Exception) -> bool:
    """Say whether another attempt would meet the same refusal (RFC 5321 §4.2.1, 5yz).

    Only what the relay says of the recipient or of the content counts: a refused log-in or sender
    is our own configuration, which somebody may mend within the day.
    """
    if isinstance(failure, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return 500 <= _reply_code(failure) < 600
    return isinstance(failure, ValueError)


def name_of(failure: Exception) -> str:
    """Return the class of a failure and the relay's code, never its text: it quotes addresses."""
    code = _reply_code(failure)
    return type(failure).__name__ + (f" {code}" if code else "")


def _reply_code(failure: Exception) -> int:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _ in failure.recipients.values()), default=0)
    if isinstance(failure, smtplib.SMTPResponseException):
        return int(failure.smtp_code)
    return 0


def is_relay_down(failure: Exception) -> bool:
    """Say whether the relay never came to speak of the message."""
    if isinstance(failure, smtplib.SMTPException):
        return isinstance(failure, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError)
    return isinstance(failure, OSError)


def retry_delay(attempts: int, *, is_relay_down: bool) -> timedelta:
    """Return how long to wait after that many attempts: 30 s, 2 min, 8 min… 1 h, give or take.

    The jitter keeps messages that failed together from coming back together.
    """
    delays = RELAY_DOWN_DELAYS if is_relay_down else RETRY_DELAYS
    delay = delays[min(attempts, len(delays)) - 1]
    return delay * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
