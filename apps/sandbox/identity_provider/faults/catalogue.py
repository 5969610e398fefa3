"""Every fault, by family and by name."""

import difflib
from dataclasses import dataclass
from typing import Final

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.faults.answers import ANSWERS
from apps.sandbox.identity_provider.faults.fault import HONEST, Fault
from apps.sandbox.identity_provider.faults.identities import IDENTITIES
from apps.sandbox.identity_provider.faults.levels import LEVELS
from apps.sandbox.identity_provider.faults.returns import RETURNS
from apps.sandbox.identity_provider.faults.signatures import SIGNATURES
from apps.sandbox.identity_provider.faults.tokens import TOKENS


@dataclass(frozen=True)
class Family:
    """Faults of one kind, under the title they are listed by."""

    slug: str
    title: str
    faults: tuple[Fault, ...]

    def played_at(self, site: IdentityProviderSite) -> list[Fault]:
        """Return those that this site can play."""
        return [fault for fault in self.faults if site.slug in fault.sites]


FAMILIES: Final = (
    Family("retour", "Le retour vers FranceConnect", RETURNS),
    Family("jeton", "Le contenu de l’ID token", TOKENS),
    Family("niveau", "Le niveau de garantie", LEVELS),
    Family("signature", "Les signatures", SIGNATURES),
    Family("identite", "L’identité", IDENTITIES),
    Family("reponse", "Les réponses HTTP", ANSWERS),
)
FAULTS: Final = {fault.slug: fault for family in FAMILIES for fault in family.faults}


class UnknownFault(Exception):
    """No fault of this site has this name; the message is for the person who typed it."""


def played(slug: str) -> Fault:
    """Return the fault of a sign-in, the honest one when there is none or it exists no more."""
    return FAULTS.get(slug, HONEST)


def get(slug: str, site: IdentityProviderSite) -> Fault:
    """Return the fault of this name, or HONEST for "". Raises UnknownFault."""
    if not slug:
        return HONEST
    fault = FAULTS.get(slug.casefold())
    if fault is None:
        raise UnknownFault(_unknown(slug, site))
    if site.slug not in fault.sites:
        raise UnknownFault(f"La panne «\u202f{fault.slug}\u202f» ne se joue pas sur ce compte.")
    return fault


def _unknown(slug: str, site: IdentityProviderSite) -> str:
    names = [name for name, fault in FAULTS.items() if site.slug in fault.sites]
    nearest = difflib.get_close_matches(slug.casefold(), names, n=3, cutoff=0.6)
    message = f"Aucune panne ne s’appelle «\u202f{slug[:40]}\u202f»."
    return (
        f"{message} Les noms les plus proches\u202f: {', '.join(nearest)}." if nearest else message
    )
