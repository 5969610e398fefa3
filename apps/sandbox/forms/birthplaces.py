"""Where somebody was born, as forms ask it: a country of the list, a commune by its name or its code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from apps.cog import communes
from apps.cog.communes import Period
from apps.cog.countries import Country, countries
from apps.cog.folding import fold
from apps.sandbox.forms.fields import Choices, Field, Input, Kind

SHOWN: Final = 30  # communes
LONGEST: Final = 300  # characters
_CODE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}", re.IGNORECASE)
# Rennes (35238), as the pages of this site write it.
_WRITTEN: Final = re.compile(rf"(?P<name>.+?)\s*\((?P<code>{_CODE.pattern})\).*", re.IGNORECASE)

BIRTHPLACE: Final = Field(
    name="birthplace",
    label="Commune de naissance",
    hint="Son nom, ou le début, ou son code INSEE. Laissez vide pour une naissance à l’étranger.",
    inputs=(Input("birthplace", maxlength=LONGEST),),
    is_required=False,
    condition="pour une naissance en France",
)


@dataclass(frozen=True)
class Search:
    """What was typed as a commune may name.

    code        the commune, "" while it is not known
    choices     those to choose from, when there are several
    suggested   the code of the one whose whole name was typed, "" when there is no such one
    refusal     why the commune is not known, for the person, or ""
    """

    code: str = ""
    choices: tuple[Period, ...] = ()
    suggested: str = ""
    refusal: str = ""


def search(typed: str, *, on: date, chosen: str = "") -> Search:
    """Return the commune that a text names on the day of a birth, or those that it may name.

    chosen   the code of the one that was chosen among these, "" when none was yet
    """
    if code := _code(typed):
        return Search(code)
    found = communes.search(typed, on=on, limit=SHOWN + 1)
    if len(found) == 1:
        return Search(found[0].code)
    choices = tuple(found[:SHOWN])
    if chosen in {period.code for period in choices}:
        return Search(chosen, choices)
    whole = [period.code for period in found if fold(period.name) == fold(typed)]
    suggested = whole[0] if len(whole) == 1 else ""
    return Search("", choices, suggested, _to_choose(typed, found))


def written(code: str) -> str:
    """Return a commune as a form may show it again, which `search` reads; the code if it names none."""
    found = communes.commune(code)
    return f"{found.name} ({code})" if found else code


def birthcountry() -> Field:
    """Return the list of the countries of today, then of those that are no more."""
    return Field(
        name="birthcountry",
        label="Pays de naissance",
        inputs=(Input("birthcountry"),),
        kind=Kind.LIST,
        choices=_named([one for one in countries().values() if one.is_current]),
        families=(
            (
                "N’existent plus",
                _named([one for one in countries().values() if not one.is_current]),
            ),
        ),
    )


def commune(found: Search) -> Field:
    """Return the choice among the communes that what was typed may name."""
    return Field(
        name="commune",
        label="Communes de ce nom au jour de la naissance",
        inputs=(Input("commune", is_required=False),),
        kind=Kind.ONE,
        choices=tuple((period.code, _label(period)) for period in found.choices),
        suggested=found.suggested,
        is_required=False,
        condition="choisissez la bonne",
    )


def _code(typed: str) -> str:
    """Return the code that was typed, alone or after the name of its commune, or ""."""
    if _CODE.fullmatch(typed):
        return typed.upper()
    match = _WRITTEN.fullmatch(typed)
    found = communes.commune(match["code"].upper()) if match else None
    if match is None or found is None:
        return ""
    names = {fold(period.name) for period in found.periods}
    return found.code if fold(match["name"]) in names else ""


def _to_choose(typed: str, found: Sequence[Period]) -> str:
    if not found:
        return f"Aucune commune n’avait un nom qui commence par «\u202f{typed}\u202f» à cette date."
    if len(found) > SHOWN:
        return (
            f"Plus de {SHOWN} communes commencent par «\u202f{typed}\u202f»\u202f: précisez le nom."
        )
    return f"{len(found)} communes commencent par «\u202f{typed}\u202f»\u202f: choisissez la bonne."


def _named(found: Sequence[Country]) -> Choices:
    return tuple((one.code, f"{one.name} ({one.code})") for one in found)


def _label(period: Period) -> str:
    until = f" jusqu’au {period.end:%d/%m/%Y}" if period.has_ended else ""
    return f"{period.name} ({period.code}){until}"
