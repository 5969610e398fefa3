"""The civil register (RNIPP): what is asked of it, what it answers, what may be believed of that.

The register holds the civil status of every person born in France or known to its social security.
It is asked, at each authentication, whether the person that an identity provider names exists: a
strict search on the six fields of the pivot identity, and nothing else travels. Its answer is a
code and, when one person was found, their record: the same as asked (2), or rectified (3).

A `Record` is raw: what the register wrote, unjudged, "" where it wrote nothing. `identity_of` is the
only way from there to a `PivotIdentity`.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from apps.protocol import errors, pivot
from apps.protocol.errors import ErrorSpec, ProtocolError
from apps.protocol.pivot import FRANCE, PivotIdentity

PATH: Final = "/Brpp2IdentificationComplet/individus"
SEXES: Final = {"female": "F", "male": "M", "unspecified": "I"}
FOUND: Final = "2"
RECTIFIED: Final = "3"
ONE_NEAR: Final = "4"
SEVERAL_NEAR: Final = "6"
MARITAL_NAME: Final = "7"
UNKNOWN: Final = "8"
REFUSED: Final = "9"

_GENDERS: Final = {sex: gender for gender, sex in SEXES.items()}
_REFUSALS: Final[dict[str, ErrorSpec]] = {
    ONE_NEAR: errors.REGISTER_ONE_NEAR,
    SEVERAL_NEAR: errors.REGISTER_SEVERAL_NEAR,
    MARITAL_NAME: errors.REGISTER_MARITAL_NAME,
    UNKNOWN: errors.REGISTER_UNKNOWN,
    REFUSED: errors.REGISTER_REFUSED,
}
_PRESUMED: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One person as the register wrote them; it never prints itself.

    birthdate   YYYY-MM-DD, or YYYY-MM or YYYY when the rest is unknown
    sex         F, M or I
    place       COG code of a commune, country that of a country
    """

    given_names: tuple[str, ...]
    family_name: str
    birthdate: str
    sex: str
    place: str
    country: str
    is_deceased: bool


@dataclass(frozen=True, slots=True, repr=False)
class SearchResult:
    """The register's answer: its code, and the record when exactly one person was found."""

    code: str
    record: Record | None


def build_query(person: PivotIdentity) -> dict[str, str]:
    """Return the parameters of a strict search for this person (FranceConnect §7.1)."""
    return {
        "rechercheType": "S",
        "nom": person.family_name,
        "prenoms": person.given_name,
        "dateNaissance": person.birthdate.replace("-", ""),
        "sexe": SEXES[person.gender],
        "codeLieuNaissance": person.birthplace or person.birthcountry,
    }


def identity_of(result: SearchResult, *, today: date) -> PivotIdentity:
    """Return the civil identity of a living person that was found (FranceConnect §7.2, §7.3).

    A date that the register knows in part stays presumed: FranceConnect makes a first of the month
    of it, we write 00, since nobody said 01.
    Raises ProtocolError: REGISTER_*, of which neither SILENT nor UNAVAILABLE.
    """
    refusal = _REFUSALS.get(result.code)
    if refusal:
        raise ProtocolError(refusal)
    if result.code not in (FOUND, RECTIFIED) or result.record is None:
        raise ProtocolError(errors.REGISTER_UNUSABLE, debug="unknown code, or not one person")
    if result.record.is_deceased:
        raise ProtocolError(errors.REGISTER_DECEASED)
    try:
        return pivot.parse_pivot(_claims(result.record), today=today)
    except ProtocolError as failure:
        raise ProtocolError(errors.REGISTER_UNUSABLE, debug=failure.debug) from failure


def _claims(record: Record) -> dict[str, object]:
    birthdate = record.birthdate
    if _PRESUMED.fullmatch(birthdate):
        birthdate = f"{birthdate}-00-00"[: len("YYYY-MM-DD")]
    return {
        "given_name": " ".join(record.given_names),
        "family_name": record.family_name,
        "birthdate": birthdate,
        "gender": _GENDERS.get(record.sex, ""),
        "birthplace": record.place,
        "birthcountry": record.country or (FRANCE if record.place else ""),
    }
