"""A report in French: what was searched, what was found. It names claims, never their values."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apps.backoffice.privacy.canaries import Persona, left_out
from apps.backoffice.privacy.encodings import IDENTITY, families
from apps.backoffice.privacy.place import Area
from apps.backoffice.privacy.proof import Report

NOUNS: Final[Mapping[Area, str]] = {
    Area.TABLES: "tables de la base de données",
    Area.PAGES: "fichiers de ces tables et de leurs index, lignes effacées comprises",
    Area.LOGS: "journaux techniques",
    Area.FILES: "autres fichiers de VAR_DIR",
    Area.TEMPORARY: "fichiers temporaires récents",
}


def sought(personas: Iterable[Persona], needle_count: int) -> Iterator[str]:
    """Yield what is looked for: claims, encodings, and what proves nothing."""
    people = tuple(personas)
    reasons = left_out(people)
    claims = dict.fromkeys(claim for persona in people for claim in persona.values)
    kept = (*(claim for claim in claims if claim not in reasons), IDENTITY)
    yield f"Canaris : {len(people)} persona{'s' * (len(people) > 1)}, {len(kept)} informations : {', '.join(kept)}."
    for claim, why in reasons.items():
        yield f"  {claim} n’est pas un canari : {why}."
    yield f"Motifs : {needle_count}. Chaque information est écrite de toutes les façons :"
    yield "  majuscules, accents, mots d’un nom, formats de date ; puis codée :"
    yield f"  {' ; '.join(families())}."


def searched(report: Report, omitted: Iterable[str]) -> Iterator[str]:
    """Yield what was read, and what was not."""
    yield "Fouillé :"
    for area, count in report.counts.items():
        rows = f", {count.items} lignes" if area is Area.TABLES else ""
        yield f"  {count.places} {NOUNS[area]}{rows}, {_size(count.size)}"
    yield "Non fouillé :"
    for reason in (*report.unread, *omitted):
        yield f"  {reason}"


def _size(size: int) -> str:
    amount, unit = (size / 1e6, "Mo") if size >= 100_000 else (size / 1e3, "ko")
    return f"{amount:.1f} {unit}".replace(".", ",")


def verdict(report: Report) -> Iterator[str]:
    """Yield what was found, or that nothing was."""
    if not report.found:
        yield "Rien trouvé : aucune information des canaris n’est conservée."
        return
    yield f"{report.found} fuite(s) trouvée(s) :"
    for leak in report.leaks:
        yield f"  {leak.claim} – {leak.where} – {leak.encoding} ({leak.spelling})"
    if report.found > len(report.leaks):
        yield f"  … et {report.found - len(report.leaks)} autres."
