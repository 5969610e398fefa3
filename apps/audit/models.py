"""One line of the journal.

The table is partitioned by month on `at` (PostgreSQL native partitions), so that the retention of
a month is the life of a table. Django knows the model but not the partitioning: the first migration
writes the table itself. The primary key is physically (id, at), as a partitioned table requires;
Django sees `id` alone, which an identity column of the parent keeps unique, because its admin
cannot address a composite key.

Append-only: `Entry` refuses in Python what a trigger refuses in PostgreSQL (UPDATE, DELETE and
TRUNCATE). Triggers do not bind the owner of the table, who can drop them: in production the
application connects as another role.
"""

from typing import Any, NoReturn

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from apps.audit.events import event_choices


class AppendOnly(Exception):
    """Somebody tried to write the journal other than by `apps.audit.journal`."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads. Of the ways to write that a query set has, none is open."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("apps.audit.journal is the only writer")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("a line of the journal is never changed")

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("a line of the journal is never changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("a line of the journal is never deleted")


class Entry(models.Model):
    """Something that happened, once, in the past tense.

    A fact that agents filter by has its column; the others are in `facts`. An absent fact is null,
    or the empty string where it is a text.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("date")
    event = models.CharField("événement", max_length=64, choices=event_choices)
    step = models.CharField("étape", max_length=8)
    sign_in = models.UUIDField("connexion", null=True, blank=True)
    sp = models.CharField("service", max_length=100, blank=True)
    idp = models.CharField("fournisseur d’identité", max_length=100, blank=True)
    account = models.UUIDField("compte pseudonyme", null=True, blank=True)
    browsing_session = models.CharField("session de navigation", max_length=64, blank=True)
    is_sso = models.BooleanField("session déjà ouverte", null=True, blank=True)
    code = models.CharField("code d’erreur", max_length=8, blank=True)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    port = models.PositiveIntegerField("port source", null=True, blank=True)
    actor = models.CharField("agent", max_length=150, blank=True)
    facts = models.JSONField("autres faits", default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["sign_in"], name="audit_entry_sign_in"),
            models.Index(fields=["browsing_session"], name="audit_entry_browsing_session"),
            models.Index(fields=["sp", "id"], name="audit_entry_sp"),
            models.Index(fields=["idp", "id"], name="audit_entry_idp"),
            models.Index(fields=["event", "id"], name="audit_entry_event"),
            BrinIndex(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.step} {self.event}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("apps.audit.journal is the only writer")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("a line of the journal is never deleted")
