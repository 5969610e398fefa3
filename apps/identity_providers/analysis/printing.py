"""A report for a terminal, aligned, and for a machine."""

import textwrap
from collections.abc import Iterator

from apps.identity_providers.analysis.findings import Finding, Report, Severity
from apps.identity_providers.analysis.timing import seconds

SEVERITY = 14  # characters of the column of severities
TITLE = 42  # characters of the column of titles
WIDTH = 100


def lines(report: Report) -> Iterator[str]:
    """Yield the report, line by line; what is not conform says why and how to mend it."""
    yield f"Émetteur : {report.issuer}"
    for group, findings in report.groups:
        yield ""
        yield group.value
        for finding in findings:
            yield from _of_finding(finding)
    yield ""
    requests = _count(report.requests, "requête", "requêtes") or "0 requête"
    yield f"{summary(report)} {requests} en {seconds(report.seconds)}."
    yield "Rien n’a été enregistré."


def summary(report: Report) -> str:
    """Return the counts in a sentence: « Résultat : bloquant. 2 bloquants, 1 à vérifier… »."""
    counts = report.counts
    parts = [
        _count(counts[Severity.BLOCKING], "bloquant", "bloquants"),
        _count(counts[Severity.WARNING], "à vérifier", "à vérifier"),
        _count(counts[Severity.CONFORM], "conforme", "conformes"),
        _count(counts[Severity.UNCHECKED], "non vérifié", "non vérifiés"),
    ]
    return f"Résultat : {report.verdict.label}. {', '.join(part for part in parts if part)}."


def as_json(report: Report) -> dict[str, object]:
    """Return the report as a JSON object: severities in English words, texts in French."""
    return {
        "issuer": report.issuer,
        "verdict": report.verdict.value,
        "requests": report.requests,
        "seconds": round(report.seconds, 3),
        "findings": [
            {
                "check": finding.check,
                "severity": finding.severity.value,
                "title": finding.title,
                "observed": finding.observed,
                "why": finding.why,
                "how_to_mend": finding.how_to_mend,
                "reference": finding.reference,
            }
            for finding in report.findings
        ],
    }


def _of_finding(finding: Finding) -> Iterator[str]:
    severity = f"{finding.severity.sign} {finding.severity.label}"
    first, *others = finding.observed.splitlines() or [""]
    yield f"  {severity:{SEVERITY}}{finding.title:{TITLE}}{first}".rstrip()
    margin = " " * (2 + SEVERITY)
    for line in others:
        yield f"{margin}{'':{TITLE}}{line}"
    if finding.how_to_mend:
        for label, text in (
            ("Pourquoi", finding.why),
            ("Corriger", finding.how_to_mend),
            ("Référence", finding.reference),
        ):
            yield from textwrap.wrap(
                f"{label} : {text}", WIDTH, initial_indent=margin, subsequent_indent=f"{margin}  "
            )


def _count(count: int, one: str, several: str) -> str:
    return f"{count} {several if count > 1 else one}" if count else ""
