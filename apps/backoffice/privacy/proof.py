"""The search of needles in places.

Texts are compared in lower case, binary encodings as they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from apps.backoffice.privacy.encodings import Needle
from apps.backoffice.privacy.place import Area, Piece, Place, Unreadable

KEPT: Final = 100  # leaks told one by one; more are only counted


@dataclass(frozen=True)
class Leak:
    """A claim that is somewhere, under some encoding; never its value."""

    claim: str
    area: Area
    where: str
    encoding: str
    spelling: str


@dataclass
class Count:
    """What was read of one area."""

    places: int = 0
    items: int = 0
    size: int = 0  # bytes


@dataclass
class Report:
    """What was searched, and what was found."""

    counts: dict[Area, Count] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    found: int = 0
    needles: int = 0

    def add(self, leak: Leak) -> None:
        """Count a leak, and keep it while they are few."""
        self.found += 1
        if len(self.leaks) < KEPT:
            self.leaks.append(leak)


class Matcher:
    """Finds any of its needles in a content."""

    def __init__(self, needles: list[Needle]) -> None:
        self._folded = _Automaton([needle for needle in needles if needle.ignores_case])
        self._exact = _Automaton([needle for needle in needles if not needle.ignores_case])

    def matches(self, content: bytes) -> Iterator[tuple[int, Needle]]:
        """Yield (position, needle)."""
        yield from self._exact.matches(content)
        yield from self._folded.matches(content.lower())


class _Automaton:
    """Aho and Corasick's: one pass over a content, whatever the number of needles."""

    def __init__(self, needles: list[Needle]) -> None:
        self._needles = needles
        self._search = BytesAhoCorasick([needle.pattern for needle in needles])

    def matches(self, content: bytes) -> Iterator[tuple[int, Needle]]:
        for number, start, end in self._search.find_matches_as_indexes(content, overlapping=True):
            if (needle := self._needles[number]).stands_alone(content, start, end):
                yield start, needle


def search(needles: list[Needle], places: Iterable[Place]) -> Report:
    """Return what was read and what was found; a place that cannot be read is told, not fatal."""
    report = Report(needles=len(needles))
    matcher = Matcher(needles)
    for place in places:
        count = report.counts.setdefault(place.area, Count())
        count.places += 1
        try:
            _search_place(place, matcher, count, report)
        except Unreadable as failure:
            report.unread.append(f"{place.name} ({failure})")
    return report


def _search_place(place: Place, matcher: Matcher, count: Count, report: Report) -> None:
    item = ""
    seen: set[tuple[str, str]] = set()
    for piece in place.read():
        if piece.item != item:
            item = piece.item
            seen = set()
            count.items += 1
        count.size += len(piece.content)
        for leak in _leaks(place, piece, matcher):
            if (leak.claim, leak.where) not in seen:
                seen.add((leak.claim, leak.where))
                report.add(leak)


def _leaks(place: Place, piece: Piece, matcher: Matcher) -> Iterator[Leak]:
    for at, needle in matcher.matches(piece.content):
        where = piece.locate(at)
        yield Leak(needle.claim, place.area, where, needle.encoding, needle.spelling)
