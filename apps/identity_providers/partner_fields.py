"""The fields of partner files: what each may hold, and the sentence that says why not.

Each registry declares its fields as a table of `FieldSpec`, which serves three times: to read, to
explain what is wrong, and to print the reference page. A sentence never repeats a value, which may
be a secret.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

Value = str | bool | int | tuple[str, ...] | None

IDENTIFIER: Final = re.compile(r"[A-Za-z0-9._:/-]{1,100}")
"""What names a partner: it travels in URLs, in tokens and in the journal."""
MAX_INTEGER: Final = 32767  # the largest that each integer column holds
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs"})  # control, direction and zero-width, surrogates


class Kind(StrEnum):
    """The type of a field, as the reference page prints it."""

    IDENTIFIER = "identifiant"
    TEXT = "texte"
    URL = "adresse"
    URLS = "adresses (liste, ou texte séparé par des espaces)"
    WORDS = "mots (liste, ou texte séparé par des espaces)"
    BOOLEAN = "booléen"
    INTEGER = "entier positif"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a partner file.

    default    what an absent field means at creation, in words
    attribute  the model's field when it has another name; `alias` is a second name in the file
    stored     False for a field that is accepted, checked against `choices`, and kept nowhere
    """

    name: str
    kind: Kind
    default: str
    meaning: str
    attribute: str = ""
    alias: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    nullable: bool = False
    stored: bool = True

    @property
    def target(self) -> str:
        """Return the name of the model's field."""
        return self.attribute or self.name


# Nothing that the Content-Security-Policy, where origins are written, could take for its own.
_AUTHORITY: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class FieldFault(ValueError):
    """What is wrong with one value, as a French sentence."""


def parse(value: object, spec: FieldSpec) -> Value:
    """Return the value of a field as the model takes it. Raises FieldFault."""
    if value is None:
        _require(spec.nullable, "ne peut pas être null.")
        return None
    parsed = _PARSERS[spec.kind](value, spec)
    if spec.choices:
        chosen = parsed if isinstance(parsed, tuple) else (parsed,)
        expected = ", ".join(spec.choices)
        _require(set(chosen) <= set(spec.choices), f"valeur inconnue ; attendu : {expected}.")
    return parsed


def url_fault(text: str) -> str:
    """Return why this is not an absolute http(s) address, in lower case and exact, or nothing.

    Plain http is refused in production by `check --deploy`.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return "adresse illisible."
    if not text.startswith(("http://", "https://")) or not host:
        return "l’adresse doit commencer par https:// ou http://."
    if "#" in text or "*" in text or "\\" in text or "@" in parts.netloc:
        return "ni fragment, ni joker, ni identifiant dans une adresse."
    if not text.isascii() or not text.isprintable() or " " in text:
        return "caractères interdits dans l’adresse."
    if not _AUTHORITY.fullmatch(parts.netloc):
        return "nom de domaine ou port illisible."
    return ""


def urls_fault(text: str) -> str:
    """Return the first address between spaces that is not fit, and why, or nothing."""
    faults = ((url, url_fault(url)) for url in text.split())
    return next((f"{url[:120]} : {fault}" for url, fault in faults if fault), "")


def text_fault(text: str) -> str:
    """Return why this text cannot be shown as it is, or nothing."""
    if any(unicodedata.category(character) in INVISIBLE for character in text):
        return "caractères invisibles ou de contrôle interdits."
    return ""


def identifier_fault(text: str) -> str:
    """Return why this cannot name a partner, or nothing."""
    if IDENTIFIER.fullmatch(text):
        return ""
    return "1 à 100 caractères parmi les lettres sans accent, les chiffres et . _ : / -"


def _text(value: object, spec: FieldSpec) -> Value:
    if not isinstance(value, str):
        raise FieldFault("doit être un texte (entre guillemets).")
    _refuse(text_fault(value))
    if spec.kind is Kind.URL and value:
        _refuse(url_fault(value))
    elif spec.kind is Kind.IDENTIFIER:
        _refuse(identifier_fault(value))
    return value


def _words(value: object, spec: FieldSpec) -> Value:
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise FieldFault("doit être une liste de textes, ou un texte séparé par des espaces.")
    unique = tuple(dict.fromkeys(words))
    for word in unique:
        _require(word.split() == [word], "élément vide, ou qui contient un espace.")
        _refuse(url_fault(word) if spec.kind is Kind.URLS else text_fault(word))
    return " ".join(unique) if spec.kind is Kind.URLS else unique


def _boolean(value: object, spec: FieldSpec) -> Value:
    if not isinstance(value, bool):
        raise FieldFault("doit être true ou false.")
    return value


def _integer(value: object, spec: FieldSpec) -> Value:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_INTEGER:
        raise FieldFault(f"doit être un entier de 0 à {MAX_INTEGER}.")
    return value


_PARSERS: Final[Mapping[Kind, Callable[[object, FieldSpec], Value]]] = {
    Kind.IDENTIFIER: _text,
    Kind.TEXT: _text,
    Kind.URL: _text,
    Kind.URLS: _words,
    Kind.WORDS: _words,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
}


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise FieldFault(sentence)


def _refuse(sentence: str) -> None:
    if sentence:
        raise FieldFault(sentence)
