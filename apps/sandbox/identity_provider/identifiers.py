"""What a person types to say which account is theirs, in every way they may write it.

Numbers are printed in groups, copied from a PDF with no-break spaces, followed by a key letter or a
key. Each parser returns the one canonical writing that accounts are stored under, or says in
French what is wrong with the format; the existence of an account is nobody's business here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_PUNCTUATION: Final = re.compile(r"[\s.\u2010-\u2015-]+")
_TAX_NUMBER: Final = re.compile(r"([0-9]+)[A-Z]?")
_NIR: Final = re.compile(r"[1278][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}")
_EMAIL: Final = re.compile(r"[^\s\x00-\x1f@]{1,64}@[^\s\x00-\x1f@]+\.[^\s\x00-\x1f@]{2,}")


class IdentifierError(Exception):
    """The text cannot be such an identifier; the message is for the person who typed it."""


@dataclass(frozen=True)
class Identifier:
    """One kind of identifier: its label, its help and its parser."""

    label: str
    help: str
    where: str
    inputmode: str
    parse: Callable[[str], str]
    display: Callable[[str], str]


def parse_tax_number(text: str) -> str:
    """Return the 13 digits of a numéro fiscal; a trailing key letter is dropped.

    Raises IdentifierError, which counts the digits.
    """
    compact = _PUNCTUATION.sub("", text).upper()
    match = _TAX_NUMBER.fullmatch(compact)
    if match is None:
        raise IdentifierError("Le numéro fiscal ne contient que des chiffres.")
    if len(match[1]) != 13:
        raise IdentifierError(f"13 chiffres attendus, vous en avez saisi {len(match[1])}.")
    return match[1]


def parse_social_security_number(text: str) -> str:
    """Return the 13 characters of a NIR; its key is checked and dropped when it is there.

    Raises IdentifierError.
    """
    compact = _PUNCTUATION.sub("", text).upper()
    if len(compact) not in (13, 15):
        raise IdentifierError(f"13 caractères attendus, vous en avez saisi {len(compact)}.")
    number, key = compact[:13], compact[13:]
    if _NIR.fullmatch(number) is None:
        raise IdentifierError("Ce numéro de sécurité sociale n’a pas le bon format.")
    if key and key != nir_key(number):
        raise IdentifierError("Les deux derniers chiffres ne correspondent pas aux 13 premiers.")
    return number


def nir_key(number: str) -> str:
    """Return the two digits of the key of a NIR: 97 − (N mod 97), with 2A → 19 and 2B → 18."""
    department = {"2A": "19", "2B": "18"}.get(number[5:7], number[5:7])
    return f"{97 - int(number[:5] + department + number[7:]) % 97:02d}"


def is_unknown_month(digits: str) -> bool:
    """Tell whether these digits of a NIR stand for a month that civil status does not know."""
    return 20 <= int(digits) <= 42 or 50 <= int(digits) <= 99


def parse_email(text: str) -> str:
    """Return an e-mail address in lower case. Raises IdentifierError."""
    compact = text.strip().lower()
    if _EMAIL.fullmatch(compact) is None or len(compact) > 254:
        raise IdentifierError("Adresse attendue, par exemple nom@example.org.")
    return compact


def display_tax_number(number: str) -> str:
    """Return a numéro fiscal in the groups of a tax notice: 00 01 123 456 789."""
    return _grouped(number, (2, 2, 3, 3, 3))


def display_social_security_number(number: str) -> str:
    """Return a NIR in the groups of a card, with its key: 1 48 05 99 999 356 84."""
    return _grouped(number + nir_key(number), (1, 2, 2, 2, 3, 3, 2))


def _grouped(number: str, sizes: tuple[int, ...]) -> str:
    groups, rest = [], number
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    return " ".join(groups)


TAX_NUMBER: Final = Identifier(
    label="Numéro fiscal",
    help="13 chiffres, avec ou sans espaces.",
    where="Il figure en haut de la première page de votre dernière déclaration de revenus. "
    "La lettre qui le suit parfois est facultative.",
    inputmode="text",
    parse=parse_tax_number,
    display=display_tax_number,
)
SOCIAL_SECURITY_NUMBER: Final = Identifier(
    label="Numéro de sécurité sociale",
    help="13 caractères, avec ou sans espaces. La clé est facultative.",
    where="Il figure sur votre carte et sur vos relevés de remboursement.",
    inputmode="text",
    parse=parse_social_security_number,
    display=display_social_security_number,
)
EMAIL: Final = Identifier(
    label="Adresse électronique",
    help="Par exemple nom@example.org.",
    where="C’est l’adresse que vous avez donnée en créant votre compte.",
    inputmode="email",
    parse=parse_email,
    display=str,
)
