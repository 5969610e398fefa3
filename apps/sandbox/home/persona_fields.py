"""What the page of a new persona asks, question by question; `persona_form` judges the answers."""

from collections.abc import Sequence
from typing import Final

from apps.cog.communes import Period
from apps.cog.countries import Country, countries
from apps.sandbox.forms.fields import Choices, Field, Input, Kind
from apps.sandbox.identity_provider.catalogue import SITES

LONGEST: Final = 300  # characters of any field


def _text(
    name: str, label: str, hint: str = "", *, is_required: bool = False, inputmode: str = "text"
) -> Field:
    return Field(
        name=name,
        label=label,
        hint=hint,
        inputs=(Input(name, maxlength=LONGEST),),
        inputmode=inputmode,
        is_required=is_required,
    )


NAMES: Final = (
    _text("given_name", "Prénoms", "Tous, séparés par des espaces.", is_required=True),
    _text("family_name", "Nom de naissance", "Un nom qui dit qu’il est inventé.", is_required=True),
    _text("preferred_username", "Nom d’usage"),
)
GENDER: Final = Field(
    name="gender",
    label="Sexe",
    inputs=(Input("gender"),),
    kind=Kind.ONE,
    choices=(("female", "Féminin"), ("male", "Masculin"), ("unspecified", "Non précisé")),
)
BIRTHDATE: Final = Field(
    name="birthdate",
    label="Date de naissance",
    hint="Laissez le jour, ou le jour et le mois, vides pour une date présumée.",
    inputs=(
        Input("day", "Jour", maxlength=2, is_short=True, is_required=False),
        Input("month", "Mois", maxlength=2, is_short=True, is_required=False),
        Input("year", "Année", maxlength=4, is_short=True),
    ),
    inputmode="numeric",
)
BIRTHPLACE: Final = _text(
    "birthplace",
    "Commune de naissance",
    "Son nom, ou le début, ou son code COG. Laissez vide pour une naissance à l’étranger.",
)
EMAIL: Final = _text(
    "email",
    "Adresse électronique",
    "En example.org, .test ou .invalid. Laissez vide pour en recevoir une.",
    inputmode="email",
)
ACCOUNTS: Final = Field(
    name="sites",
    label="Ouvrir un compte chez",
    inputs=(Input("sites"),),
    kind=Kind.SEVERAL,
    choices=tuple((site.slug, site.organisation) for site in SITES.values()),
    is_required=False,
)
IDENTIFIERS: Final = (
    _text("tax_number", "Numéro fiscal", "13 chiffres. Vide\u202f: le prochain qui est libre."),
    _text(
        "nir",
        "Numéro de sécurité sociale",
        "13 caractères. Vide\u202f: calculé d’après l’état civil.",
    ),
)
REASON: Final = _text("reason", "Pourquoi cette persona", "Une phrase, affichée à côté de son nom.")


def birthcountry() -> Field:
    """Return the list of the countries of today, then of those that are no more."""
    return Field(
        name="birthcountry",
        label="Pays de naissance",
        inputs=(Input("birthcountry"),),
        kind=Kind.LIST,
        choices=_named([one for one in countries().values() if one.is_current]),
        families=(
            (
                "N’existent plus",
                _named([one for one in countries().values() if not one.is_current]),
            ),
        ),
    )


def commune(found: Sequence[Period]) -> Field:
    """Return the choice among the communes that what was typed may name."""
    return Field(
        name="commune",
        label="Communes de ce nom au jour de la naissance",
        inputs=(Input("commune", is_required=False),),
        kind=Kind.ONE,
        choices=tuple((period.code, _label(period)) for period in found),
    )


def _named(found: Sequence[Country]) -> Choices:
    return tuple((one.code, f"{one.name} ({one.code})") for one in found)


def _label(period: Period) -> str:
    until = f" jusqu’au {period.end:%d/%m/%Y}" if period.has_ended else ""
    return f"{period.name} ({period.code}){until}"
