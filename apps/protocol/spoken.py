"""The claims of an identity as a French page writes them, and what is unknown as unknown."""

import re
from typing import Final

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
FRANCE: Final = "99100"
_GENDERS: Final = {"female": "Féminin", "male": "Masculin", "unspecified": "Non précisé"}
_BIRTHDATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def spoken(name: str, value: str) -> str:
    """Return the value of a claim as a person reads it; one that needs no change as it is."""
    if name in ("birthdate", "idp_birthdate"):
        return _birthdate(value)
    if name == "gender":
        return _GENDERS.get(value, value)
    if name == "birthplace":
        return f"Commune de code {value}" if value else "Hors de France"
    if name == "birthcountry":
        return f"France ({FRANCE})" if value == FRANCE else f"Pays de code {value}"
    return value or "—"


def _birthdate(text: str) -> str:
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
