"""What a NIR says of a birth: year, month, département (INSEE's répertoire, 13 characters).

sex 1 · year 2 · month 2 · département 2 · commune or country 3 · order 3. Months from 20 to 42 and
from 50 to 99 are given to people whose month of birth is unknown. Département 99 is a birth abroad.
"""

import re
from typing import Final

from apps.sandbox.enrolment.fields import FieldError
from apps.sandbox.identity_provider.identifiers import parse_social_security_number

_DEPARTMENT: Final = re.compile(r"0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|9[789]")
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def parse(text: str) -> str:
    """Return the 13 characters of a NIR whose month and département exist.

    Raises FieldError, IdentifierError.
    """
    number = parse_social_security_number(text)
    month = int(number[3:5])
    if not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        raise FieldError("Les 4e et 5e chiffres devraient être un mois de naissance.")
    if _DEPARTMENT.fullmatch(number[5:7]) is None:
        raise FieldError("Les 6e et 7e caractères devraient être un département de naissance.")
    return number


def contradiction(number: str, birthdate: str) -> str:
    """Return in what a NIR and a birth date (YYYY-MM-DD, 00 when unknown) disagree, or ""."""
    year, month = birthdate[2:4], int(birthdate[5:7])
    said = int(number[3:5])
    knows_month = 1 <= said <= 12
    if number[1:3] == year and (said == month or not knows_month or month == 0):
        return ""
    when = f"{_MONTHS[said - 1]} {number[1:3]}" if knows_month else f"l’année {number[1:3]}"
    return (
        f"Le numéro de sécurité sociale dit une naissance en {when}, ce qui n’est pas cette date. "
        "Corrigez l’un ou l’autre."
    )
