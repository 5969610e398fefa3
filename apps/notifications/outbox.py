"""The only way to tell something to a citizen: a message written by the statement of its fact.

If the fact is not written, nothing is sent; if it is, the message leaves even when the worker,
Celery's broker or the mail relay are down.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from apps.notifications import bell
from apps.notifications.kinds import Kind
from apps.notifications.models import Message
from apps.statements import writing


def message(kind: Kind, *, recipient: str, context: Mapping[str, str]) -> writing.Insertion:
    """Return the insertion of a message, for the statement of the fact that it tells of.

    recipient   one e-mail address, already checked by the caller; sealed before it is written
    context     exactly the words that the kind declares
    The bell rings once it is committed. Raises ValueError for other words or for an address that
    is not one.
    """
    _check(kind, recipient, context)
    now = timezone.now()
    words = {name: _plain(word) for name, word in context.items()}
    row = Message(kind=kind.name, context=words, created_at=now, due_at=now)
    row.seal_recipient(recipient)
    return writing.row_of(row, on_commit=bell.ring)


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
