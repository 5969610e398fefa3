"""Whether a document has the shape of a persona, before anybody reads what it says.

A document comes from a file, a form or a link of somebody else. What is kept of it is shown on every
page that lists the personas, and written in claims: a text that no page can encode, or a value of
another kind than expected, must not come in.
"""

import base64
import binascii
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from apps.sandbox.models import AccountState
from apps.sandbox.personas.faults import PersonaFault

CLAIMS: Final = (
    "given_name", "family_name", "preferred_username", "gender", "birthdate", "birthplace",
    "birthcountry", "email",
)  # fmt: skip
SHORTEST_SECRET: Final = 14  # bytes: a time-based password wants 112 bits at least
LONGEST_CLAIM: Final = 256  # characters, as FranceConnect reads them
_TEXTS: Final = ("name", "reason", "password", "postal_code")


def check(document: Mapping[str, object]) -> list[PersonaFault]:
    """Return what is not of the expected kind; nothing else may be read until there is none."""
    faults = [
        PersonaFault(name, _UNREADABLE)
        for name in _TEXTS
        if isinstance(text := document.get(name), str) and not is_readable(text.strip())
    ]
    faults += _claims("identity", document.get("identity"))
    for part in ("accounts", "registers"):
        blocks = document.get(part)
        for site, block in blocks.items() if isinstance(blocks, Mapping) else ():
            if isinstance(block, Mapping):
                faults += _block(f"{part}.{site}", block)
    register = document.get("register")
    if isinstance(register, Mapping):
        faults += _claims("register.identity", register.get("identity"))
    return faults


def is_readable(text: str) -> bool:
    """Tell whether a text holds no control, direction, surrogate, private or unassigned character."""
    return not any(unicodedata.category(character).startswith("C") for character in text)


def _block(where: str, block: Mapping[str, object]) -> Iterator[PersonaFault]:
    yield from _claims(f"{where}.claims", block.get("claims"))
    identifier, state = block.get("identifier"), block.get("state", AccountState.VERIFIED.value)
    if isinstance(identifier, str) and not is_readable(identifier):
        yield PersonaFault(f"{where}.identifier", _UNREADABLE)
    if state not in AccountState.values:
        yield PersonaFault(
            f"{where}.state", f"Un état connu est attendu\u202f: {', '.join(AccountState.values)}."
        )
    if "second_factor" in block and not _is_secret(block["second_factor"]):
        yield PersonaFault(
            f"{where}.second_factor", "Un secret en base 32 est attendu, de 24 caractères au moins."
        )


def _claims(where: str, claims: object) -> Iterator[PersonaFault]:
    for name, value in claims.items() if isinstance(claims, Mapping) else ():
        if name not in CLAIMS:
            yield PersonaFault(where, f"Les informations connues sont {', '.join(CLAIMS)}.")
        elif isinstance(value, date):
            continue  # a date without quotation marks: civil_status has the right words
        elif value is not None and not isinstance(value, str):
            yield PersonaFault(
                f"{where}.{name}", "Un texte entre guillemets, ou null, est attendu."
            )
        elif value and (len(value) > LONGEST_CLAIM or not is_readable(value)):
            yield PersonaFault(f"{where}.{name}", _UNREADABLE)


def _is_secret(text: object) -> bool:
    if not isinstance(text, str):
        return False
    try:
        return len(base64.b32decode(text)) >= SHORTEST_SECRET
    except (binascii.Error, ValueError):
        return False


_UNREADABLE: Final = f"{LONGEST_CLAIM} caractères lisibles au plus\u202f: ni saut de ligne, ni caractère de contrôle."
