"""The signature keys that a provider publishes now, for whoever watches over it.

Read anew each time, never from what the sign-ins keep: a page that says how a provider is doing must
not repeat what it said ten minutes ago.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.identity_providers import metadata
from apps.identity_providers.models import IdentityProvider


@dataclass(frozen=True)
class PublishedKey:
    """One key. known_since: when this process first read it here."""

    kid: str
    alg: str
    known_since: datetime


_known: dict[str, dict[tuple[str, str], datetime]] = {}


def read(provider: IdentityProvider) -> tuple[PublishedKey, ...]:
    """Return the keys that this provider publishes, in its order; they are asked for now.

    Raises MetadataError.
    """
    address = metadata.configuration(provider).jwks_uri
    names = [(key.kid, key.alg.value) for key in metadata.read_keys(address).value.keys]
    now, before = datetime.now(UTC), _known.get(address, {})
    _known[address] = {name: before.get(name, now) for name in names}
    return tuple(PublishedKey(kid, alg, _known[address][kid, alg]) for kid, alg in names)
