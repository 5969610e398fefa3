"""The search of needles in places.

The needles are indexed by their first bytes: each position of a content costs one look-up, whatever
their number. Texts are compared in lower case, binary encodings as they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from apps.backoffice.privacy.canaries import SHORTEST
from apps.backoffice.privacy.encodings import Needle
from apps.backoffice.privacy.place import Area, Piece, Place, Unreadable

Index = dict[bytes, list[Needle]]

KEPT: Final = 100  # findings told one by one; more are only counted


@dataclass(frozen=True)
class Finding:
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
    findings: list[Finding] = field(default_factory=list)
    found: int = 0
    needles: int = 0

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it while they are few."""
        self.found += 1
        if len(self.findings) < KEPT:
            self.findings.append(finding)


class Matcher:
    """Finds any of its needles in a content."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._folded: Index = {}
        self._exact: Index = {}
        for needle in needles:
            index = self._folded if needle.ignores_case else self._exact
            index.setdefault(needle.pattern[:SHORTEST], []).append(needle)

    def matches(self, content: bytes) -> Iterator[tuple[int, Needle]]:
        """Yield (position, needle)."""
        for text, index in ((content, self._exact), (content.lower(), self._folded)):
            get = index.get
            for at in range(len(text) - SHORTEST + 1):
                if candidates := get(text[at : at + SHORTEST]):
                    yield from ((at, needle) for needle in candidates if needle.is_at(text, at))


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
        for finding in _findings(place, piece, matcher):
            if (finding.claim, finding.where) not in seen:
                seen.add((finding.claim, finding.where))
                report.add(finding)


def _findings(place: Place, piece: Piece, matcher: Matcher) -> Iterator[Finding]:
    for at, needle in matcher.matches(piece.content):
        where = piece.locate(at)
        yield Finding(needle.claim, place.area, where, needle.encoding, needle.spelling)
