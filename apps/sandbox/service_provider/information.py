"""Verified claims, as a French page writes them (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.protocol import acr as levels

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_GENDERS: Final = {"female": "Féminin", "male": "Masculin", "unspecified": "Non précisé"}
_LABELS: Final = {
    "family_name": "Nom de naissance",
    "preferred_username": "Nom d’usage",
    "given_name": "Prénoms",
    "gender": "Sexe",
    "birthdate": "Date de naissance",
    "birthplace": "Lieu de naissance",
    "birthcountry": "Pays de naissance",
    "email": "Adresse électronique",
}
_BIRTHDATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class Row:
    """One line of « Mes informations vérifiées »."""

    label: str
    value: str


def rows(claims: Mapping[str, object]) -> list[Row]:
    """Return the lines to show for what FranceConnect gave, in the order of a French form."""
    return [
        Row(label, _written(name, str(claims[name])))
        for name, label in _LABELS.items()
        if name in claims
    ]


def birthdate(text: str) -> str:
    """Return JJ/MM/AAAA, or what is known of a presumed date."""
    match = _BIRTHDATE.fullmatch(text)
    if match is None:
        return text
    year, month, day = match.groups()
    if month == "00":
        return f"{year} (jour et mois inconnus)"
    if day == "00":
        return f"{MONTHS[int(month) - 1]} {year} (jour inconnu)"
    return f"{day}/{month}/{year}"


def level(acr: str) -> str:
    """Return the name of a level of assurance, with its technical value."""
    known = levels.find(acr)
    return f"{known.label} ({acr})" if known else acr


def _written(name: str, value: str) -> str:
    if name == "birthdate":
        return birthdate(value)
    if name == "gender":
        return _GENDERS.get(value, value)
    if name == "birthplace":
        return f"Commune de code {value}" if value else "Hors de France"
    if name == "birthcountry":
        return "France (99100)" if value == "99100" else f"Pays de code {value}"
    return value
