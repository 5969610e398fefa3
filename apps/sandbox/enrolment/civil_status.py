"""A civil status typed by a person, judged by the very rules that FranceConnect applies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from unicodedata import combining

from apps.cog.countries import FRANCE
from apps.protocol import pivot
from apps.protocol.errors import ProtocolError
from apps.sandbox.enrolment.fields import BIRTHDATE, parse_birthdate
from apps.sandbox.enrolment.steps import StepRefused
from apps.sandbox.forms import birthplaces
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
    "birthplace": "Ce code n’est pas celui d’une commune.",
    "birthcountry": "Choisissez un pays de la liste.",
}
_NO_COMMUNE: Final = "Indiquez la commune, obligatoire pour une naissance en France."
_JOINING: Final = " -‐'’"
_MALFORMED: Final = "Cet état civil n’est pas complet."


def check(values: Mapping[str, str], *, email: str, today: date) -> dict[str, str]:
    """Return the claims of a civil status that FranceConnect would accept. Raises StepRefused."""
    claims = {name: values[name] for name in CLAIMS if values.get(name)}
    claims["birthplace"] = _birthplace(values, today)
    try:
        pivot.parse({"sub": "new", "email": email, **claims}, today=today)
    except ProtocolError as refusal:
        field = refusal.debug.partition(":")[0]
        raise StepRefused({field: _WRONG.get(field, _MALFORMED)}) from None
    _check_places(claims, today)
    return {**claims, "email": email}


def _birthplace(values: Mapping[str, str], today: date) -> str:
    """Return the code of the commune that was typed or chosen, if any. Raises StepRefused."""
    typed = values.get("birthplace", "")
    if values["birthcountry"] != FRANCE:
        return typed
    if not typed:
        raise StepRefused({"birthplace": _NO_COMMUNE})
    days = register.days_of(values["birthdate"])
    on = days[0] if days else today
    found = birthplaces.search(typed, on=on, chosen=values.get("commune", ""))
    if found.refusal:
        raise StepRefused({"birthplace": found.refusal})
    return found.code


def communes_to_choose(typed: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the choice among the communes that a birthplace may name, when it may name several."""
    place = parse_name(typed.get("birthplace", ""))
    if not place or typed.get("birthcountry") != FRANCE:
        return ()
    try:
        birthdate = parse_birthdate(*(typed.get(box.name, "") for box in BIRTHDATE.inputs))
    except FieldError:
        return ()
    days = register.days_of(birthdate)
    if days is None:
        return ()
    found = birthplaces.search(place, on=days[0])
    return (birthplaces.commune(found),) if found.choices else ()


def _check_places(claims: Mapping[str, str], today: date) -> None:
    """Refuse a commune or a country that INSEE does not know for that day. Raises StepRefused."""
    faults = [fault for fault in register.check(claims, today) if fault.field in PLACES]
    if faults:
        raise StepRefused({fault.field: fault.message for fault in reversed(faults)})


def typed(claims: Mapping[str, str]) -> dict[str, str]:
    """Return what a person types to say these claims, by name of input; nothing for no claim."""
    answers = {name: claims[name] for name in CLAIMS if name in claims and name != "birthdate"}
    if answers.get("birthplace"):
        answers["birthplace"] = birthplaces.written(answers["birthplace"])
    if "birthdate" in claims:
        year, month, day = claims["birthdate"].split("-")
        answers |= {"birthdate-day": day, "birthdate-month": month, "birthdate-year": year}
    return answers


def parse_name(text: str) -> str:
    """Return a name without the spaces around it, and single ones inside."""
    return " ".join(text.split())


def parse_civil_name(text: str) -> str:
    """Return a name of the civil status, of letters and of what joins them. Raises FieldError."""
    name = parse_name(text)
    if not all(one.isalpha() or combining(one) or one in _JOINING for one in name):
        raise FieldError(
            "Des lettres, des espaces, des traits d’union et des apostrophes seulement."
        )
    return name


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
        parse=parse_civil_name,
        inputs=(Input("given_name", autocomplete="given-name"),),
    ),
    Field(
        name="family_name",
        label="Nom de naissance",
        parse=parse_civil_name,
        inputs=(Input("family_name", autocomplete="family-name"),),
    ),
    Field(
        name="preferred_username",
        label="Nom d’usage",
        hint="Seulement s’il n’est pas votre nom de naissance.",
        parse=parse_civil_name,
        inputs=(Input("preferred_username"),),
        is_required=False,
    ),
    BIRTHDATE,
    birthplaces.birthcountry(),
    replace(birthplaces.BIRTHPLACE, parse=parse_name),
)
