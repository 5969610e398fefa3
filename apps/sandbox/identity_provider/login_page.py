"""What the login page asks and shows again: never a password that was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from apps.sandbox.forms.fields import Field, Input, Kind
from apps.sandbox.forms.shown import ErrorSummary, ShownField, show, summarise
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.faults import catalogue as faults

_PASSWORD: Final = Field(
    name="password",
    label="Mot de passe",
    inputs=(Input("password", autocomplete="current-password", maxlength=128),),
    kind=Kind.PASSWORD,
)


@dataclass(frozen=True)
class LoginPage:
    """The form, filled or not.

    password   a persona's, when `persona` was chosen to fill the form
    fault      the one chosen in the list
    """

    site: IdentityProviderSite
    identifier: str = ""
    password: str = ""
    persona: str = ""
    fault: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def fields(self) -> dict[str, ShownField]:
        """The fields by name, in the order of the page."""
        typed = {"identifier": self.identifier, "password": self.password, "fault": self.fault}
        return {
            asked.name: show(asked, typed, self.errors.get(asked.name, ""))
            for asked in (_identifier(self.site), _PASSWORD, _fault(self.site))
        }

    @property
    def summary(self) -> ErrorSummary:
        """Return what is wrong with the page."""
        return summarise(self.fields.values(), self.errors)


def _identifier(site: IdentityProviderSite) -> Field:
    return Field(
        name="identifier",
        label=site.identifier.label,
        hint=site.identifier.help,
        inputs=(Input("identifier", autocomplete="username", maxlength=320),),
        inputmode=site.identifier.inputmode,
    )


def _fault(site: IdentityProviderSite) -> Field:
    """Return the list of the faults that this site can play, family by family."""
    return Field(
        name="fault",
        label="Panne à jouer",
        inputs=(Input("fault"),),
        kind=Kind.LIST,
        is_required=False,
        choices=(("", "Aucune"),),
        families=tuple(
            (
                family.title,
                tuple(
                    (fault.slug, f"{fault.label} ({fault.slug})")
                    for fault in family.played_at(site)
                ),
            )
            for family in faults.FAMILIES
        ),
    )
