"""The tax households as frozen values, those of several people read once from `personas/households`.

A persona whom the tax office knows and no file names lives alone in a household made up here, the
same at each start: every notice has its references, whoever adds a persona.
"""

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from apps.sandbox.personas import catalogue as personas
from apps.sandbox.personas import own
from apps.sandbox.personas.catalogue import Persona

FOLDER = Path(personas.__file__).parent / "households"
SITE = "impots"


@dataclass(frozen=True)
class Declarant:
    """One of those who declare, and the two numbers that are theirs alone."""

    persona: Persona
    tax_number: str
    online_number: str

    @property
    def displayed_tax_number(self) -> str:
        """The tax number in the groups of a notice."""
        account = self.persona.known_at(SITE)
        return account.displayed_identifier if account else ""


@dataclass(frozen=True)
class References:
    """The other numbers of a notice, which look like those that are asked for."""

    declarant: str
    notice: str
    rip: str
    role: str


@dataclass(frozen=True)
class Household:
    """One notice: one or two declarants, in order, and what they share."""

    declarants: tuple[Declarant, ...]
    reference_income: int
    references: References
    established_on: date
    collected_on: date

    @property
    def first(self) -> Declarant:
        """The declarant whom the notice names first."""
        return self.declarants[0]

    @property
    def displayed_income(self) -> str:
        """The income as it is printed: thousands apart, euros."""
        return f"{self.reference_income:,}\u00a0€".replace(",", "\u202f")


def everyone() -> tuple[Household, ...]:
    """Return every household: those of the files, then one for each person that none names."""
    added = (_alone(persona) for persona in own.everybody() if persona.known_at(SITE))
    return (*_of_the_project(), *added)


@functools.cache
def _of_the_project() -> tuple[Household, ...]:
    written = [_read(path) for path in sorted(FOLDER.glob("*.yaml"))]
    named = {declarant.persona.slug for household in written for declarant in household.declarants}
    alone = (
        _alone(persona)
        for persona in personas.everybody()
        if persona.known_at(SITE) and persona.slug not in named
    )
    return (*written, *alone)


def find_of(slug: str) -> Household | None:
    """Return the household of a persona, or None when the tax office does not know them."""
    return next((h for h, declarant in _declarants() if declarant.persona.slug == slug), None)


def find_declarant(tax_number: str) -> tuple[Household, Declarant] | None:
    """Return who has that tax number, in 13 digits, with their household, or None."""
    return next(((h, d) for h, d in _declarants() if d.tax_number == tax_number), None)


def find_references(number: str) -> Iterator[tuple[Household, str]]:
    """Yield the notices where something else is written so, and what, with its article."""
    names = {"declarant": "le numéro «\u202fDéclarant 1\u202f»", "notice": "la référence de l’avis"}
    for household in everyone():
        for reference, name in names.items():
            if number == digits(getattr(household.references, reference)):
                yield household, name


def digits(text: str) -> str:
    """Return the digits of a printed reference."""
    return "".join(character for character in text if character.isdigit())


def _declarants() -> Iterator[tuple[Household, Declarant]]:
    return ((household, d) for household in everyone() for d in household.declarants)


def _read(path: Path) -> Household:
    document = yaml.safe_load(path.read_text())
    declarants = document.pop("declarants").items()
    return _household(document, [_declarant(_get(slug), number) for slug, number in declarants])


def _get(slug: str) -> Persona:
    persona = personas.find(slug)
    if persona is None:
        raise LookupError(f"{slug}: a declarant who is no persona")
    return persona


def _household(document: Mapping[str, object], declarants: list[Declarant]) -> Household:
    values: dict[str, object] = {**document, "references": _references(document["references"])}
    return Household(declarants=tuple(declarants), **values)  # type: ignore[arg-type]


def _references(written: object) -> References:
    return References(**written)  # type: ignore[arg-type]


def _declarant(persona: Persona, online_number: str) -> Declarant:
    known = persona.known_at(SITE)
    if known is None:
        raise LookupError(f"{persona.slug}: a declarant without a tax number")
    return Declarant(persona, known.identifier, online_number)


def _alone(persona: Persona) -> Household:
    """Make up the household of a persona: digits that follow from their name."""
    drawn = str(int(hashlib.sha256(persona.slug.encode()).hexdigest(), 16))
    return _household(
        {
            "reference_income": 9_000 + int(drawn[:4]) * 5,
            "references": {
                "declarant": f"07 01 {drawn[4:7]} {drawn[7:10]} {drawn[10:13]}",
                "notice": f"25 {drawn[13:15]} {drawn[15:22]} {drawn[22:24]}",
                "rip": f"61 {drawn[24:26]} 25 {drawn[26:36]} B",
                "role": f"{drawn[36:39]} A",
            },
            "established_on": date(2025, 7, 1),
            "collected_on": date(2025, 7, 31),
        },
        [_declarant(persona, drawn[39:46])],
    )
