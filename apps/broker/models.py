"""The memory of the sign-in. Short-lived rows; identities in them are sealed under bearer secrets.

A bearer secret is never in the database: the SHA-256 of it is, which finds the row, and the blob
beside it opens only with the secret itself (`apps.protocol.sealing`):

    SignIn        the transaction's cookie       until the code is given, 30 min at most
    SsoSession    the session's cookie           30 min after the last grant
    Grant         the authorization code         30 s
    AccessToken   the access token               60 s

References to partners carry neither index nor constraint: nobody asks for the sign-ins of a partner
here (the journal answers), and each constraint would lock its row once a sign-in. Django keeps what
they stand for: a partner that a sign-in or a session names is not deleted.

`user` on the rows of django-oauth-toolkit is the SignIn: no citizen is ever a Django user.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from apps.accounts.models import Account
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors
from apps.protocol.authentication_request import AuthenticationRequest
from apps.protocol.decline import Decline
from apps.protocol.errors import ProtocolError
from apps.protocol.journey import Event, State, advance, sources
from apps.service_providers.models import ServiceProvider
from apps.statements import writing

LIFETIME = timedelta(minutes=30)
RETURNS = (Event.COME_BACK, Event.DECLINE)  # how a trip to a provider ends
_STATES = [(state.value, state.value) for state in State]
_DECLINES = [(reason.value, reason.value) for reason in Decline]


def _partner(model: type[models.Model], *, null: bool = False) -> Any:
    """Return a reference to a partner, from a row that lives minutes and holds it back meanwhile."""
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=null,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


class SsoSession(models.Model):
    """What lets one browser go from one service to the next without typing anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    identity_provider = _partner(IdentityProvider)
    acr = models.CharField(max_length=16)
    amr = models.JSONField(default=list)
    auth_time = models.BigIntegerField()
    browsing_session = models.UUIDField()
    sealed = models.BinaryField()
    services = ArrayField(models.CharField(max_length=255), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return str(self.id)


class SignIn(models.Model):
    """One citizen on the way to one service; several may run in one browser."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_provider = _partner(ServiceProvider)
    state = models.CharField(max_length=16, choices=_STATES)
    request = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    browsing_session = models.UUIDField(default=uuid.uuid4)
    identity_provider = _partner(IdentityProvider, null=True)
    idp_state_fingerprint = models.CharField(max_length=64, null=True, unique=True)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    decline = models.CharField(max_length=16, choices=_DECLINES, blank=True, default="")
    is_sso = models.BooleanField(default=False)
    idp_acr = models.CharField(max_length=16, blank=True, default="")
    acr = models.CharField(max_length=16, blank=True, default="")
    amr = models.JSONField(default=list)
    auth_time = models.BigIntegerField(null=True)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "connexion en cours"
        verbose_name_plural = "connexions en cours"

    def __str__(self) -> str:
        return str(self.id)

    @cached_property
    def asked(self) -> AuthenticationRequest:
        """Return what the service asked, checked when it came."""
        return AuthenticationRequest.from_dict(self.request)

    @contextmanager
    def moving(self, event: Event, **changes: object) -> Iterator[list[writing.Part]]:
        """Move along the journey, with what the block adds to the list, in one statement.

        Inside the block the sign-in already reads as moved, so that what is written tells of it.
        Nothing is read first: the statement itself filters on the states that accept the event, so
        that of two parallel requests for a single-use step one wins. A return from a provider
        counts for the trip that it ends, and for no other that began meanwhile (RFC 9700 §4.4).
        When the block or the statement fails, nothing is written and the sign-in reads as before.
        Raises ProtocolError: STEP_REFUSED, STEP_REPLAYED.
        """
        values = {"state": advance(State(self.state), event), **changes}
        expected = {"id": self.pk, "state": list(sources(event))}
        if event in RETURNS:
            expected["idp_state_fingerprint"] = self.idp_state_fingerprint
            values["idp_state_fingerprint"] = None
        fields, related = dict(self.__dict__), dict(self._state.fields_cache)
        written: list[writing.Part] = []
        try:
            for name, value in values.items():
                setattr(self, name, value)
            yield written
            if not writing.change(writing.Change(SignIn, expected, values), *written):
                raise ProtocolError(errors.STEP_REPLAYED, debug=f"{event} lost a race")
        except BaseException:
            self.__dict__ = fields
            self._state.fields_cache = related
            raise

    def use_state_up(self, fingerprint: str) -> bool:
        """Use the state of the trip to the provider up; True for exactly one caller.

        What replaces it, until the return is judged, finds no row: it is not a fingerprint.
        """
        waiting = {"id": self.pk, "idp_state_fingerprint": fingerprint}
        used = {"idp_state_fingerprint": f"used {fingerprint}"[: len(fingerprint)]}
        if not writing.change(writing.Change(SignIn, waiting, used)):
            return False
        self.idp_state_fingerprint = used["idp_state_fingerprint"]
        return True


class Grant(AbstractGrant):
    """An authorization code, kept as its SHA-256."""

    application = _partner(ServiceProvider)
    user = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField(null=True)
    consumed_at = models.DateTimeField(null=True)

    class Meta(AbstractGrant.Meta):
        verbose_name = "code"

    def consume(self, *written: writing.Part) -> bool:
        """Use the code up with what goes with it; True for exactly one caller, whatever their number."""
        unused = {"id": self.pk, "consumed_at": None}
        used = {"consumed_at": datetime.now(UTC), "sealed": None}
        return writing.change(writing.Change(Grant, unused, used), *written)


class IDToken(AbstractIDToken):
    """Asked for by django-oauth-toolkit; no row is ever written."""

    user = models.ForeignKey(SignIn, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta(AbstractIDToken.Meta):
        verbose_name = "ID token"


class AccessToken(AbstractAccessToken):
    """An access token, kept as its SHA-256."""

    application = _partner(ServiceProvider, null=True)
    source_refresh_token = None
    id_token = None
    user = models.ForeignKey(SignIn, on_delete=models.CASCADE, null=True, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, null=True, related_name="+")
    sealed = models.BinaryField(null=True)

    class Meta(AbstractAccessToken.Meta):
        verbose_name = "jeton d’accès"
        verbose_name_plural = "jetons d’accès"


class RefreshToken(AbstractRefreshToken):
    """Asked for by django-oauth-toolkit; FranceConnect gives no refresh token."""

    user = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="+")

    class Meta(AbstractRefreshToken.Meta):
        verbose_name = "jeton de rafraîchissement"
