"""What the page of a new persona asks, question by question; `persona_form` judges the answers."""

from typing import Final

from apps.sandbox.forms.fields import Field, Input, Kind
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
