"""The pivot identity: six fields of civil status that name one natural person in France.

What an identity provider says is untrusted until `parse` has judged every field; a
`ReceivedIdentity` is built nowhere else, except by `from_bytes` from what `to_bytes` wrote and a
seal protected. What the civil register says is judged by the same rules (`parse_pivot`). Neither value prints its content: an identity in a traceback or a log is a leak.
For the same reason a refusal names the field and the rule, never what was received.

Two spellings, two uses. The service receives the source's own (`to_claims`). The hash is
made of a *normalised* copy (`normalise`), so that one person known to two identity providers is one
account; nothing else may be derived from that copy.

Dates. Civil status may ignore the day, or the month and the day, of a birth: these are written 00
(`1992-11-00`, `1992-00-00`) and called presumed. A day known in an unknown month does not exist.

Places are codes of INSEE's Code officiel géographique (COG). A commune is a département (01 to 95,
2A, 2B, 97, 98; 20 is Corsica before 1976) and three digits; a country is 99 and three digits, 99100
being France. Only the shape is judged here: a code that a merger of communes has since abolished
stays the birthplace of those who were born there. A birth outside France has no birthplace,
whatever the identity provider puts there.
"""

import json
import re
import stringprep
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from apps.protocol import errors
from apps.protocol.scopes import REGISTER_PREFIX

FRANCE: Final = "99100"
GENDERS: Final = frozenset({"female", "male", "unspecified"})
EARLIEST_YEAR: Final = 1850
LONGEST_NAME: Final = 256
LONGEST_SUB: Final = 255  # OIDC Core §2
LONGEST_EMAIL: Final = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
LONGEST_LOCAL_PART: Final = 64  # RFC 5321 §4.5.3.1.1

_BIRTHDATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_COUNTRY: Final = re.compile(r"99[0-9]{3}")
_COMMUNE: Final = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]", re.IGNORECASE)

# Capitals that no decomposition of Unicode opens, as passports write them (ICAO Doc 9303-3 §6).
_LETTERS: Final = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "Ŧ": "T"}
)
_ACCENTS: Final = re.compile(r"(?<=[A-Z])[\u0300-\u036f]+")
_HYPHENS: Final = r"\-\u2010-\u2015\u2212"
_APOSTROPHES: Final = r"'`\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032"
_SEPARATORS: Final = re.compile(rf"(?:[ {_HYPHENS}{_APOSTROPHES}][\u0300-\u036f]*)+")


class Flaw(StrEnum):
    """The rule that a field breaks; never what was received."""

    MISSING = "missing"
    NOT_TEXT = "not a string"
    EMPTY = "empty"
    TOO_LONG = "too long"
    INVISIBLE = "holds a control character"
    NO_LETTER = "holds no letter"
    NOT_DATE = "not YYYY-MM-DD"
    TOO_OLD = f"before {EARLIEST_YEAR}"
    DAY_ALONE = "a day in an unknown month"
    NO_SUCH_DAY = "not a day of the calendar"
    FUTURE = "in the future"
    GENDER = "not one of female, male, unspecified"
    COUNTRY = "not a COG code of a country"
    COMMUNE = "not a COG code of a French commune"
    NOT_ASCII = "not ASCII"
    EMAIL = "not an e-mail address"


@dataclass(frozen=True, slots=True, repr=False)
class PivotIdentity:
    """The six fields of civil status, each valid and coherent with the others."""

    given_name: str
    family_name: str
    birthdate: str
    gender: str
    birthplace: str
    birthcountry: str


PIVOT_FIELDS: Final = tuple(PivotIdentity.__slots__)
FIELDS: Final = (*PIVOT_FIELDS, "email", "preferred_username", "sub")
"""What is read of an identity provider's claims; the rest is dropped."""


@dataclass(frozen=True, slots=True, repr=False)
class ReceivedIdentity:
    """What we keep, for the time of a sign-in, of what an identity provider says of a person.

    sub                 identifier at that identity provider, which no service ever sees
    preferred_username  "" when there is none
    register            what the civil register says of the same person; None when it was not asked
    """

    sub: str
    pivot: PivotIdentity
    email: str
    preferred_username: str
    register: PivotIdentity | None = None

    @property
    def civil(self) -> PivotIdentity:
        """The civil identity: the register's when it was asked, the identity provider's otherwise.

        The account is found by it, whichever of the two the service is given.
        """
        return self.register or self.pivot

    @property
    def birthdates(self) -> tuple[str, ...]:
        """Every birth date known of this person."""
        return (self.pivot.birthdate, *((self.register.birthdate,) if self.register else ()))


def parse(claims: Mapping[str, object], *, today: date) -> ReceivedIdentity:
    """Return the identity of a person, or refuse the whole of it (FranceConnect's identity format).

    claims   /userinfo of the identity provider; claims that we do not know are dropped here
    today    the last day on which a person may have been born
    Raises ProtocolError: IDENTITY_MALFORMED, EMAIL_MISSING (absent, or not an address).
    """
    return ReceivedIdentity(
        pivot=parse_pivot(claims, today=today),
        sub=_accepted(claims, "sub", today),
        email=_accepted(claims, "email", today),
        preferred_username=_accepted(claims, "preferred_username", today),
    )


def parse_pivot(claims: Mapping[str, object], *, today: date) -> PivotIdentity:
    """Return the six fields of civil status, or refuse them. Raises ProtocolError: IDENTITY_MALFORMED."""
    return PivotIdentity(**{field: _accepted(claims, field, today) for field in PIVOT_FIELDS})


def normalise(pivot: PivotIdentity) -> PivotIdentity:
    """Return the copy to hash: the same for every way of writing the same person.

    Names go through `normalise_name`. A presumed day or month becomes 01, because many information
    systems cannot hold 00 and keep the first day instead: one identity provider says `1992-11-00`
    and another `1992-11-01` of the same person. A service is never told 01 on our own authority.
    """
    return replace(
        pivot,
        given_name=normalise_name(pivot.given_name),
        family_name=normalise_name(pivot.family_name),
        birthdate=pivot.birthdate.replace("-00", "-01"),
    )


def normalise_name(name: str) -> str:
    """Return a name in the capitals of the old registers: `D’Épée-Œuvre` becomes `D EPEE OEUVRE`.

    1. case folded, then capitals, so that ß is SS; decomposed (NFKD): `É` is `E` and an accent;
    2. ligatures and barred letters opened: Œ is OE, Ł is L;
    3. accents taken off Latin letters; the marks of other scripts stay, for there they tell letters
       apart;
    4. each run of spaces, hyphens and apostrophes becomes one space, since registers write
       indifferently `MARIE-ANGE` and `MARIE ANGE`, `D'EPEE` and `D EPEE`; none at either end;
    5. composed again (NFC).

    No letter or digit is lost, and no boundary inside a name vanishes: `LE GOFF` is not `LEGOFF`.
    """
    capitals = unicodedata.normalize("NFKD", name).casefold().upper()
    opened = unicodedata.normalize("NFKD", capitals).translate(_LETTERS)
    plain = _SEPARATORS.sub(" ", _ACCENTS.sub("", opened)).strip()
    return unicodedata.normalize("NFC", plain)


def to_claims(
    identity: ReceivedIdentity, *, from_register: bool = False
) -> dict[str, str | list[str]]:
    """Return every claim that a scope may open on this identity, in its own spelling.

    from_register   the civil register's spelling when it was asked, not the identity provider's;
                    `idp_birthdate` is always the provider's. Otherwise the register's word, when it
                    was asked, is beside the provider's under `rnipp_`.
    Absent members are left out, never null; `birthplace` is "" for a birth outside France, for
    clients require a string. `sub` and `idp_id` are not properties of the identity: the caller
    adds the pairwise one and the uid of the identity provider.
    """
    given = identity.civil if from_register else identity.pivot
    claims: dict[str, str | list[str]] = {
        **_civil_claims(given),
        "idp_birthdate": identity.pivot.birthdate,
        "email": identity.email,
    }
    if identity.preferred_username:
        claims["preferred_username"] = identity.preferred_username
    if identity.register and not from_register:
        twins = _civil_claims(identity.register)
        claims |= {REGISTER_PREFIX + name: value for name, value in twins.items()}
    return claims


def _civil_claims(pivot: PivotIdentity) -> dict[str, str | list[str]]:
    return {**_spelled(pivot), "given_name_array": pivot.given_name.split()}


def _spelled(pivot: PivotIdentity) -> dict[str, str]:
    return {name: getattr(pivot, name) for name in PIVOT_FIELDS}


def to_bytes(identity: ReceivedIdentity) -> bytes:
    """Return the identity as compact JSON, to be sealed at once."""
    members = {
        "sub": identity.sub,
        "pivot": _spelled(identity.pivot),
        "email": identity.email,
        "preferred_username": identity.preferred_username,
        "register": _spelled(identity.register) if identity.register else None,
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(plaintext: bytes) -> ReceivedIdentity:
    """Return the identity that `to_bytes` wrote; the seal answers for its authenticity."""
    members = json.loads(plaintext)
    register = members.pop("register", None)
    return ReceivedIdentity(
        **{**members, "pivot": PivotIdentity(**members["pivot"])},
        register=PivotIdentity(**register) if register else None,
    )


def _accepted(claims: Mapping[str, object], field: str, today: date) -> str:
    """Return one field as it is kept, or refuse it. Raises ProtocolError."""
    flaw = flaw_of(field, claims, today=today)
    if flaw:
        spec = errors.EMAIL_MISSING if field == "email" else errors.IDENTITY_MALFORMED
        raise errors.ProtocolError(spec, debug=f"{field}: {flaw}")
    value = claims.get(field)
    is_abroad = field == "birthplace" and claims.get("birthcountry") != FRANCE
    return value if isinstance(value, str) and not is_abroad else ""


def flaw_of(field: str, claims: Mapping[str, object], *, today: date) -> Flaw | None:
    """Return the rule that one of FIELDS breaks, or None: what `parse` judges by, field by field.

    A birthplace is required of those only whom the claims say to be born in France.
    """
    value = claims.get(field)
    if field == "preferred_username" and value in (None, ""):
        return None
    if field == "birthplace" and claims.get("birthcountry") != FRANCE:
        return None
    if value is None:
        return Flaw.MISSING
    if field == "email":
        return _flaw_of_email(value)
    longest = LONGEST_SUB if field == "sub" else LONGEST_NAME
    flaw = _flaw_of_text(value, longest)
    return flaw or _flaw_of_content(field, str(value), today)


def _flaw_of_text(value: object, longest: int) -> Flaw | None:
    if not isinstance(value, str):
        return Flaw.NOT_TEXT
    if not value:
        return Flaw.EMPTY
    if len(value) > longest:
        return Flaw.TOO_LONG
    # What Python can print holds no invisible character; what it cannot may be a mere odd space.
    if not value.isprintable() and any(_is_invisible(character) for character in value):
        return Flaw.INVISIBLE
    return None


def _flaw_of_content(field: str, text: str, today: date) -> Flaw | None:
    if field in ("given_name", "family_name"):
        has_letter = any(character.isalpha() for character in normalise_name(text))
        return None if has_letter else Flaw.NO_LETTER
    if field == "birthdate":
        return _flaw_of_birthdate(text, today)
    if field == "gender":
        return None if text in GENDERS else Flaw.GENDER
    if field == "birthcountry":
        return None if _COUNTRY.fullmatch(text) else Flaw.COUNTRY
    if field == "birthplace":
        return None if _COMMUNE.fullmatch(text) else Flaw.COMMUNE
    return Flaw.NOT_ASCII if field == "sub" and not text.isascii() else None


def _flaw_of_birthdate(text: str, today: date) -> Flaw | None:
    match = _BIRTHDATE.fullmatch(text)
    if match is None:
        return Flaw.NOT_DATE
    year, month, day = (int(part) for part in match.groups())
    if year < EARLIEST_YEAR:
        return Flaw.TOO_OLD
    if day and not month:
        return Flaw.DAY_ALONE
    # The earliest day that a presumed date may stand for: it is in the future only if all are.
    earliest = _find_date(year, month or 1, day or 1)
    if earliest is None:
        return Flaw.NO_SUCH_DAY
    return Flaw.FUTURE if earliest > today else None


def _find_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _flaw_of_email(value: object) -> Flaw | None:
    if value == "":
        return Flaw.MISSING
    return None if isinstance(value, str) and _is_email(value) else Flaw.EMAIL


def _is_email(text: str) -> bool:
    """Tell whether text is a plain address (RFC 5321) on a public domain, accents allowed there.

    Quoted local parts, address literals and SMTPUTF8 local parts are refused: every sign-in sends
    an e-mail, and ours cannot reach these.
    """
    local_part, _, domain = text.rpartition("@")
    if len(text) > LONGEST_EMAIL or len(local_part) > LONGEST_LOCAL_PART:
        return False
    if _LOCAL_PART.fullmatch(local_part) is None:
        return False
    if any(stringprep.in_table_b1(character) for character in domain):
        return False  # IDNA drops these in silence: what is shown would not be what is reached
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _DOMAIN.fullmatch(ascii_domain) is not None


def _is_invisible(character: str) -> bool:
    """Tell control, format (bidirectional overrides), surrogate, private and unassigned ones."""
    category = unicodedata.category(character)
    return category.startswith("C") or category in ("Zl", "Zp")
