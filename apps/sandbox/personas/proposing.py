"""A whole document from the few things that a person fills in: identifiers are proposed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.sandbox.identity_provider.catalogue import AMELI, IMPOTS, LAPOSTE, SITES
from apps.sandbox.models import IdentityAccount
from apps.sandbox.personas import civil_status, documents, social_security
from apps.sandbox.personas.catalogue import PASSWORD
from apps.sandbox.personas.faults import PersonaFault, Refused

# Numbers that the project's own personas leave free.
_TAX_NUMBERS = range(1_950_000_001, 1_960_000_000)
_RANKS = (*range(901, 1000), *range(1, 901))


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a persona.

    identity      claims, as typed
    has_email     False for nobody's address; True with "" for one to be proposed
    sites         slugs of the identity providers where the persona has an account
    identifiers   those that were typed, by site; the others are proposed
    """

    identity: Mapping[str, str]
    has_email: bool
    sites: tuple[str, ...]
    identifiers: Mapping[str, str]
    reason: str


def document(wish: Wish, today: date) -> dict[str, Any]:
    """Return the document of this persona, its accounts still to be checked.

    Raises Refused when the civil status breaks a rule: no number follows from it.
    """
    identity = {
        name: value for name, value in wish.identity.items() if value or name == "birthplace"
    }
    if not wish.has_email:
        identity.pop("email", None)
    elif "email" not in identity:
        identity["email"] = _free_email(identity)
    faults = [fault.below("identity") for fault in civil_status.check(identity, today)]
    if LAPOSTE.slug in wish.sites and not wish.has_email:
        faults.append(
            PersonaFault(
                "accounts.laposte.identifier",
                "Le compte La Poste se reconnaît à l’adresse électronique\u202f: "
                "gardez-en une, ou ne donnez pas ce compte.",
            )
        )
    if faults:
        raise Refused(faults)
    return {
        "name": f"{identity['given_name'].split()[0]} {identity['family_name'].upper()}",
        "reason": wish.reason or "Une persona de plus.",
        "password": PASSWORD,
        "identity": identity,
        "accounts": {
            site: {"identifier": wish.identifiers.get(site) or _proposed(site, identity, today)}
            for site in SITES
            if site in wish.sites
        },
    }


def _proposed(site: str, identity: Mapping[str, str], today: date) -> str:
    if site == LAPOSTE.slug:
        return identity["email"]
    proposals: dict[str, Iterable[str]] = {
        IMPOTS.slug: (f"{number:013d}" for number in _TAX_NUMBERS),
        AMELI.slug: (social_security.build(identity, rank, today) for rank in _RANKS),
    }
    taken = set(IdentityAccount.objects.filter(site=site).values_list("identifier", flat=True))
    free = next(number for number in proposals[site] if number not in taken)
    return SITES[site].identifier.display(free)


def _free_email(identity: Mapping[str, str]) -> str:
    """Return an address at example.org that no account has; "" without a name."""
    names = (identity.get("given_name", "").split()[:1], [identity.get("family_name", "")])
    base = ".".join(filter(None, (documents.slug_of(" ".join(name)) for name in names)))
    known = IdentityAccount.objects.values_list("claims__email", "identifier")
    taken = {address for addresses in known for address in addresses}
    candidates = (f"{base}{rank or ''}@example.org" for rank in (0, *range(2, len(taken) + 3)))
    return next(email for email in candidates if email not in taken) if base else ""
