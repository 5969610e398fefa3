"""The home page of the sandbox."""

import json
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.sandbox import partners, probes
from apps.sandbox.home import clock
from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.models import Mail, RegisterMode, RegisterSwitch
from apps.sandbox.personas import directory, traits
from apps.sandbox.personas.catalogue import Persona
from apps.sandbox.personas.traits import TRAITS, Trait
from apps.sandbox.service_provider.catalogue import SERVICES


@dataclass(frozen=True)
class Part:
    """One part of the sandbox: what it is, where, and whether it answers."""

    name: str
    what: str
    address: str
    is_up: bool


@dataclass(frozen=True)
class Cell:
    """The identifier of a persona at one account, "" when there is no such account."""

    label: str
    identifier: str


@dataclass(frozen=True)
class Row:
    """One persona with what is particular to it, and a cell for each identity provider."""

    persona: Persona
    traits: list[Trait]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Filter:
    """A trait that some personas have, and how many."""

    trait: Trait
    count: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what runs, the personas, and a client that is ready to use.

    `?trait=` keeps the personas that have it; one that nobody has keeps them all.
    """
    context = {
        **_personas(request.GET.get("trait", "")),
        "parts": _parts(),
        "services": SERVICES.values(),
        "sites": SITES.values(),
        "register_modes": RegisterMode.choices,
        "register_mode": RegisterSwitch.current(),
        "mail_count": Mail.objects.count(),
        "discovery_url": f"{settings.BROKER_URL}/api/v2/.well-known/openid-configuration",
        "backoffice_url": settings.BACKOFFICE_URL,
        "ready_made_client": json.dumps(partners.ready_made_client(), ensure_ascii=False, indent=2),
        **clock.context("sandbox_home"),
    }
    return render(request, "sandbox/home/home.html", context)


def _personas(asked: str) -> dict[str, object]:
    rows = _rows()
    counts = Counter(trait for row in rows for trait in row.traits)
    current = next((trait for trait in counts if trait.slug == asked), None)
    return {
        "personas": [row for row in rows if current is None or current in row.traits],
        "total": len(rows),
        "filters": [Filter(trait, counts[trait]) for trait in TRAITS if trait in counts],
        "current_trait": current,
    }


def _rows() -> list[Row]:
    people = directory.everybody()
    addresses = traits.addresses_of(people)
    return [Row(one, traits.of(one, addresses), _cells(one)) for one in people]


def _cells(persona: Persona) -> tuple[Cell, ...]:
    accounts = persona.accounts
    return tuple(
        Cell(
            site.organisation,
            accounts[site.slug].displayed_identifier if site.slug in accounts else "",
        )
        for site in SITES.values()
    )


def _parts() -> list[Part]:
    """Ask every other process at once; this one answers since it writes the page."""
    sites = [
        ("FranceConnect", "le fédérateur", settings.BROKER_URL),
        ("Administration", "pour les agents", settings.BACKOFFICE_URL),
        *((site.title, "un compte", site.issuer) for site in SITES.values()),
    ]
    up = probes.sites_up([address for _, _, address in sites])
    return [
        *(Part(name, what, address, up[address]) for name, what, address in sites),
        *(
            Part(service.name, "un service", service.client_uri, True)
            for service in SERVICES.values()
        ),
        Part(
            "Messagerie",
            "reçoit les courriels envoyés",
            f"{settings.SANDBOX_URL}/courriels/",
            probes.is_port_open(settings.SMTP_PORT),
        ),
    ]
