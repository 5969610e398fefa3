"""A report in French: what was searched, what was found. It names claims, never their values."""

from collections.abc import Iterable, Iterator, Mapping

from apps.backoffice.privacy.canaries import Persona, left_out
from apps.backoffice.privacy.encodings import ENCODINGS, IDENTITY
from apps.backoffice.privacy.place import Area
from apps.backoffice.privacy.proof import Count, Report

ITEMS: Mapping[Area, str] = {Area.TABLES: "lignes"}


def sought(personas: Iterable[Persona], needle_count: int) -> Iterator[str]:
    """Yield what is looked for: claims, encodings, and what proves nothing."""
    people = list(personas)
    claims = dict.fromkeys(claim for persona in people for claim in persona.values)
    reasons = {claim: why for persona in people for claim, why in left_out(persona).items()}
    kept = [claim for claim in claims if claim not in reasons]
    yield f"Canaris : {len(people)} persona(s), {len(kept)} informations : {', '.join(kept)} ;"
    yield f"  et l’{IDENTITY} hachée sans clé."
    for claim, why in reasons.items():
        yield f"  {claim} n’est pas un canari : {why}."
    yield f"{needle_count} motifs, sous {len(ENCODINGS)} codages :"
    yield f"  {' ; '.join(ENCODINGS)}."


def searched(report: Report, omitted: Iterable[str]) -> Iterator[str]:
    """Yield what was read, and what was not."""
    yield "Fouillé :"
    for area, count in report.counts.items():
        yield f"  {area} : {_amount(area, count)}"
    yield "Non fouillé :"
    for reason in (*report.unread, *omitted):
        yield f"  {reason}"


def _amount(area: Area, count: Count) -> str:
    items = f", {count.items} {ITEMS[area]}" if area in ITEMS else ""
    return f"{count.places}{items}, {_size(count.size)}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} Mo".replace(".", ",") if size >= 100_000 else f"{size} octets"


def verdict(report: Report) -> Iterator[str]:
    """Yield what was found, or that nothing was."""
    if not report.found:
        yield "Rien trouvé : aucune information des canaris n’est conservée."
        return
    yield f"{report.found} fuite(s) trouvée(s) :"
    for finding in report.findings:
        yield (
            f"  {finding.claim} – {finding.area} – {finding.where} – "
            f"{finding.encoding} ({finding.spelling})"
        )
    if report.found > len(report.findings):
        yield f"  … et {report.found - len(report.findings)} autres."
