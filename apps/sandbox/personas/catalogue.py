"""The personas as frozen values, read once from the files beside this module.

A file gives `identity`, what the civil status says, and `accounts`: for each identity provider the
identifier to type and, in `claims`, what that provider writes differently. A claim set to null is
one that this provider does not give. `state` is a value of `AccountState`, verified when absent.
`second_factor` is a TOTP secret in base 32.
`registers` has the same shape as `accounts`: who knows this person without an account yet.
"""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from apps.sandbox.identity_provider.catalogue import LAPOSTE, SITES, IdentityProviderSite

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Account:
    """What one identity provider knows of a persona: the canonical identifier and the claims."""

    site: str
    identifier: str
    sub: str
    claims: Mapping[str, str]
    state: str = "verified"
    second_factor: str = ""

    @property
    def displayed_identifier(self) -> str:
        """The identifier as it is printed and may be typed."""
        return SITES[self.site].identifier.display(self.identifier)


@dataclass(frozen=True)
class Persona:
    """One fictional person, and why the sandbox needs them.

    registers     the accounts that this person may yet create, by identity provider
    identity      what the civil status says
    postal_code   where letters reach them, "" when the sandbox sends them none
    """

    slug: str
    name: str
    reason: str
    password: str
    accounts: dict[str, Account]
    registers: dict[str, Account]
    postal_code: str
    identity: Mapping[str, str]

    def known_at(self, site: str) -> Account | None:
        """Return what this organisation knows of the person, account or not, or None."""
        return self.accounts.get(site) or self.registers.get(site)


@dataclass(frozen=True)
class PersonaAccount:
    """A persona at one identity provider, for a page."""

    persona: Persona
    account: Account


@functools.cache
def everybody() -> tuple[Persona, ...]:
    """Return the personas in the order in which a newcomer meets them: by their file's number."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def find(slug: str) -> Persona | None:
    """Return the persona of that name, or None."""
    return next((persona for persona in everybody() if persona.slug == slug), None)


def accounts_at(site: IdentityProviderSite) -> list[PersonaAccount]:
    """Return who has an account at this identity provider."""
    return [
        PersonaAccount(persona, persona.accounts[site.slug])
        for persona in everybody()
        if site.slug in persona.accounts
    ]


def without_account_at(site: IdentityProviderSite) -> list[Persona]:
    """Return who may enrol at this identity provider: where a register is asked, who is in it."""
    return [
        persona
        for persona in everybody()
        if site.slug not in persona.accounts and (site.slug in persona.registers or site is LAPOSTE)
    ]


def _read(path: Path) -> Persona:
    document = yaml.safe_load(path.read_text())
    slug = path.stem.partition("-")[2]
    accounts, registers = (
        {
            site: _account(site, slug, document["identity"], written)
            for site, written in document.get(part, {}).items()
        }
        for part in ("accounts", "registers")
    )
    return Persona(
        slug=slug,
        name=document["name"],
        reason=document["reason"],
        password=document["password"],
        accounts=accounts,
        registers=registers,
        postal_code=str(document.get("postal_code", "")),
        identity=document["identity"],
    )


def _account(
    site: str, slug: str, identity: dict[str, str], written: dict[str, dict[str, str]]
) -> Account:
    claims = {**identity, **written.get("claims", {})}
    return Account(
        site=site,
        identifier=SITES[site].identifier.parse(str(written["identifier"])),
        sub=hashlib.sha256(f"{site}/{slug}".encode()).hexdigest()[:32],
        claims={name: value for name, value in claims.items() if value is not None},
        state=str(written.get("state", "verified")),
        second_factor=str(written.get("second_factor", "")),
    )
