"""What support reads of a look-up in the civil register, in words."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from apps.accounts.models import Account
from apps.protocol import civil_register
from apps.protocol.civil_register import Finding, Record

CODES: Final = {
    civil_register.FOUND: "trouvée, identité identique",
    civil_register.RECTIFIED: "trouvée, identité redressée",
    civil_register.ONE_NEAR: "non trouvée, une identité approchante",
    civil_register.SEVERAL_NEAR: "non trouvée, plusieurs identités approchantes",
    civil_register.MARITAL_NAME: "trouvée sous le nom d’usage seulement",
    civil_register.UNKNOWN: "non trouvée, aucune identité approchante",
    civil_register.REFUSED: "demande rejetée par le registre",
}
SEXES: Final = {"F": "féminin", "M": "masculin", "I": "indéterminé"}
PARIS: Final = ZoneInfo("Europe/Paris")


def of_finding(finding: Finding) -> Iterator[str]:
    """Yield the code and, as the register wrote it, what it knows of the person."""
    meaning = CODES.get(finding.code, "réponse inconnue")
    yield f"Réponse du registre\u202f: {finding.code or 'sans code'} – {meaning}"
    if finding.record:
        yield from _of_record(finding.record)


def of_account(account: Account | None) -> str:
    """Return whether the person has an account, and when they last signed in."""
    if account is None:
        return "Compte FranceConnect\u202f: inconnu"
    state = "actif" if account.active else "fermé"
    seen = account.last_sign_in
    when = f"{seen.astimezone(PARIS):%d/%m/%Y %H h %M}" if seen else "jamais"
    return f"Compte FranceConnect\u202f: {state}, {account}, dernière connexion\u202f: {when}"


def _of_record(record: Record) -> Iterator[str]:
    facts = {
        "Nom de naissance": record.family_name,
        "Prénoms": " ".join(record.given_names),
        "Sexe": SEXES.get(record.sex, record.sex),
        "Date de naissance": record.birthdate,
        "Commune de naissance": record.place,
        "Pays de naissance": record.country,
    }
    for label, value in facts.items():
        yield f"{label}\u202f: {value or 'absent'}"
    if record.is_deceased:
        yield {"F": "Décédée", "M": "Décédé"}.get(record.sex, "Décédé ou décédée")
