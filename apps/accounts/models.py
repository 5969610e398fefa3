"""The citizen's account and the staff user. No citizen credential, no citizen identity."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction

from apps.statements import writing
from apps.statements.execution import run
from apps.statements.lookup import Lookup

# Found or made in one statement, so that two tabs of one person never race.
_MAKE = """
    INSERT INTO accounts_account (id, identity_hash, active, created_at, last_sign_in)
    VALUES ($1, $2, true, $3, $3)
    ON CONFLICT (identity_hash) DO UPDATE SET last_sign_in = EXCLUDED.last_sign_in
    RETURNING id, active
"""


class Account(models.Model):
    """A natural person, known only by the keyed hash of the pivot identity.

    The same person coming through another identity provider finds the same account; nobody can go
    from the row back to the person without the key, which is not in the database.
    """

    id = models.UUIDField("identifiant", primary_key=True, default=uuid.uuid4, editable=False)
    identity_hash = models.CharField("empreinte d’identité", max_length=64, unique=True)
    active = models.BooleanField("actif", default=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    last_sign_in = models.DateTimeField("dernière connexion", null=True)

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"

    def __str__(self) -> str:
        return str(self.id)

    @staticmethod
    @contextmanager
    def recognised(
        identity_hash: str, *, now: datetime
    ) -> Iterator[tuple["Account", list[writing.Part]]]:
        """Give the account of this person, and what to write with the fact that it signed in.

        An account is made at the first sign-in, in a transaction that lasts as long as the block:
        no account is kept of a sign-in that failed. Two tabs of one person make one account.
        """
        known = _KNOWN.first(identity_hash)
        if known is not None:
            yield known, [writing.Change(Account, {"id": known.pk}, {"last_sign_in": now})]
            return
        with transaction.atomic():
            ((pk, active),) = run(_MAKE, [uuid.uuid4(), identity_hash, now]).rows
            yield Account(id=pk, identity_hash=identity_hash, active=active, last_sign_in=now), []

    @classmethod
    def kept_for(cls, identity_hash: str) -> "Account":
        """Return the account of this person, made now if they never signed in."""
        account, _ = cls.objects.get_or_create(identity_hash=identity_hash)
        return account

    def turn(self, *, active: bool) -> bool:
        """Close or reopen the account; False when it was so already."""
        changed = Account.objects.filter(pk=self.pk, active=not active).update(active=active)
        self.active = active
        return bool(changed)


_KNOWN = Lookup(
    lambda value: Account.objects.filter(identity_hash=value).only("identity_hash", "active"),
    sample="a sample that no row holds",
)


class StaffUser(AbstractUser):
    """An agent of the back-office: administrator or auditor. Never a citizen."""

    class Meta:
        verbose_name = "agent"
        verbose_name_plural = "agents"
