"""The figures of the home page: the two registries, and the sign-ins of the last hour."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils import timezone

from apps.accounts.models import StaffUser
from apps.audit import events
from apps.audit.models import Entry
from apps.identity_providers import history
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider

PERIOD: Final = timedelta(hours=1)
GRANTED: Final = events.FC_REDIRECTED_TO_SP.name
REFUSED: Final = events.SIGN_IN_REFUSED.name


@dataclass(frozen=True)
class Partners:
    """The rows of one registry."""

    active: int
    inactive: int
    relaxed: int = 0


@dataclass(frozen=True)
class SignIns:
    """The sign-ins of the last hour; `ever` tells whether one succeeded since the beginning."""

    granted: int
    refused: int
    ever: bool


@dataclass(frozen=True)
class Dashboard:
    """What an agent sees on arrival; None where they may not look."""

    identity_providers: Partners | None
    service_providers: Partners | None
    sign_ins: SignIns | None

    @property
    def is_fresh(self) -> bool:
        """Tell whether the platform still lacks something before its first sign-in."""
        partners = (self.identity_providers, self.service_providers)
        lacks_partner = any(rows is not None and rows.active == 0 for rows in partners)
        return lacks_partner or (self.sign_ins is not None and not self.sign_ins.ever)


def build(user: StaffUser | AnonymousUser) -> Dashboard:
    """Return the figures that this agent may see."""
    return Dashboard(
        _identity_providers()
        if user.has_perm("identity_providers.view_identityprovider")
        else None,
        _service_providers() if user.has_perm("service_providers.view_serviceprovider") else None,
        _sign_ins() if user.has_perm("audit.view_entry") else None,
    )


def _identity_providers() -> Partners:
    counts = IdentityProvider.objects.aggregate(
        all=Count("pk"), usable=Count("pk", filter=Q(active=True))
    )
    return Partners(counts["usable"], counts["all"] - counts["usable"])


def _service_providers() -> Partners:
    services = ServiceProvider.objects.defer(history.SECRET)
    active = [service for service in services if service.active]
    relaxed = sum(bool(service.relaxations) for service in active)
    return Partners(len(active), len(services) - len(active), relaxed)


def _sign_ins() -> SignIns:
    recent = Entry.objects.filter(at__gte=timezone.now() - PERIOD)
    return SignIns(
        granted=recent.filter(event=GRANTED).count(),
        refused=recent.filter(event=REFUSED).count(),
        ever=Entry.objects.filter(event=GRANTED).exists(),
    )
