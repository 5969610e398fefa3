"""How identity providers are doing, read in the journal: the last hour, and the last success.

A sign-in by a session that was already open says nothing of its provider: only those that went
there count. A success is FC_VERIFIED; a failure is SIGN_IN_REFUSED with an error that is the
provider's; a citizen who declined there is neither.

The cost does not depend on the number of providers: two statements for a list, three for one page,
four for that of a silent one.
Those of the last hour read the end of one partition by the BRIN index on `at`; the last success of
each provider is found from the end of the index on (idp, id), over LAST_SUCCESS at most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final

from django.db.models import (
    Aggregate,
    Count,
    FloatField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncMinute
from django.utils import timezone

from apps.audit import events
from apps.audit.models import Entry
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors

PERIOD: Final = timedelta(hours=1)
LAST_SUCCESS: Final = timedelta(days=30)
SLICE: Final = timedelta(minutes=5)
ABNORMAL_COUNT: Final = 3  # breakdowns in the last hour, at least
ABNORMAL_SHARE: Final = 0.2  # of the attempts of the last hour, at least

NOT_THE_PROVIDER_S: Final = (  # ours, the service's, the browser's or the civil register's
    errors.IDP_INACTIVE,
    errors.IDP_UNKNOWN,
    errors.IDP_FILTERED,
    errors.CALLBACK_STATE_MISSING,
    errors.CALLBACK_STATE_WRONG,
    errors.REGISTER_SILENT,
    errors.REGISTER_UNAVAILABLE,
    errors.REGISTER_REFUSED,
    errors.REGISTER_UNUSABLE,
)
OF_ONE_PERSON: Final = (  # no breakdown
    errors.IDENTITY_MALFORMED,
    errors.EMAIL_MISSING,
    errors.REGISTER_ONE_NEAR,
    errors.REGISTER_SEVERAL_NEAR,
    errors.REGISTER_MARITAL_NAME,
    errors.REGISTER_UNKNOWN,
)
FAILURES: Final = {
    spec.code: spec
    for spec in errors.CATALOGUE.values()
    if spec.can_choose_another and spec not in NOT_THE_PROVIDER_S
}
BREAKDOWNS: Final = FAILURES.keys() - {spec.code for spec in OF_ONE_PERSON}


class Stage(StrEnum):
    """Where a sign-in breaks down, as an agent says it."""

    DISCOVERY = "configuration et clés"
    RETURN = "retour de l’usager"
    TOKEN = "jeton"  # noqa: S105 - a word of French
    ID_TOKEN = "ID token"  # noqa: S105 - the name of a step
    USERINFO = "identité"
    LEVEL = "niveau"


_STAGES: Final = {
    Stage.DISCOVERY: ("idp_unavailable", "idp_key_unknown"),
    Stage.RETURN: ("callback_",),
    Stage.TOKEN: ("idp_token_",),
    Stage.ID_TOKEN: ("id_token_",),
    Stage.LEVEL: ("acr_",),
}


def stage_of(spec: errors.ErrorSpec) -> Stage:
    """Return the stage at which this error happens."""
    found = (stage for stage, starts in _STAGES.items() if spec.slug.startswith(starts))
    return next(found, Stage.USERINFO)


class State(StrEnum):
    """What an agent must know first."""

    SILENT = "aucune connexion"
    GOOD = "fonctionne"
    DEGRADED = "échecs anormaux"


@dataclass(frozen=True)
class Failure:
    """One error of the last hour."""

    spec: errors.ErrorSpec
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Health:
    """One provider over the last hour. median: milliseconds, None when nothing was measured.

    declined       citizens who gave up at the provider
    rotations      keys that were new, and found by reading the keys again
    outages        times that a process stopped sending people there, after failures in a row
    last_outage    the newest of them, None when there was none in the hour
    last_success   None when there was none for LAST_SUCCESS
    """

    successes: int = 0
    declined: int = 0
    rotations: int = 0
    outages: int = 0
    last_outage: datetime | None = None
    median: int | None = None
    last_success: datetime | None = None
    failures: Sequence[Failure] = ()

    @property
    def failed(self) -> int:
        return sum(failure.count for failure in self.failures)

    @property
    def attempts(self) -> int:
        return self.successes + self.failed

    @property
    def rate(self) -> int | None:
        """Return the percentage of successes, rounded down: 100 means no failure at all."""
        return self.successes * 100 // self.attempts if self.attempts else None

    @property
    def breakdowns(self) -> Sequence[Failure]:
        return [failure for failure in self.failures if failure.spec.code in BREAKDOWNS]

    @property
    def state(self) -> State:
        broken = sum(failure.count for failure in self.breakdowns)
        if broken >= ABNORMAL_COUNT and broken >= ABNORMAL_SHARE * self.attempts:
            return State.DEGRADED
        return State.GOOD if self.attempts or self.declined else State.SILENT

    @property
    def stage(self) -> Stage | None:
        """Return the stage at which most breakdowns happened."""
        counts: dict[Stage, int] = {}
        for failure in self.breakdowns:
            stage = stage_of(failure.spec)
            counts[stage] = counts.get(stage, 0) + failure.count
        return max(counts, key=lambda stage: counts[stage]) if counts else None

    @property
    def unknown_keys(self) -> int:
        """Return how many answers were refused for a key that the provider does not publish."""
        code = errors.IDP_KEY_UNKNOWN.code
        return sum(failure.count for failure in self.failures if failure.spec.code == code)


@dataclass(frozen=True)
class Trouble:
    """When breakdowns became abnormal; `until` is None when they still are."""

    since: datetime
    until: datetime | None


class _Median(Aggregate):
    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def of_all(providers: Iterable[IdentityProvider]) -> dict[str, Health]:
    """Return the health of these providers by uid, in two statements however many they are."""
    uids = [provider.uid for provider in providers]
    now = timezone.now()
    counted: dict[str, dict[str, Any]] = {uid: {} for uid in uids}
    failures: dict[str, list[Failure]] = {uid: [] for uid in uids}
    for row in last_hour(uids, now):
        uid, code = row["idp"], row["code"]
        if not code:
            counted[uid] = row
        elif code in FAILURES:
            failures[uid].append(Failure(FAILURES[code], row["refused"], row["first"], row["last"]))
    latest = dict(last_successes(uids, now))
    return {uid: _health(counted[uid], failures[uid], latest.get(uid)) for uid in uids}


def _health(row: Mapping[str, Any], failures: Iterable[Failure], latest: datetime | None) -> Health:
    median = row.get("median")
    return Health(
        successes=row.get("successes", 0),
        declined=row.get("declined", 0),
        rotations=row.get("rotations", 0),
        outages=row.get("outages", 0),
        last_outage=row.get("last_outage"),
        median=None if median is None else round(median),
        last_success=latest,
        failures=sorted(failures, key=lambda failure: -failure.count),
    )


def last_hour(uids: Sequence[str], now: datetime) -> QuerySet[Entry, Any]:
    """Return the counts of the last hour, one row for each provider and error code ("" for none)."""
    received = Q(event=events.FC_REQUESTED_IDP_USERINFO.name)
    told = (
        events.FC_VERIFIED,
        events.SIGN_IN_REFUSED,
        events.IDP_CALLEDBACK_WITH_ERROR,
        events.FC_REQUESTED_IDP_USERINFO,
        events.IDP_CIRCUIT_OPENED,
    )
    recent = Entry.objects.filter(
        at__gt=now - PERIOD, idp__in=uids, event__in=[event.name for event in told]
    )
    refused = Q(event=events.SIGN_IN_REFUSED.name)
    opened = Q(event=events.IDP_CIRCUIT_OPENED.name)
    return (
        recent.order_by()
        .values("idp", "code")
        .annotate(
            successes=Count("pk", filter=Q(event=events.FC_VERIFIED.name) & Q(is_sso=False)),
            declined=Count("pk", filter=Q(event=events.IDP_CALLEDBACK_WITH_ERROR.name)),
            rotations=Count("pk", filter=received & Q(facts__idp_rotated=True)),
            median=_Median(Cast(KT("facts__idp_ms"), IntegerField()), filter=received),
            outages=Count("pk", filter=opened),
            last_outage=Max("at", filter=opened),
            refused=Count("pk", filter=refused),
            first=Min("at", filter=refused),
            last=Max("at", filter=refused),
        )
    )


def last_successes(uids: Sequence[str], now: datetime) -> QuerySet[Any, tuple[str, datetime]]:
    """Return the uid and the date of the last success of each provider."""
    verified = (
        Entry.objects.filter(
            idp=OuterRef("uid"),
            event=events.FC_VERIFIED.name,
            is_sso=False,
            at__gt=now - LAST_SUCCESS,
        )
        .order_by("-id")
        .values("at")[:1]
    )
    providers = IdentityProvider.objects.filter(uid__in=uids).order_by()
    return providers.annotate(latest=Subquery(verified)).values_list("uid", "latest")


def outage_since(
    provider: IdentityProvider, success: datetime | None, now: datetime
) -> datetime | None:
    """Return when people stopped being sent to a provider after its last success, if they did.

    Once they are not, nothing is journalled of it any more: a silence has no other trace.
    """
    after = max(success, now - LAST_SUCCESS) if success else now - LAST_SUCCESS
    opened = Entry.objects.filter(
        idp=provider.uid, event=events.IDP_CIRCUIT_OPENED.name, at__gt=after
    )
    return opened.order_by("-id").values_list("at", flat=True).first()


def trouble_of(provider: IdentityProvider, now: datetime) -> Trouble | None:
    """Return when the breakdowns of the last hour began to be abnormal, or None without any.

    By slices of SLICE: the last slices in a row with too many breakdowns are the trouble of now. When
    the last slice is good, it is over: the trouble is all that broke down in the hour.
    """
    slices: dict[int, list[Any]] = {}
    for row in minutes_of(provider, now):
        slices.setdefault(int((now - row["minute"]) / SLICE), []).append(row)
    run = list(takewhile(_is_abnormal, (slices[age] for age in sorted(slices))))
    told = [row for rows in run or slices.values() for row in rows if row["broken"]]
    if not told:
        return None
    until = None if run else max(row["last"] for row in told)
    return Trouble(min(row["first"] for row in told), until)


def minutes_of(provider: IdentityProvider, now: datetime) -> QuerySet[Entry, Any]:
    """Return the attempts and the breakdowns of the last hour, minute by minute."""
    broken = Q(event=events.SIGN_IN_REFUSED.name, code__in=sorted(BREAKDOWNS))
    succeeded = Q(event=events.FC_VERIFIED.name, is_sso=False)
    return (
        Entry.objects.filter(broken | succeeded, at__gt=now - PERIOD, idp=provider.uid)
        .order_by()
        .annotate(minute=TruncMinute("at", tzinfo=UTC))
        .values("minute")
        .annotate(
            attempts=Count("pk"),
            broken=Count("pk", filter=broken),
            first=Min("at", filter=broken),
            last=Max("at", filter=broken),
        )
    )


def _is_abnormal(rows: Iterable[Any]) -> bool:
    attempts = broken = 0
    for row in rows:
        attempts, broken = attempts + row["attempts"], broken + row["broken"]
    return broken >= ABNORMAL_SHARE * attempts
