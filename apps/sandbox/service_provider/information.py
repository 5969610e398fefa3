"""Verified claims, as a French page writes them (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.protocol import acr as levels
from apps.protocol.acr import Acr
from apps.protocol.spoken import spoken

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


@dataclass(frozen=True)
class Row:
    """One line of « Mes informations vérifiées »."""

    label: str
    value: str


def rows(claims: Mapping[str, object]) -> list[Row]:
    """Return the lines to show for what FranceConnect gave, in the order of a French form."""
    return [
        Row(label, spoken(name, str(claims[name])))
        for name, label in _LABELS.items()
        if name in claims
    ]


def level(acr: str) -> str:
    """Return the name of a level of assurance, with its technical value."""
    known = levels.find(acr)
    return f"{known.label} ({acr})" if known else acr


def is_substantial(acr: str) -> bool:
    """Tell whether a level is enough for what a service does at a substantial level only."""
    known = levels.find(acr)
    return known is not None and known.is_at_least(Acr.EIDAS2)
