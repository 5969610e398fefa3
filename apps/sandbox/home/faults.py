"""The list of the faults that the identity providers of the sandbox can play."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.cog.folding import fold
from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.identity_provider.faults import suffix
from apps.sandbox.identity_provider.faults.catalogue import FAMILIES, Family
from apps.sandbox.identity_provider.faults.fault import EVERYWHERE, Fault
from apps.sandbox.personas.catalogue import Persona, everybody


@dataclass(frozen=True)
class Row:
    """One fault: where it can be played, and what to type there.

    organisations   the accounts that play it, "" when all of them do
    """

    fault: Fault
    organisations: str
    organisation: str
    typed: str


@require_safe
def faults(request: HttpRequest) -> HttpResponse:
    """Show every fault: what is wrong, what FranceConnect is expected to say, how to play it."""
    persona = next(persona for persona in everybody() if persona.accounts.keys() >= SITES.keys())
    context = {
        "persona": persona,
        "of_persona": _of(persona.name),
        "families": [(family, _rows(family, persona)) for family in FAMILIES],
        "mark": suffix.MARK,
    }
    return render(request, "sandbox/home/faults.html", context)


def _of(name: str) -> str:
    """Return a first name after « de », elided before a vowel."""
    return f"d’{name}" if fold(name)[0] in "AEIOUYH" else f"de {name}"


def _rows(family: Family, persona: Persona) -> list[Row]:
    return [_row(fault, persona) for fault in family.faults]


def _row(fault: Fault, persona: Persona) -> Row:
    sites = [site for site in SITES.values() if site.slug in fault.sites]
    names = "" if fault.sites == EVERYWHERE else ", ".join(site.organisation for site in sites)
    identifier = persona.accounts[sites[0].slug].displayed_identifier
    return Row(fault, names, sites[0].organisation, suffix.join(identifier, fault.slug))
