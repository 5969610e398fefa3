"""The citizen's account and the staff user. No citizen credential, no citizen identity."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models


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
        account = Account(identity_hash=identity_hash, last_sign_in=now)
        Account.objects.bulk_create(
            [account],
            update_conflicts=True,
            unique_fields=["identity_hash"],
            update_fields=["last_sign_in"],
        )
        return Account.objects.get(identity_hash=identity_hash)


class StaffUser(AbstractUser):
    """An agent of the back-office: administrator or auditor. Never a citizen."""

    class Meta:
        verbose_name = "agent"
        verbose_name_plural = "agents"
