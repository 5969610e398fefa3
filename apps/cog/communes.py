"""Communes by code and by name, on any day since 1943."""

import functools
import gzip
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from apps.cog.folding import fold

_FILE: Final = Path(__file__).parent / "data" / "communes.tsv.gz"
_ALWAYS: Final = date.min
_STILL: Final = date.max
_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True)
class Period:
    """A commune under one name, from `start` (included) to `end` (excluded).

    start        date.min when it is older than what INSEE tells, which begins in 1943
    end          date.max while it lasts
    successors   codes of what it became: another name of its own, or the commune it is part of
    """

    code: str
    name: str
    start: date
    end: date
    successors: tuple[str, ...]

    def covers(self, on: date) -> bool:
        """Tell whether the commune had this code and this name that day."""
        return self.start <= on < self.end

    @property
    def has_ended(self) -> bool:
        """Tell whether the code or the name is of the past."""
        return self.end != _STILL


@dataclass(frozen=True)
class Commune:
    """One code of the COG and all that it has named, the oldest first."""

    code: str
    periods: tuple[Period, ...]

    @property
    def name(self) -> str:
        """The current name, or the last one."""
        return self.periods[-1].name

    def on(self, day: date) -> Period | None:
        """Return what the code named that day, or None when it was not in force."""
        return next((period for period in self.periods if period.covers(day)), None)


def commune(code: str) -> Commune | None:
    """Return the commune that has, or had, this code; None when there was never one."""
    lines = _lines()
    position = bisect_left(lines, code)
    periods = []
    while position < len(lines) and lines[position].split("\t", 1)[0] == code:
        periods.append(_period(lines[position]))
        position += 1
    return Commune(code, tuple(periods)) if periods else None


def is_valid(code: str, *, on: date) -> bool:
    """Tell whether this code named a commune that day."""
    found = commune(code)
    return found is not None and found.on(on) is not None


def search(text: str, *, on: date, limit: int = 30) -> list[Period]:
    """Return the communes whose name began by a text that day: the whole name first, then by name.

    Accents, hyphens, capitals and the article before the name do not matter.
    """
    wanted = fold(text.strip())
    if not wanted:
        return []
    found = sorted(
        (name != wanted, _NUMBER.sub(lambda number: number[0].zfill(2), name), line)
        for name, line in zip(_folded_names(), _lines(), strict=True)
        if name.startswith(wanted)
    )
    in_force = (period for _, _, line in found if (period := _period(line)).covers(on))
    return [period for period, _ in zip(in_force, range(limit), strict=False)]


def predecessors(code: str) -> Iterator[Period]:
    """Yield the periods of other codes that ended by becoming this commune, or a part of it."""
    for line in _lines():
        if code in line[6:]:
            period = _period(line)
            if period.code != code and code in period.successors:
                yield period


@functools.cache
def _lines() -> list[str]:
    return gzip.decompress(_FILE.read_bytes()).decode().splitlines()


@functools.cache
def _folded_names() -> list[str]:
    return fold("\n".join(line.split("\t", 2)[1] for line in _lines())).split("\n")


def _period(line: str) -> Period:
    code, name, start, end, successors = (*line.split("\t"), "", "", "")[:5]
    return Period(
        code,
        name.replace("'", "’"),
        date.fromisoformat(start) if start else _ALWAYS,
        date.fromisoformat(end) if end else _STILL,
        tuple(successors.split()),
    )
