"""The form of a new persona: what was typed, what is wrong with it, what may be meant."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from django.http import QueryDict

from apps.cog.countries import FRANCE, countries
from apps.protocol.pivot import GENDERS
from apps.sandbox.forms import birthplaces
from apps.sandbox.forms.fields import Field
from apps.sandbox.forms.shown import ErrorSummary, ShownField, show, summarise
from apps.sandbox.home import persona_fields
from apps.sandbox.home.persona_fields import LONGEST
from apps.sandbox.identity_provider.catalogue import AMELI, IMPOTS, SITES
from apps.sandbox.personas import civil_status, proposing
from apps.sandbox.personas.faults import PersonaFault

FIELDS: Final = (
    "given_name", "family_name", "preferred_username", "gender", "day", "month", "year",
    "birthcountry", "birthplace", "email", "reason", "tax_number", "nir",
)  # fmt: skip
# Where the page shows a fault of the document; one that is of none of its fields is in the summary.
_PLACES: Final = {
    "identity.given_name": "given_name",
    "identity.family_name": "family_name",
    "identity.preferred_username": "preferred_username",
    "identity.gender": "gender",
    "identity.birthdate": "birthdate",
    "identity.birthcountry": "birthcountry",
    "identity.birthplace": "birthplace",
    "identity.email": "email",
    "accounts.laposte.identifier": "email",
    "accounts.laposte": "email",
    "accounts.impots.identifier": "tax_number",
    "accounts.ameli.identifier": "nir",
}


@dataclass(frozen=True)
class PersonaForm:
    """What the page shows again.

    found   the commune that was typed, or those that it may be
    """

    values: Mapping[str, str]
    sites: tuple[str, ...]
    has_email: bool = True
    errors: Mapping[str, str] = field(default_factory=dict)
    found: birthplaces.Search = field(default_factory=birthplaces.Search)

    def refused(self, faults: Iterable[PersonaFault]) -> "PersonaForm":
        """Return the same form with the first reason for each field."""
        found: dict[str, str] = dict(self.errors)
        for fault in faults:
            found.setdefault(_PLACES.get(fault.field, fault.field), fault.message)
        return replace(self, errors=found)

    @property
    def civil_status(self) -> list[ShownField]:
        """The fields that say who the persona is."""
        asked = [
            *persona_fields.NAMES,
            persona_fields.GENDER,
            persona_fields.BIRTHDATE,
            birthplaces.birthcountry(),
            birthplaces.BIRTHPLACE,
        ]
        if self.found.choices:
            asked.append(birthplaces.commune(self.found))
        return [self._shown(one) for one in asked]

    @property
    def email(self) -> ShownField:
        """The field of the address."""
        return self._shown(persona_fields.EMAIL)

    @property
    def accounts(self) -> ShownField:
        """The field of the accounts to open."""
        return self._shown(persona_fields.ACCOUNTS)

    @property
    def identifiers(self) -> list[ShownField]:
        """The fields of the identifiers, which one may leave to be proposed."""
        return [self._shown(one) for one in persona_fields.IDENTIFIERS]

    @property
    def chooses_identifiers(self) -> bool:
        """Tell whether an identifier was typed, or is wrong."""
        return any(shown.error or shown.inputs[0].value for shown in self.identifiers)

    @property
    def reason(self) -> ShownField:
        """The field of what the persona is for."""
        return self._shown(persona_fields.REASON)

    @property
    def summary(self) -> ErrorSummary:
        """Return what is wrong with the page."""
        shown = [*self.civil_status, self.email, self.accounts, *self.identifiers, self.reason]
        return summarise(shown, self.errors)

    def _shown(self, asked: Field) -> ShownField:
        typed = {**self.values, "commune": self.found.code}
        return show(asked, typed, self.errors.get(asked.name, ""), chosen=self.sites)

    def wish(self) -> proposing.Wish:
        """Return what the form asks for."""
        claims = ("given_name", "family_name", "preferred_username", "gender", "email")
        identity = {name: self.values[name] for name in claims}
        identity |= {
            "birthdate": birthdate(self.values),
            "birthplace": self.found.code or self.values["birthplace"],
            "birthcountry": self.values["birthcountry"],
        }
        typed = {IMPOTS.slug: self.values["tax_number"], AMELI.slug: self.values["nir"]}
        return proposing.Wish(identity, self.has_email, self.sites, typed, self.values["reason"])


def blank() -> PersonaForm:
    """Return the form as one finds it: born in France, with every account."""
    return PersonaForm({**dict.fromkeys(FIELDS, ""), "birthcountry": FRANCE}, tuple(SITES))


def parse(post: QueryDict, today: date) -> PersonaForm:
    """Return what was typed, with the reasons that are the form's own and the communes to choose."""
    values = {name: " ".join(post.get(name, "")[:LONGEST].split()) for name in FIELDS}
    form = PersonaForm(
        values,
        tuple(site for site in SITES if site in post.getlist("sites")),
        has_email="no_email" not in post,
    )
    form = form.refused(_own_faults(values))
    if values["birthcountry"] != FRANCE or not values["birthplace"]:
        return form
    return _with_commune(form, post, today)


def birthdate(values: Mapping[str, str]) -> str:
    """Return the birth date of three fields, 00 for a day or a month that is unknown."""
    year, month, day = (values[name] for name in ("year", "month", "day"))
    return f"{year:0>4}-{month:0>2}-{day:0>2}" if year else ""


def _own_faults(values: Mapping[str, str]) -> Iterator[PersonaFault]:
    """Yield what the document would say in words that are not of this page."""
    if values["gender"] not in GENDERS:
        yield PersonaFault("identity.gender", "Choisissez l’une des trois réponses.")
    parts = [values[name] for name in ("day", "month", "year")]
    if not values["year"]:
        yield PersonaFault("identity.birthdate", "Indiquez au moins l’année de naissance.")
    elif not all(re.fullmatch(r"[0-9]{0,4}", part) for part in parts):
        yield PersonaFault("identity.birthdate", "Le jour, le mois et l’année sont des nombres.")
    if values["birthcountry"] not in countries():
        yield PersonaFault("identity.birthcountry", "Choisissez un pays de la liste.")


def _with_commune(form: PersonaForm, post: QueryDict, today: date) -> PersonaForm:
    """Return the form with the commune that was chosen or meant, or those that may be."""
    typed = form.values["birthplace"]
    days = civil_status.days_of(birthdate(form.values))
    chosen = post.get("commune", "") if post.get("searched") == typed else ""
    found = birthplaces.search(typed, on=days[0] if days else today, chosen=chosen)
    form = replace(form, found=found)
    if found.refusal:
        return form.refused([PersonaFault("identity.birthplace", found.refusal)])
    return form
