"""What support reads of a look-up in the civil register, in words."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils import timezone

from apps.accounts.models import Account
from apps.cog import communes, countries
from apps.protocol import civil_register
from apps.protocol.civil_register import Record, SearchResult

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


def of_result(result: SearchResult) -> Iterator[str]:
    """Yield the code and, as the register wrote it, what it knows of the person."""
    meaning = CODES.get(result.code, "réponse inconnue")
    yield f"Réponse du registre\u202f: {result.code or 'sans code'} – {meaning}"
    if result.record:
        yield from _of_record(result.record)


def of_account(account: Account | None) -> str:
    """Return whether the person has an account, and when they last signed in."""
    if account is None:
        return "Compte FranceConnect\u202f: inconnu"
    state = "actif" if account.active else "fermé"
    seen = account.last_sign_in
    when = f"{timezone.localtime(seen):%d/%m/%Y %H h %M}" if seen else "jamais"
    return f"Compte FranceConnect\u202f: {state}, {account}, dernière connexion\u202f: {when}"


def _of_record(record: Record) -> Iterator[str]:
    facts = {
        "Nom de naissance": record.family_name,
        "Prénoms": " ".join(record.given_names),
        "Sexe": SEXES.get(record.sex, record.sex),
        "Date de naissance": record.birthdate,
        "Commune de naissance": _commune(record),
        "Pays de naissance": _country(record.country),
    }
    for label, value in facts.items():
        yield f"{label}\u202f: {value or 'absent'}"
    if record.is_deceased:
        yield {"F": "Décédée", "M": "Décédé"}.get(record.sex, "Décédé ou décédée")


def _commune(record: Record) -> str:
    """Return the code of a commune with what it named on the day of the birth.

    A code may have named several communes: all of them are told when the day is not known.
    """
    found = communes.commune(record.place) if record.place else None
    if found is None:
        return record.place
    period = found.on(born) if (born := _day(record.birthdate)) else None
    names = [period.name] if period else dict.fromkeys(each.name for each in found.periods)
    return f"{record.place} – {' ou '.join(names)}"


def _country(code: str) -> str:
    found = countries.country(code)
    return f"{code} – {found.name}" if found else code


def _day(birthdate: str) -> date | None:
    """Return a birth date that is a day of the calendar, or None."""
    try:
        return date.fromisoformat(birthdate)
    except ValueError:
        return None
