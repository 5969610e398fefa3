"""What makes a persona worth playing: the cases that services meet and forget."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from apps.cog import communes
from apps.cog.countries import FRANCE
from apps.sandbox.personas.catalogue import Persona


@dataclass(frozen=True)
class Trait:
    """One case: its name on a page, and what it lets one see."""

    slug: str
    label: str
    meaning: str
    is_of: Callable[[Persona, Counter[str]], bool]


def of(persona: Persona, addresses: Counter[str]) -> list[Trait]:
    """Return the traits of a persona; `addresses` counts who has each e-mail address."""
    return [trait for trait in TRAITS if trait.is_of(persona, addresses)]


def addresses_of(people: Iterable[Persona]) -> Counter[str]:
    """Count the people who share each e-mail address."""
    return Counter(persona.identity.get("email") or "" for persona in people)


def _is_presumed(persona: Persona, addresses: Counter[str]) -> bool:
    return "-00" in persona.identity["birthdate"]


def _is_born_abroad(persona: Persona, addresses: Counter[str]) -> bool:
    return persona.identity["birthcountry"] != FRANCE


def _is_of_a_former_commune(persona: Persona, addresses: Counter[str]) -> bool:
    commune = communes.commune(persona.identity.get("birthplace") or "")
    return commune is not None and commune.periods[-1].has_ended


def _is_corsican(persona: Persona, addresses: Counter[str]) -> bool:
    return (persona.identity.get("birthplace") or "")[:2] in ("20", "2A", "2B")


def _has_two_names(persona: Persona, addresses: Counter[str]) -> bool:
    return bool(persona.identity.get("preferred_username"))


def _is_spelled_in_several_ways(persona: Persona, addresses: Counter[str]) -> bool:
    accounts = persona.accounts.values()
    return len({tuple(sorted(account.claims.items())) for account in accounts}) > 1


def _has_no_address(persona: Persona, addresses: Counter[str]) -> bool:
    return not persona.identity.get("email")


def _shares_an_address(persona: Persona, addresses: Counter[str]) -> bool:
    email = persona.identity.get("email")
    return bool(email) and addresses[email or ""] > 1


def _is_own(persona: Persona, addresses: Counter[str]) -> bool:
    return persona.is_own


TRAITS: Final = (
    Trait(
        "date-presumee", "Date présumée",
        "Le jour de naissance, ou le jour et le mois, sont inconnus\u202f: la date s’écrit avec 00. "
        "Un service qui attend un jour du calendrier échoue.",
        _is_presumed,
    ),
    Trait(
        "etranger", "Naissance à l’étranger",
        "Un pays, et un lieu de naissance vide. Un service qui exige une commune échoue.",
        _is_born_abroad,
    ),
    Trait(
        "ancienne-commune", "Ancienne commune",
        "La commune a été réunie à une autre depuis la naissance\u202f: "
        "son code manque dans les listes d’aujourd’hui.",
        _is_of_a_former_commune,
    ),
    Trait("corse", "Corse", "Un code avec une lettre, 2A ou 2B.", _is_corsican),
    Trait(
        "nom-d-usage", "Nom d’usage",
        "Un nom d’usage différent du nom de naissance\u202f: lequel votre service affiche-t-il\u202f?",
        _has_two_names,
    ),
    Trait(
        "graphies", "Plusieurs graphies",
        "Les comptes n’écrivent pas l’identité de la même façon\u202f: c’est la même personne.",
        _is_spelled_in_several_ways,
    ),
    Trait(
        "sans-courriel", "Sans courriel",
        "Aucune adresse électronique\u202f: FranceConnect refuse la connexion et dit pourquoi.",
        _has_no_address,
    ),
    Trait(
        "courriel-partage", "Courriel partagé",
        "La même adresse qu’une autre persona\u202f: reconnaître les gens à leur adresse les confond.",
        _shares_an_address,
    ),
    Trait("ajoutee", "Ajoutée ici", "Créée sur cette machine.", _is_own),
)  # fmt: skip
