"""What a persona has at home: enough to enrol anywhere in their name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.sandbox.households import catalogue as households
from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.personas import civil_day, directory
from apps.sandbox.personas.catalogue import Persona
from apps.sandbox.second_factor import totp

_LABELS = {
    "given_name": "Prénoms",
    "family_name": "Nom de naissance",
    "preferred_username": "Nom d’usage",
    "gender": "Sexe",
    "birthdate": "Date de naissance",
    "birthplace": "Commune de naissance (code INSEE)",
    "birthcountry": "Pays de naissance (code INSEE)",
    "email": "Adresse électronique",
}
_GENDERS = {"female": "féminin", "male": "masculin"}


@require_safe
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the civil status, the numbers and the notice of a persona."""
    persona = directory.find(slug)
    if persona is None:
        raise Http404
    context = {
        "persona": persona,
        "identity": _identity(persona),
        "numbers": [
            (site, known, site.slug in persona.accounts)
            for site in SITES.values()
            if (known := persona.known_at(site.slug))
        ],
        "code": _current_code(persona),
        "has_tax_notice": households.find_of(slug) is not None,
    }
    return render(request, "sandbox/home/papers.html", context)


def _current_code(persona: Persona) -> str:
    """Return what the telephone of a persona shows now, "" when none of their accounts asks for it."""
    secrets = (account.second_factor for account in persona.accounts.values())
    return next((totp.current_code(secret) for secret in secrets if secret), "")


def _identity(persona: Persona) -> list[tuple[str, str]]:
    """Return the civil status in French: the day first, 00 where it is unknown."""
    known = civil_day.spoken(persona.identity)
    year, month, day = known["birthdate"].split("-")
    said = {
        **known,
        "birthdate": f"{day}/{month}/{year}",
        "gender": _GENDERS.get(known["gender"], "non précisé"),
    }
    return [(label, said[claim]) for claim, label in _LABELS.items() if said.get(claim)]
