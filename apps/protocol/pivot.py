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
from typing import Final, NoReturn

from apps.protocol import errors

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


@dataclass(frozen=True, slots=True, repr=False)
class PivotIdentity:
    """The six fields of civil status, each valid and coherent with the others."""

    given_name: str
    family_name: str
    birthdate: str
    gender: str
    birthplace: str
    birthcountry: str


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
    pivot = parse_pivot(claims, today=today)
    return ReceivedIdentity(
        sub=_parse_sub(claims),
        pivot=pivot,
        email=_parse_email(claims),
        preferred_username=_parse_preferred_username(claims),
    )


def parse_pivot(claims: Mapping[str, object], *, today: date) -> PivotIdentity:
    """Return the six fields of civil status, or refuse them. Raises ProtocolError: IDENTITY_MALFORMED."""
    birthcountry = _parse_birthcountry(claims)
    return PivotIdentity(
        given_name=_parse_name(claims, "given_name"),
        family_name=_parse_name(claims, "family_name"),
        birthdate=_parse_birthdate(claims, today),
        gender=_parse_gender(claims),
        birthplace=_parse_birthplace(claims, birthcountry),
        birthcountry=birthcountry,
    )


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
                    `idp_birthdate` is always the provider's
    Absent members are left out, never null; `birthplace` is "" for a birth outside France, for
    clients require a string. `sub` and `idp_id` are not properties of the identity: the caller
    adds the pairwise one and the uid of the identity provider.
    """
    given = identity.civil if from_register else identity.pivot
    claims: dict[str, str | list[str]] = {
        **_spelled(given),
        "given_name_array": given.given_name.split(),
        "idp_birthdate": identity.pivot.birthdate,
        "email": identity.email,
    }
    if identity.preferred_username:
        claims["preferred_username"] = identity.preferred_username
    return claims


def _spelled(pivot: PivotIdentity) -> dict[str, str]:
    return {name: getattr(pivot, name) for name in PivotIdentity.__slots__}


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


def _parse_name(claims: Mapping[str, object], field: str) -> str:
    name = _parse_text(claims, field)
    if not any(character.isalpha() for character in normalise_name(name)):
        _refuse(field, "holds no letter")
    return name


def _parse_preferred_username(claims: Mapping[str, object]) -> str:
    if claims.get("preferred_username") in (None, ""):
        return ""
    return _parse_text(claims, "preferred_username")


def _parse_birthdate(claims: Mapping[str, object], today: date) -> str:
    text = _parse_text(claims, "birthdate")
    match = _BIRTHDATE.fullmatch(text)
    if match is None:
        _refuse("birthdate", "not YYYY-MM-DD")
    year, month, day = (int(part) for part in match.groups())
    if year < EARLIEST_YEAR:
        _refuse("birthdate", f"before {EARLIEST_YEAR}")
    if day and not month:
        _refuse("birthdate", "a day in an unknown month")
    # The earliest day that a presumed date may stand for: it is in the future only if all are.
    earliest = _find_date(year, month or 1, day or 1)
    if earliest is None:
        _refuse("birthdate", "not a day of the calendar")
    if earliest > today:
        _refuse("birthdate", "in the future")
    return text


def _find_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parse_gender(claims: Mapping[str, object]) -> str:
    gender = _parse_text(claims, "gender")
    if gender not in GENDERS:
        _refuse("gender", "not one of female, male, unspecified")
    return gender


def _parse_birthcountry(claims: Mapping[str, object]) -> str:
    country = _parse_text(claims, "birthcountry")
    if _COUNTRY.fullmatch(country) is None:
        _refuse("birthcountry", "not a COG code of a country")
    return country


def _parse_birthplace(claims: Mapping[str, object], birthcountry: str) -> str:
    if birthcountry != FRANCE:
        return ""
    place = _parse_text(claims, "birthplace")
    if _COMMUNE.fullmatch(place) is None:
        _refuse("birthplace", "not a COG code of a French commune")
    return place


def _parse_sub(claims: Mapping[str, object]) -> str:
    sub = _parse_text(claims, "sub", longest=LONGEST_SUB)
    if not sub.isascii():
        _refuse("sub", "not ASCII")
    return sub


def _parse_email(claims: Mapping[str, object]) -> str:
    email = claims.get("email")
    if email is None or email == "":
        raise errors.ProtocolError(errors.EMAIL_MISSING, debug="email: missing")
    if not isinstance(email, str) or not _is_email(email):
        raise errors.ProtocolError(errors.EMAIL_MISSING, debug="email: not an e-mail address")
    return email


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


def _parse_text(claims: Mapping[str, object], field: str, *, longest: int = LONGEST_NAME) -> str:
    value = claims.get(field)
    if value is None:
        _refuse(field, "missing")
    if not isinstance(value, str):
        _refuse(field, "not a string")
    if not 1 <= len(value) <= longest:
        _refuse(field, f"not 1 to {longest} characters long")
    # What Python can print holds no invisible character; what it cannot may be a mere odd space.
    if not value.isprintable() and any(_is_invisible(character) for character in value):
        _refuse(field, "holds a control character")
    return value


def _is_invisible(character: str) -> bool:
    """Tell control, format (bidirectional overrides), surrogate, private and unassigned ones."""
    category = unicodedata.category(character)
    return category.startswith("C") or category in ("Zl", "Zp")


def _refuse(field: str, rule: str) -> NoReturn:
    raise errors.ProtocolError(errors.IDENTITY_MALFORMED, debug=f"{field}: {rule}")
