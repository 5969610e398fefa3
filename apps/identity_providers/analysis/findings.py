"""The shape of a verdict: a check gives a finding, findings make a report."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

UNREACHED = "L’analyse n’est pas allée jusque-là."
LAID_OUT = "\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


class Severity(StrEnum):
    """How bad a finding is; its value is what machines read."""

    CONFORM = "conform"
    WARNING = "warning"
    BLOCKING = "blocking"
    UNCHECKED = "unchecked"

    @property
    def label(self) -> str:
        """The severity in French words."""
        return _WORDS[self][1]

    @property
    def sign(self) -> str:
        """A sign that goes before the words, and never without them (RGAA 3.1)."""
        return _WORDS[self][0]


_WORDS = {
    Severity.CONFORM: ("✔", "conforme"),
    Severity.WARNING: ("⚠", "à vérifier"),
    Severity.BLOCKING: ("✖", "bloquant"),
    Severity.UNCHECKED: ("–", "non vérifié"),
}


class Group(StrEnum):
    """The headings of a report, in its order."""

    NETWORK = "Adresse et réseau"
    DOCUMENT = "Document de découverte"
    PROTOCOL = "Protocole"
    IDENTITY = "Identité et niveaux"
    KEYS = "Clés publiées"
    TIMING = "Horloge et rapidité"
    BEHAVIOUR = "Réponse aux demandes à refuser"
    ROW = "Fiche enregistrée"


@dataclass(frozen=True)
class Finding:
    """What one check found, with all that an agent needs to act.

    observed       what was seen; may hold several lines
    how_to_mend    "" when there is nothing to mend
    """

    check: str
    group: Group
    severity: Severity
    title: str
    observed: str
    why: str
    how_to_mend: str
    reference: str

    @property
    def is_unreached(self) -> bool:
        """Tell whether the analysis stopped before this check."""
        return self.severity is Severity.UNCHECKED and self.observed == UNREACHED


@dataclass(frozen=True)
class Check:
    """One thing to look at: its name for machines, and its words."""

    name: str
    group: Group
    title: str
    why: str
    reference: str

    def conform(self, observed: str) -> Finding:
        return self._found(Severity.CONFORM, observed, "")

    def warn(self, observed: str, mend: str) -> Finding:
        return self._found(Severity.WARNING, observed, mend)

    def block(self, observed: str, mend: str) -> Finding:
        return self._found(Severity.BLOCKING, observed, mend)

    def skip(self, reason: str) -> Finding:
        return self._found(Severity.UNCHECKED, reason, "")

    def _found(self, severity: Severity, observed: str, mend: str) -> Finding:
        shown = _printable(observed)
        return Finding(
            self.name, self.group, severity, self.title, shown, self.why, mend, self.reference
        )


def _printable(text: str) -> str:
    """Return a text without what would drive a terminal or turn the reading round (U+202E)."""
    return "".join(
        c if c.isprintable() or c in LAID_OUT else "\N{REPLACEMENT CHARACTER}" for c in text
    )


@dataclass(frozen=True)
class Report:
    """All that an analysis found, in the order of the catalogue.

    document   the configuration document, when it could be read
    seconds    how long it took
    requests   how many were sent
    """

    issuer: str
    findings: tuple[Finding, ...]
    document: Mapping[str, object] | None
    seconds: float
    requests: int

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Return the findings that forbid to activate the provider."""
        return self._of(Severity.BLOCKING)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return the findings that an agent should look at."""
        return self._of(Severity.WARNING)

    @property
    def to_mend(self) -> tuple[Finding, ...]:
        """Return what an agent should act on, the blocking findings first."""
        return self.blocking + self.warnings

    @property
    def verdict(self) -> Severity:
        """Return the worst severity found; what could not be checked is blocked by something."""
        if self.blocking:
            return Severity.BLOCKING
        return Severity.WARNING if self.warnings else Severity.CONFORM

    @property
    def counts(self) -> Mapping[Severity, int]:
        """Return how many findings each severity has."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in Severity}

    @property
    def groups(self) -> list[tuple[Group, list[Finding]]]:
        """Return the findings under their headings; no heading is empty."""
        return _grouped(self.findings)

    @property
    def reached(self) -> list[tuple[Group, list[Finding]]]:
        """Return the findings that the analysis came to, under their headings."""
        return _grouped(finding for finding in self.findings if not finding.is_unreached)

    @property
    def unreached(self) -> list[Finding]:
        """Return what the analysis stopped before, in the order of a report."""
        return [finding for finding in self.findings if finding.is_unreached]

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)


def _grouped(findings: Iterable[Finding]) -> list[tuple[Group, list[Finding]]]:
    by_group: dict[Group, list[Finding]] = {group: [] for group in Group}
    for finding in findings:
        by_group[finding.group].append(finding)
    return [(group, found) for group, found in by_group.items() if found]
