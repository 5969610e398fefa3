"""The form of a value in words, so that an agent sees what is odd without seeing the value.

What is said must fit very many people: how many words, which case, which separator, which kind of
code. A length is told of identifiers only, a digit or a letter never.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

from apps.cog import communes, countries
from apps.protocol.pivot import FRANCE

Claims = Mapping[str, object]

_KINDS: Final = {
    bool: "un booléen JSON",
    int: "un nombre JSON",
    float: "un nombre JSON",
    list: "une liste JSON",
    dict: "un objet JSON",
}
_SEPARATORS: Final = {
    " ": "espace",
    ",": "virgule",
    ";": "point-virgule",
    "-": "trait d’union",
    "'": "apostrophe",
    "’": "apostrophe",
}
_DIGITS: Final = re.compile(r"\d")


class Seen(NamedTuple):
    """The form of a value, and what is odd with it although the rules let it through."""

    form: str
    oddity: str = ""


def of(field: str, claims: Claims) -> Seen:
    """Return the form of a claim that the rules let through."""
    return _SHAPES[field](claims)


def of_refused(value: object) -> str:
    """Return the form of a value that the rules refuse; nothing of it can be read back."""
    if value is None:
        return "absent ou null"
    if not isinstance(value, str):
        return _KINDS.get(type(value), "une valeur JSON")
    if not value:
        return "texte vide"
    if any(character.isalpha() for character in value):
        return "texte avec des lettres"
    if len(value) <= 20 and value.isascii() and value.isprintable():
        return f"chiffres et signes, de la forme {_DIGITS.sub('9', value)}"
    return "texte sans lettre"


def _given_name(claims: Claims) -> Seen:
    text = str(claims["given_name"])
    if "," in text or ";" in text:
        return Seen(
            _name(text), "les prénoms doivent être séparés par une espace, non par une virgule"
        )
    return Seen(_name(text), _spaces(text))


def _family_name(claims: Claims) -> Seen:
    text = str(claims["family_name"])
    return Seen(_name(text), _spaces(text))


def _preferred_username(claims: Claims) -> Seen:
    text = str(claims.get("preferred_username") or "")
    return Seen(_name(text), _spaces(text)) if text else Seen("absent, facultatif")


def _name(text: str) -> str:
    words = len(text.split())
    used = [name for sign, name in _SEPARATORS.items() if sign in text.strip()]
    told = [f"{words} mot{'s' if words > 1 else ''}", _case(text)]
    if used:
        label = "séparateur" if len(set(used)) == 1 else "séparateurs"
        told.append(f"{label}\u202f: {', '.join(dict.fromkeys(used))}")
    return ", ".join(told)


def _case(text: str) -> str:
    if text == text.upper():
        case = "capitales"
    elif text == text.lower():
        case = "minuscules"
    else:
        case = "capitales et minuscules"
    decomposed = unicodedata.normalize("NFD", text)
    has_accent = any(unicodedata.combining(character) for character in decomposed)
    return f"{case} {'avec' if has_accent else 'sans'} accents"


def _spaces(text: str) -> str:
    return "" if text == " ".join(text.split()) else "des espaces en trop, ou d’une autre sorte"


def _birthdate(claims: Claims) -> Seen:
    _, month, day = str(claims["birthdate"]).split("-")
    if month == "00":
        return Seen("AAAA-00-00\u202f: mois et jour inconnus")
    return Seen("AAAA-MM-00\u202f: jour inconnu" if day == "00" else "AAAA-MM-JJ")


def _gender(claims: Claims) -> Seen:
    return Seen("l’une des trois valeurs admises")


def _birthcountry(claims: Claims) -> Seen:
    if countries.country(str(claims["birthcountry"])) is None:
        return Seen("5 chiffres qui commencent par 99", "aucun pays du COG n’a ce code")
    return Seen("code COG d’un pays")


def _birthplace(claims: Claims) -> Seen:
    place = claims.get("birthplace")
    if claims.get("birthcountry") != FRANCE:
        if place in (None, ""):
            return Seen("vide\u202f: naissance hors de France")
        return Seen(
            "rempli, pour une naissance hors de France",
            "ignoré\u202f: une naissance hors de France n’a pas de lieu",
        )
    found = communes.commune(str(place))
    if found is None:
        return Seen("5 caractères, comme un code COG", "aucune commune n’a ni n’a eu ce code")
    days = _days(claims.get("birthdate"))
    if days is None:
        return Seen("code COG d’une commune")
    if any(found.on(day) for day in days):
        return Seen("code COG d’une commune, qui existait à cette date")
    return Seen(
        "code COG d’une commune, qui n’existait pas à cette date",
        "donnez le code de la commune au jour de la naissance",
    )


def _days(birthdate: object) -> tuple[date, date] | None:
    """Return a day at each end of what a birth date stands for; None for what is no date."""
    try:
        year, month, day = (int(part) for part in str(birthdate).split("-"))
        return date(year, month or 1, day or 1), date(year, month or 12, day or 28)
    except ValueError:
        return None


def _email(claims: Claims) -> Seen:
    return Seen("adresse électronique, domaine complet")


def _sub(claims: Claims) -> Seen:
    sub = str(claims["sub"])
    form = f"{len(sub)} caractère{'s' if len(sub) > 1 else ''} ASCII"
    if "@" in sub:
        return Seen(form, "contient @\u202f: une adresse change, le sub d’une personne jamais")
    return Seen(form)


_SHAPES: Final[Mapping[str, Callable[[Claims], Seen]]] = {
    "given_name": _given_name,
    "family_name": _family_name,
    "birthdate": _birthdate,
    "gender": _gender,
    "birthplace": _birthplace,
    "birthcountry": _birthcountry,
    "email": _email,
    "preferred_username": _preferred_username,
    "sub": _sub,
}
