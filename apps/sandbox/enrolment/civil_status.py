"""A civil status typed by a person, judged by the very rules that FranceConnect applies."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from apps.protocol import pivot
from apps.protocol.errors import ProtocolError
from apps.sandbox.enrolment.fields import BIRTHDATE, compact
from apps.sandbox.enrolment.steps import StepRefused
from apps.sandbox.forms.fields import Field, FieldError, Input, Kind
from apps.sandbox.personas import civil_status as register

CLAIMS: Final = (
    "gender", "given_name", "family_name", "preferred_username",
    "birthdate", "birthplace", "birthcountry",
)  # fmt: skip
PLACES: Final = frozenset({"birthplace", "birthcountry"})
_WRONG: Final = {
    "given_name": "Ces prénoms ne contiennent aucune lettre, ou trop de caractères.",
    "family_name": "Ce nom ne contient aucune lettre, ou trop de caractères.",
    "preferred_username": "Ce nom ne contient aucune lettre, ou trop de caractères.",
    "birthdate": "Cette date de naissance n’est pas possible.",
    "birthplace": "Ce code n’est pas celui d’une commune. Il est obligatoire pour une naissance en France.",
    "birthcountry": "Ce code n’est pas celui d’un pays. Celui de la France est 99100.",
}
_MALFORMED: Final = "Cet état civil n’est pas complet."


def check(values: Mapping[str, str], *, email: str, today: date) -> dict[str, str]:
    """Return the claims of a civil status that FranceConnect would accept. Raises StepRefused."""
    claims = {name: values[name] for name in CLAIMS if values.get(name)}
    claims.setdefault("birthplace", "")
    try:
        pivot.parse({"sub": "new", "email": email, **claims}, today=today)
    except ProtocolError as refusal:
        field = refusal.debug.partition(":")[0]
        raise StepRefused({field: _WRONG.get(field, _MALFORMED)}) from None
    _check_places(claims, today)
    return {**claims, "email": email}


def _check_places(claims: Mapping[str, str], today: date) -> None:
    """Refuse a commune or a country that INSEE does not know for that day. Raises StepRefused."""
    faults = [fault for fault in register.check(claims, today) if fault.field in PLACES]
    if faults:
        raise StepRefused({fault.field: fault.message for fault in reversed(faults)})


def typed(claims: Mapping[str, str]) -> dict[str, str]:
    """Return what a person types to say these claims, by name of input; nothing for no claim."""
    answers = {name: claims[name] for name in CLAIMS if name in claims and name != "birthdate"}
    if "birthdate" in claims:
        year, month, day = claims["birthdate"].split("-")
        answers |= {"birthdate-day": day, "birthdate-month": month, "birthdate-year": year}
    return answers


def parse_name(text: str) -> str:
    """Return a name without the spaces around it, and single ones inside."""
    return " ".join(text.split())


def parse_code(text: str) -> str:
    """Return a code of INSEE's Code officiel géographique, in capitals. Raises FieldError."""
    code = compact(text).upper()
    if len(code) != 5:
        raise FieldError(f"5 caractères attendus, vous en avez saisi {len(code)}.")
    return code


FIELDS: Final = (
    Field(
        name="gender",
        label="Sexe",
        parse=str,
        inputs=(Input("gender"),),
        kind=Kind.ONE,
        choices=(("female", "Féminin"), ("male", "Masculin")),
    ),
    Field(
        name="given_name",
        label="Prénoms",
        hint="Tous vos prénoms, dans l’ordre de l’état civil, séparés par un espace.",
        parse=parse_name,
        inputs=(Input("given_name", autocomplete="given-name"),),
    ),
    Field(
        name="family_name",
        label="Nom de naissance",
        parse=parse_name,
        inputs=(Input("family_name", autocomplete="family-name"),),
    ),
    Field(
        name="preferred_username",
        label="Nom d’usage",
        hint="Seulement s’il n’est pas votre nom de naissance.",
        parse=parse_name,
        inputs=(Input("preferred_username"),),
        is_required=False,
    ),
    BIRTHDATE,
    Field(
        name="birthcountry",
        label="Pays de naissance",
        hint="Code INSEE de 5 chiffres\u202f: 99100 pour la France.",
        parse=parse_code,
        inputs=(Input("birthcountry", maxlength=10),),
    ),
    Field(
        name="birthplace",
        label="Commune de naissance",
        hint="Code INSEE de 5 caractères, par exemple 35238 pour Rennes. Rien si vous êtes né à l’étranger.",
        parse=parse_code,
        inputs=(Input("birthplace", maxlength=10),),
        is_required=False,
    ),
)
