"""A persona as a page tells it: civil status in words, accounts with their identifiers."""

from dataclasses import dataclass
from datetime import date

from apps.cog import communes
from apps.cog.countries import FRANCE, country
from apps.protocol.claims import CLAIMS
from apps.protocol.spoken import spoken
from apps.sandbox.identity_provider.catalogue import SITES, IdentityProviderSite
from apps.sandbox.personas import civil_status, register, relative_dates, shape
from apps.sandbox.personas.catalogue import Account, Persona
from apps.sandbox.second_factor import totp


@dataclass(frozen=True)
class Fact:
    """One line of civil status: its label and its value in words."""

    label: str
    value: str


@dataclass(frozen=True)
class KnownAt:
    """What one organisation knows of the person: what to type there, to sign in or to enrol."""

    site: IdentityProviderSite
    account: Account
    is_open: bool


def facts(persona: Persona, today: date) -> list[Fact]:
    """Return what the civil status says, without what it does not."""
    identity = persona.identity
    born = relative_dates.resolve(identity["birthdate"], today)
    words = {
        "birthdate": spoken("birthdate", born),
        "birthplace": _place(identity.get("birthplace") or "", born),
        "birthcountry": _country(identity["birthcountry"]),
    }
    shown = {
        name: words.get(name) or spoken(name, identity.get(name) or "") for name in shape.CLAIMS
    }
    status = [
        Fact(CLAIMS[name].label, value)
        for name, value in shown.items()
        if name != "preferred_username" or identity.get(name)
    ]
    if persona.postal_code:
        status.append(Fact("Code postal", persona.postal_code))
    if persona.register:
        status.append(Fact("L’état civil", register.WORDS[persona.register["answer"]]))
    return status


def accounts(persona: Persona) -> list[KnownAt]:
    """Return the accounts of a persona, open or not yet, in the order of the identity providers."""
    return [
        KnownAt(site, known, site.slug in persona.accounts)
        for site in SITES.values()
        if (known := persona.known_at(site.slug))
    ]


def current_code(persona: Persona) -> str:
    """Return what the telephone of a persona shows now, "" when none of their accounts asks for it."""
    secrets = (account.second_factor for account in persona.accounts.values())
    return next((totp.current_code(secret) for secret in secrets if secret), "")


def _place(code: str, born: str) -> str:
    if not code:
        return "Hors de France"
    days, found = civil_status.days_of(born), communes.commune(code)
    if found is None or days is None:
        return code
    period = found.on(days[0]) or found.on(days[1]) or found.periods[-1]
    heirs = (communes.commune(heir) for heir in period.successors if heir != code)
    names = [heir.name for heir in heirs if heir]
    today = f", aujourd’hui {' ou '.join(names)}" if names else ""
    return f"{period.name} ({code}){today}"


def _country(code: str) -> str:
    found = country(code)
    if code == FRANCE or found is None:
        return spoken("birthcountry", code)
    return f"{found.name} ({code})"
