"""Everybody who may sign in: the project's personas, then those that people added here."""

from dataclasses import dataclass

from apps.sandbox.identity_provider.catalogue import LAPOSTE, IdentityProviderSite
from apps.sandbox.personas import catalogue, own
from apps.sandbox.personas.catalogue import Account, Persona


@dataclass(frozen=True)
class PersonaAccount:
    """A persona at one identity provider, for a page."""

    persona: Persona
    account: Account


def everybody() -> list[Persona]:
    """Return everybody, the project's personas first."""
    return [*catalogue.everybody(), *own.everybody()]


def find(slug: str) -> Persona | None:
    """Return the persona of that name, or None."""
    return catalogue.find(slug) or own.find(slug)


def without_account_at(site: IdentityProviderSite) -> list[Persona]:
    """Return who may enrol at this identity provider: where a register is asked, who is in it."""
    return [
        persona
        for persona in everybody()
        if site.slug not in persona.accounts and (site.slug in persona.registers or site is LAPOSTE)
    ]


def accounts_at(site: IdentityProviderSite) -> list[PersonaAccount]:
    """Return who has an account at this identity provider."""
    return [
        PersonaAccount(persona, persona.accounts[site.slug])
        for persona in everybody()
        if site.slug in persona.accounts
    ]
