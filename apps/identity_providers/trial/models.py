"""Trial: one agent on the way to one provider and back. No row holds anything of the person.

Three secrets, each known here by its SHA-256 alone: the token of the link that begins it, the
cookie of the browser that began it, the `state` that left with it. Each is used once.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db import models

from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.trial.report import Report
from apps.protocol import jose, sealing
from apps.protocol.acr import Acr
from apps.statements import writing

if TYPE_CHECKING:
    from apps.identity_providers.models import IdentityProvider

LIFETIME: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=30)


class Status(StrEnum):
    WAITING = "waiting"  # the agent has the link
    AT_PROVIDER = "at_provider"
    RETURNED = "returned"  # the provider is being asked
    ENDED = "ended"  # there is a report


class Trial(models.Model):
    """One trial of a provider, by one agent, at one level.

    issuer, client_id  the configuration that was tried
    report_url         the agent's page, where the trial ends
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A trial tells about a provider and nothing else: it goes with it, and never holds it back.
    provider = models.ForeignKey(
        "identity_providers.IdentityProvider", on_delete=models.CASCADE, related_name="trials"
    )
    issuer = models.CharField(max_length=512)
    client_id = models.CharField(max_length=255)
    agent = models.CharField(max_length=150)
    acr = models.CharField(max_length=16, choices=[(level.value, level.value) for level in Acr])
    report_url = models.CharField(max_length=512)
    status = models.CharField(
        max_length=16,
        choices=[(status.value, status.value) for status in Status],
        default=Status.WAITING.value,
    )
    start_fingerprint = models.CharField(max_length=64, null=True, unique=True)
    browser_fingerprint = models.CharField(max_length=64, blank=True, default="")
    state_fingerprint = models.CharField(max_length=64, null=True, unique=True)
    verdict = models.CharField(
        max_length=16,
        choices=[(severity.value, severity.label) for severity in Severity],
        blank=True,
        default="",
    )
    report = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "connexion d’essai"
        verbose_name_plural = "connexions d’essai"

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def begun(
        cls,
        provider: "IdentityProvider",
        *,
        agent: str,
        level: Acr,
        report_url: Callable[[uuid.UUID], str],
    ) -> tuple["Trial", str]:
        """Return a new trial, saved, and the token of the link that begins it.

        report_url  gives the page of the report, where a trial of that id ends
        """
        token = jose.random_token()
        trial = cls(
            provider=provider,
            issuer=provider.issuer,
            client_id=provider.client_id,
            agent=agent,
            acr=level.value,
            start_fingerprint=sealing.fingerprint(token),
            expires_at=datetime.now(UTC) + LIFETIME,
        )
        trial.report_url = report_url(trial.pk)
        trial.save(force_insert=True)
        return trial, token

    @classmethod
    def last_good(cls, provider: "IdentityProvider") -> "Trial | None":
        """Return the last trial of this provider that found nothing blocking, as it is configured now."""
        return (
            cls.objects.filter(
                provider=provider,
                issuer=provider.issuer,
                client_id=provider.client_id,
                verdict__in=[Severity.CONFORM.value, Severity.WARNING.value],
            )
            .order_by("-ended_at")
            .first()
        )

    def leave(self, token: str, *, browser: str, state: str) -> bool:
        """Use the link up and note what leaves with the browser; True for exactly one caller."""
        return self._move(
            {"start_fingerprint": sealing.fingerprint(token), "status": Status.WAITING},
            {
                "start_fingerprint": None,
                "browser_fingerprint": sealing.fingerprint(browser),
                "state_fingerprint": sealing.fingerprint(state),
                "status": Status.AT_PROVIDER,
            },
        )

    def use_state_up(self, state: str) -> bool:
        """Use the state of the trip up; True for exactly one caller."""
        return self._move(
            {"state_fingerprint": sealing.fingerprint(state), "status": Status.AT_PROVIDER},
            {"state_fingerprint": None, "status": Status.RETURNED},
        )

    def end(self, report: Report, *written: writing.Part) -> bool:
        """Keep the report of a trial that has none, with what tells of it, in one statement."""
        return self._move(
            {"status": [Status.AT_PROVIDER.value, Status.RETURNED.value]},
            {
                "status": Status.ENDED,
                "state_fingerprint": None,
                "verdict": report.verdict.value,
                "report": report.to_dict(),
                "ended_at": datetime.now(UTC),
            },
            *written,
        )

    def _move(
        self, expected: dict[str, object], values: dict[str, object], *written: writing.Part
    ) -> bool:
        change = writing.Change(Trial, {"id": self.pk, **expected}, values)
        return writing.change(change, *written)

    @property
    def is_over(self) -> bool:
        """Tell whether there is a report to read."""
        return self.status == Status.ENDED

    @property
    def is_lost(self) -> bool:
        """Tell whether it will never end: the agent did not come back in time."""
        return not self.is_over and self.expires_at <= datetime.now(UTC)

    @property
    def is_as_configured(self) -> bool:
        """Tell whether what was tried is what the provider's row says now."""
        return (self.issuer, self.client_id) == (self.provider.issuer, self.provider.client_id)

    @property
    def severity(self) -> Severity | None:
        """The verdict, once there is one."""
        return Severity(self.verdict) if self.verdict else None

    @property
    def found(self) -> Report | None:
        """The report, once there is one."""
        return Report.from_dict(self.report) if self.report else None
