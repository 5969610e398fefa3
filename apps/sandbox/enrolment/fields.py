"""The fields that several enrolments ask for, and the parsers that several of them use."""

import functools
import re
from datetime import date
from typing import Final

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    NumericPasswordValidator,
)
from django.core.exceptions import ValidationError

from apps.sandbox.forms.fields import Field, FieldError, Input, Kind

SHORTEST_PASSWORD: Final = 12  # characters
LONGEST_PASSWORD: Final = 128
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]+")


def compact(text: str) -> str:
    """Return a text without its spaces, of any width."""
    return _SPACES.sub("", text)


def parse_digits(text: str, count: int) -> str:
    """Return exactly that many digits, typed with or without spaces. Raises FieldError."""
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit()):
        raise FieldError(f"{count} chiffres attendus, sans lettre ni signe.")
    if len(digits) != count:
        raise FieldError(f"{count} chiffres attendus, vous en avez saisi {len(digits)}.")
    return digits


def parse_new_password(password: str, again: str) -> str:
    """Return a password that is long enough, not among the most common, and was typed twice alike.

    Raises FieldError.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise FieldError(
            f"{SHORTEST_PASSWORD} caractères au moins, vous en avez saisi {len(password)}."
        )
    if len(password) > LONGEST_PASSWORD:
        raise FieldError(
            f"{LONGEST_PASSWORD} caractères au plus, vous en avez saisi {len(password)}."
        )
    for validator in (NumericPasswordValidator(), _common_passwords()):
        try:
            validator.validate(password)
        except ValidationError as refusal:
            raise FieldError(" ".join(refusal.messages)) from None
    if password != again:
        raise FieldError("Les deux saisies ne sont pas les mêmes.")
    return password


@functools.cache
def _common_passwords() -> CommonPasswordValidator:
    """Return the list of Django, read once."""
    return CommonPasswordValidator()


def parse_birthdate(day: str, month: str, year: str) -> str:
    """Return YYYY-MM-DD; an unknown day, or month and day, is 00. Raises FieldError."""
    texts = [compact(text) for text in (day, month, year)]
    if not all(text.isascii() and text.isdigit() for text in texts):
        raise FieldError(
            "Le jour, le mois et l’année s’écrivent en chiffres, par exemple 14\u00a003\u00a01985."
        )
    if any(len(text) > 2 for text in texts[:2]):
        raise FieldError("2 chiffres au plus pour le jour et pour le mois.")
    if len(texts[2]) != 4:
        raise FieldError(f"4 chiffres attendus pour l’année, vous en avez saisi {len(texts[2])}.")
    numbers = [int(text) for text in texts]
    if not _is_day(*numbers):
        raise FieldError("Ce jour n’existe pas dans le calendrier.")
    return f"{numbers[2]:04d}-{numbers[1]:02d}-{numbers[0]:02d}"


def _is_day(day: int, month: int, year: int) -> bool:
    """Tell whether a day exists, or may be presumed: a day known in an unknown month is not."""
    if month == 0 and day:
        return False
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True


BIRTHDATE: Final = Field(
    name="birthdate",
    label="Date de naissance",
    hint="Jour, mois, année. Par exemple 14\u00a003\u00a01985. Si le jour ou le mois est inconnu\u202f: 00.",
    parse=parse_birthdate,
    inputs=(
        Input("birthdate-day", "Jour", "bday-day", 2, is_short=True),
        Input("birthdate-month", "Mois", "bday-month", 2, is_short=True),
        Input("birthdate-year", "Année", "bday-year", 4, is_short=True),
    ),
    inputmode="numeric",
)
NEW_PASSWORD: Final = Field(
    name="password",
    label="Mot de passe",
    hint=f"{SHORTEST_PASSWORD} caractères au moins. Une phrase se retient mieux. Vous pouvez le coller.",
    parse=parse_new_password,
    inputs=(
        Input("password", "Choisissez un mot de passe", "new-password", LONGEST_PASSWORD),
        Input("password-again", "Saisissez-le à nouveau", "new-password", LONGEST_PASSWORD),
    ),
    kind=Kind.PASSWORD,
    is_secret=True,
)
