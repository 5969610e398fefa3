"""Every change of a partner, by whoever and by whichever way, becomes lines of the journal.

Called in the transaction of the change: both happen or neither does. Lines carry names of fields,
never values.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from apps.accounts.models import StaffUser
from apps.audit import events, journal
from apps.audit.facts import VOCABULARY
from apps.identity_providers.analysis.findings import Finding, Report
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.partner_files import PartnerChange
from apps.service_providers.importing import ServiceChange
from apps.service_providers.models import ServiceProvider

# What the fact `object` does not take: a host may be written with %-escapes (RFC 3986 §3.2.2).
_NOT_IN_A_HOST: Final = re.compile(r"[^A-Za-z0-9._:-]")


@dataclass(frozen=True)
class Actor:
    """Who changes something: an agent with where they come from, or a command."""

    name: str
    ip: str = ""
    port: int | None = None

    @classmethod
    def of_request(cls, request: HttpRequest) -> "Actor":
        """Return the agent of a request."""
        port = str(request.META.get("REMOTE_PORT", ""))
        address = str(request.META.get("REMOTE_ADDR", ""))
        return cls(_name(request.user), address, int(port) if port.isdigit() else None)


def _name(user: StaffUser | AnonymousUser) -> str:
    """Return the name of an agent as the journal accepts it: an address of e-mail becomes a key."""
    name = user.get_username()
    pattern = VOCABULARY["actor"].pattern
    return name if pattern and re.fullmatch(pattern, name) else f"agent:{user.pk}"


def identity_provider_changed(change: PartnerChange[IdentityProvider], actor: Actor) -> None:
    """Journal the change of an identity provider; nothing when nothing changed."""
    if not change.fields:
        return
    facts = _act_on(change.partner, actor)
    journal.append(events.PARTNER_CHANGED, fields=_names(change.fields), **facts)


def identity_provider_deleted(provider: IdentityProvider, actor: Actor) -> None:
    """Journal that an identity provider left the registry."""
    journal.append(events.PARTNER_DELETED, **_act_on(provider, actor))


def identity_provider_analysed(
    report: Report, actor: Actor, *, provider: IdentityProvider | None = None
) -> None:
    """Journal that an issuer was analysed: its host, and the worst severity found."""
    host = urlsplit(report.issuer).hostname or ""
    known = provider is not None and provider.pk is not None
    journal.append(
        events.IDENTITY_PROVIDER_ANALYSED,
        object=f"issuer:{_NOT_IN_A_HOST.sub('-', host)[:100]}",
        outcome=report.verdict.value,
        **_of_actor(actor),
        **(_of_provider(provider) if provider and known else {}),
    )


def identity_provider_trial_begun(provider: IdentityProvider, actor: Actor) -> None:
    """Journal that an agent begins to try a provider; the broker journals how it ended."""
    facts = {**_of_actor(actor), **_of_provider(provider)}
    journal.append(events.IDENTITY_PROVIDER_TRIAL_BEGUN, **facts)


def findings_overridden(
    provider: IdentityProvider, findings: Collection[Finding], reason: str, actor: Actor
) -> None:
    """Journal that a provider was activated although these findings forbade it."""
    journal.append(
        events.BLOCKING_FINDINGS_OVERRIDDEN,
        fields=_names([finding.check for finding in findings]),
        reason=reason,
        **_act_on(provider, actor),
    )


def service_provider_changed(change: ServiceChange, actor: Actor) -> None:
    """Journal the change of a service, the relaxation of its policy, the end of its secret."""
    if not change.fields:
        return
    service = change.partner
    facts = _of_service(service, actor)
    lines = [journal.build(events.PARTNER_CHANGED, fields=_names(change.fields), **facts)]
    if change.relaxed:
        lines.append(journal.build(events.POLICY_RELAXED, fields=_names(change.relaxed), **facts))
    if change.replaced_secret:
        lines.append(journal.build(events.CLIENT_SECRET_ROTATED, **facts))
    journal.append_many(lines)


def client_secret_rotated(service: ServiceProvider, actor: Actor) -> None:
    """Journal that the former secret of a service is dead."""
    journal.append(events.CLIENT_SECRET_ROTATED, **_of_service(service, actor))


def _act_on(provider: IdentityProvider, actor: Actor) -> dict[str, Any]:
    """Return the facts of an act that changes a provider."""
    changed = {"object": f"identity_provider:{provider.uid}"}
    return {**changed, **_of_actor(actor), **_of_provider(provider)}


def _of_actor(actor: Actor) -> dict[str, Any]:
    return {"actor": actor.name, "ip": actor.ip, "port": actor.port}


def _of_provider(provider: IdentityProvider) -> dict[str, Any]:
    return {"idp": provider.uid, "idp_label": provider.title}


def _of_service(service: ServiceProvider, actor: Actor) -> dict[str, Any]:
    return {
        **_of_actor(actor),
        "object": f"service_provider:{service.client_id}",
        "sp": service.client_id,
        "sp_name": service.name,
        "sp_type": service.kind,
    }


def _names(fields: Collection[str]) -> str:
    return " ".join(sorted(fields))
