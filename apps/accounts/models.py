"""The citizen's account and the staff user. No citizen credential, no citizen identity."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models

from apps.statements.execution import run

# Found or made in one statement, so that two tabs of one person never race.
_RECOGNISE = """
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
    last_sign_in = models.DateTimeField("dernière connexion")

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"

    def __str__(self) -> str:
        return str(self.id)

    @staticmethod
    def recognise(identity_hash: str, *, now: datetime) -> "Account":
        """Return the account of this person, made at its first sign-in; two tabs make one."""
        ((pk, active),) = run(_RECOGNISE, [uuid.uuid4(), identity_hash, now]).rows
        return Account(id=pk, identity_hash=identity_hash, active=active, last_sign_in=now)


class StaffUser(AbstractUser):
    """An agent of the back-office: administrator or auditor. Never a citizen."""

    class Meta:
        verbose_name = "agent"
        verbose_name_plural = "agents"
