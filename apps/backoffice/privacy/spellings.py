"""One value in every writing that it may take before anything encodes it.

Letters are rewritten by whoever compares or displays them: capitals, no accents, one word of a
name. Dates are rewritten in the order of each country and in the time of each machine. The civil
registers' own capitals (`apps.protocol.pivot.normalise_name`) are among the writings: that is what
our own code has in hand.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from apps.protocol import pivot
from apps.protocol.spoken import MONTHS

AS_IS: Final = "tel quel"
SHORTEST_WORD: Final = 5  # characters; a shorter word of a name may be anybody's word
NAMES: Final = frozenset({"given_name", "family_name", "preferred_username", "given_name_array"})

_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WORDS: Final = re.compile(r"[^\W_]+")
_LIGATURES: Final = str.maketrans({"Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae"})
_MONTHS_ABROAD: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


class Spelling(NamedTuple):
    """One writing of a value, and its name."""

    name: str
    text: str


def spell(claim: str, value: str) -> list[Spelling]:
    """Return every writing of a claim's value, each text once, the value as it is first."""
    found: dict[str, str] = {}
    for spelling in _spell(claim, value):
        found.setdefault(spelling.text, spelling.name)
    return [Spelling(name, text) for text, name in found.items() if text]


def _spell(claim: str, value: str) -> Iterator[Spelling]:
    yield Spelling(AS_IS, value)
    yield from _dates(value)
    yield from _letters(value)
    for word in _words(claim, value):
        yield Spelling("un mot", word)
        yield from (Spelling(f"un mot, {name}", text) for name, text in _letters(word))


def _words(claim: str, value: str) -> list[str]:
    """Return the parts of a value that betray it alone: words of a name, local part of an address."""
    if claim == "email":
        local_part = value.rpartition("@")[0]
        return [local_part] if len(local_part) >= SHORTEST_WORD else []
    words = _WORDS.findall(value) if claim in NAMES else []
    return [word for word in words if len(word) >= SHORTEST_WORD and word != value]


def _letters(text: str) -> Iterator[Spelling]:
    plain = without_accents(text)
    for name, source in (("", text), ("sans accents", plain), ("décomposé (NFD)", _nfd(text))):
        for case, change in CASES.items():
            label = ", ".join(part for part in (name, case) if part)
            yield Spelling(label or AS_IS, change(source))
    yield Spelling("capitales de l’état civil", pivot.normalise_name(text))


CASES: Final[dict[str, Callable[[str], str]]] = {
    "": str,
    "majuscules": str.upper,
    "minuscules": str.lower,
    "initiales en majuscule": str.title,
    "repliement de casse": str.casefold,
}


def _nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def without_accents(text: str) -> str:
    """Return the text without the marks on its letters, ligatures opened."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _dates(value: str) -> Iterator[Spelling]:
    """Yield the other writings of an ISO date; a presumed one (00) has no day and no second."""
    match = _DATE.fullmatch(value)
    if match is None:
        return
    year, month, day = match.groups()
    for separator in "/-. ":
        yield Spelling(f"JJ{separator}MM{separator}AAAA", separator.join((day, month, year)))
        yield Spelling(f"MM{separator}JJ{separator}AAAA", separator.join((month, day, year)))
        yield Spelling(f"AAAA{separator}MM{separator}JJ", separator.join((year, month, day)))
    yield Spelling("AAAAMMJJ", year + month + day)
    yield Spelling("JJMMAAAA", day + month + year)
    with suppress(ValueError):
        yield from _calendar_dates(date.fromisoformat(value))


def _calendar_dates(birth: date) -> Iterator[Spelling]:
    year, month, day = birth.year, birth.month, birth.day
    in_french, abroad = MONTHS[month - 1], _MONTHS_ABROAD[month - 1]
    yield Spelling("jour mois année", f"{day} {in_french} {year}")
    yield Spelling("jour mois année, en anglais", f"{day:02} {abroad} {year}")
    yield Spelling("mois jour, année, en anglais", f"{abroad} {day}, {year}")
    yield Spelling("appel Python", f"date({year}, {month}, {day})")
    seconds = int(datetime(year, month, day, tzinfo=UTC).timestamp())
    yield Spelling("secondes depuis 1970", str(seconds))
    yield Spelling("millisecondes depuis 1970", f"{seconds}000")
