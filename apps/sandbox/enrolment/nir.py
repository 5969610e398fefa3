"""What a NIR says of a birth: year, month, département (INSEE's répertoire, 13 characters).

sex 1 · year 2 · month 2 · département 2 · commune or country 3 · order 3. Département 99 is a birth
abroad. A person may not know what the register knows of their month, or the reverse: only two months
that are both known contradict each other here, where `personas.social_security` judges a whole file.
"""

import re
from typing import Final

from apps.protocol.spoken import MONTHS
from apps.sandbox.forms.fields import FieldError
from apps.sandbox.identity_provider.identifiers import (
    is_unknown_month,
    parse_social_security_number,
)

_DEPARTMENT: Final = re.compile(r"0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|9[789]")


def parse(text: str) -> str:
    """Return the 13 characters of a NIR whose month and département exist.

    Raises FieldError, IdentifierError.
    """
    number = parse_social_security_number(text)
    if not (1 <= int(number[3:5]) <= 12 or is_unknown_month(number[3:5])):
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
    when = f"{MONTHS[said - 1]} {number[1:3]}" if knows_month else f"l’année {number[1:3]}"
    return (
        f"Le numéro de sécurité sociale dit une naissance en {when}, ce qui n’est pas cette date. "
        "Corrigez l’un ou l’autre."
    )
