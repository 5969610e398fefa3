"""The NIR says where and when a person was born: it must agree with the civil status.

S AA MM DD CCC NNN: sex, year and month of birth, place (the five characters of its COG code, which
are 99 and a country for a birth abroad; Corsica is 20 before 1976, 2A and 2B since), rank. The
codes that Algeria, Morocco and Tunisia had before their independence are not among ours.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from apps.cog.countries import FRANCE
from apps.sandbox.identity_provider.identifiers import (
    IdentifierError,
    is_unknown_month,
    nir_key,
    parse_social_security_number,
)
from apps.sandbox.personas import relative_dates
from apps.sandbox.personas.civil_status import text_of

UNKNOWN_MONTH: Final = "20"
_SEXES: Final = {"male": ("1", "7"), "female": ("2", "8")}


def disagreements(number: str, claims: Mapping[str, object], today: date) -> Iterator[str]:
    """Yield each way in which a NIR of 13 characters contradicts a civil status.

    An identity that is itself wrong is judged by what it has of good.
    """
    year, month, _ = _date_of(claims, today)
    sexes = _SEXES.get(text_of(claims, "gender"), ())
    if sexes and number[0] not in sexes:
        yield f"Le premier chiffre dit le sexe\u202f: {' ou '.join(sexes)} attendu, pas {number[0]}."
    if year and number[1:3] != year[2:]:
        yield (
            "Les chiffres 2 et 3 disent l’année de naissance"
            f"\u202f: {year[2:]} attendu, pas {number[1:3]}."
        )
    if year and not _says_month(number[3:5], month):
        expected = "20 à 42, ou 50 à 99" if month == "00" else month
        yield (
            "Les chiffres 4 et 5 disent le mois de naissance"
            f"\u202f: {expected} attendu, pas {number[3:5]}."
        )
    place = _place_of(claims)
    if place and number[5:10] != place:
        yield (
            f"Les caractères 6 à 10 disent le lieu de naissance\u202f: {place} attendu, "
            f"pas {number[5:10]}{_corsica(number, place)}."
        )
    if number[10:] == "000":
        yield "Les trois derniers chiffres vont de 001 à 999."


def expected_key(typed: str) -> str:
    """Return the key that the first 13 characters of a NIR call for, "" when they are none."""
    try:
        return nir_key(parse_social_security_number(typed.strip()[:-2]))
    except IdentifierError:
        return ""


def build(claims: Mapping[str, object], rank: int, today: date) -> str:
    """Return the NIR that a person of this valid civil status may have; rank from 1 to 999."""
    year, month, _ = _date_of(claims, today)
    sex = _SEXES.get(text_of(claims, "gender"), ("1",))[0]
    said_month = UNKNOWN_MONTH if month == "00" else month
    return f"{sex}{year[2:]}{said_month}{_place_of(claims)}{rank:03d}"


def _date_of(claims: Mapping[str, object], today: date) -> tuple[str, str, str]:
    parts = relative_dates.resolve(text_of(claims, "birthdate"), today).split("-")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def _place_of(claims: Mapping[str, object]) -> str:
    country = text_of(claims, "birthcountry")
    return text_of(claims, "birthplace") if country == FRANCE else country


def _says_month(written: str, month: str) -> bool:
    if month != "00":
        return written == month
    return is_unknown_month(written)


def _corsica(number: str, place: str) -> str:
    corsica = ("20", "2A", "2B")
    if place[:2] in corsica and number[5:7] in corsica:
        return " (la Corse est 20 avant 1976, 2A ou 2B depuis)"
    return ""
