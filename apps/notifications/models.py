"""One message of the outbox.

A message is pending until it is sent or given up; only a pending one has a recipient, sealed under
a key that the database does not hold and bound to its row. The words of the context name a service,
an account provider, a date and a code: nothing of the citizen's identity.
"""

from datetime import datetime
from functools import lru_cache
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.notifications.kinds import CATALOGUE, Kind, kind_choices
from apps.protocol.sealing import derive_server_key, open_sealed, seal

PENDING = Q(sent_at=None, failed_at=None)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Pending messages whose time has come, oldest first."""
        return self.filter(PENDING, due_at__lte=now).order_by("due_at")


class Message(models.Model):
    """Something to tell one citizen, once.

    due_at      when to try; pushed forward while somebody is trying (a lease), or to try again
    attempts    how many times it was claimed; names the lease of the last one who did
    last_error  class of the last failure, and the relay's code; never its text, which may quote
                the recipient
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField("nature", max_length=40, choices=kind_choices)
    recipient = models.BinaryField("destinataire scellé", null=True, blank=True)
    context = models.JSONField("contenu")
    created_at = models.DateTimeField("créé le")
    due_at = models.DateTimeField("à envoyer le")
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    failed_at = models.DateTimeField("abandonné le", null=True, blank=True)
    last_error = models.CharField("dernière erreur", max_length=100, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["due_at"], condition=PENDING, name="message_pending")]
        constraints = [
            models.CheckConstraint(
                condition=Q(PENDING, recipient__isnull=False) | Q(~PENDING, recipient=None),
                name="message_recipient_only_while_pending",
                violation_error_message="Un message envoyé ou abandonné n’a plus de destinataire.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None),
                name="message_sent_or_failed",
                violation_error_message="Un message est envoyé ou abandonné, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def spec(self) -> Kind:
        return CATALOGUE[self.kind]

    def seal_recipient(self, address: str) -> None:
        """Keep the address where only this row and the server's key open it."""
        self.recipient = seal(address.encode(), key=_sealing_key(), context=self._seal_context())

    def open_recipient(self) -> str:
        """Return the address.

        Raises SealBroken when the row, the key or the box is another.
        """
        box = bytes(self.recipient or b"")
        return open_sealed(box, key=_sealing_key(), context=self._seal_context()).decode()

    def mark_sent(self, now: datetime) -> None:
        """Record that the relay took the message, and forget the recipient.

        Whoever sent it may say so, even if its lease had expired meanwhile.
        """
        self._pending().update(sent_at=now, recipient=None, last_error="")

    def mark_failed(self, now: datetime, *, error: str) -> None:
        """Record that the message will never be sent, and forget the recipient."""
        self._leased().update(failed_at=now, recipient=None, last_error=error)

    def postpone(self, until: datetime, *, error: str) -> None:
        """Record a failure that another attempt may mend."""
        self._leased().update(due_at=until, last_error=error)

    def _pending(self) -> MessageQuerySet:
        return Message.objects.filter(PENDING, pk=self.pk)

    def _leased(self) -> MessageQuerySet:
        return self._pending().filter(attempts=self.attempts)

    def _seal_context(self) -> bytes:
        return b"notifications.message.recipient:" + self.id.bytes


def lease(messages: list[Message], *, until: datetime) -> None:
    """Make the messages ours until then: nobody else finds them due."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        due_at=until, attempts=F("attempts") + 1
    )
    for message in messages:
        message.due_at = until
        message.attempts += 1


def _sealing_key() -> bytes:
    return _derived(settings.SEALING_KEY)


@lru_cache(maxsize=4)
def _derived(server_key: bytes) -> bytes:
    return derive_server_key(server_key, purpose="outbox")
