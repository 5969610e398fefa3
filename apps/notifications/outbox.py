"""The only way to tell something to a citizen: put it here, in the transaction of the fact.

If the transaction rolls back, nothing is sent; if it commits, the message leaves even when the
worker, Celery's broker or the mail relay are down.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from apps.notifications import bell
from apps.notifications.kinds import Kind
from apps.notifications.models import Message


class OutsideTransaction(Exception):
    """A message put outside a transaction could survive a fact that was rolled back."""


def put(kind: Kind, *, recipient: str, context: Mapping[str, str]) -> Message:
    """Write a message to send, and have the bell rung once the transaction commits.

    recipient   one e-mail address, already checked by the caller; sealed before it is written
    context     exactly the words that the kind declares
    Raises OutsideTransaction, and ValueError for other words or an address that is not one.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("outbox.put() needs an open transaction")
    _check(kind, recipient, context)
    now = timezone.now()
    words = {name: _plain(word) for name, word in context.items()}
    message = Message(kind=kind.name, context=words, created_at=now, due_at=now)
    message.seal_recipient(recipient)
    Message.objects.bulk_create([message])
    transaction.on_commit(bell.ring, robust=True)
    return message


def _check(kind: Kind, recipient: str, context: Mapping[str, str]) -> None:
    if context.keys() != kind.context:
        raise ValueError(f"{kind.name} carries {', '.join(sorted(kind.context))}")
    if "@" not in recipient or not recipient.isprintable() or " " in recipient:
        raise ValueError(f"{kind.name}: the recipient is not an e-mail address")
    if "at" in context and datetime.fromisoformat(context["at"]).tzinfo is None:
        raise ValueError(f"{kind.name}: at has no time zone")


def _plain(word: str) -> str:
    """Return the word on one line, without the characters that nobody sees.

    Partners choose the names that we print: a line break would forge a header, a right-to-left
    mark would turn the sentence around, a zero-width space would hide a homograph.
    """
    composed = unicodedata.normalize("NFC", word)
    if not composed.isprintable():
        spaced = (" " if char.isspace() else char for char in composed)
        composed = "".join(char for char in spaced if char.isprintable())
    return " ".join(composed.split())
