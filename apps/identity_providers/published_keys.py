"""The signature keys that a provider publishes now, for whoever watches over it.

Read anew each time, never from what the sign-ins keep: a page that says how a provider is doing must
not repeat what it said ten minutes ago.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from apps.identity_providers import metadata
from apps.identity_providers.models import IdentityProvider


@dataclass(frozen=True)
class PublishedKey:
    """One key. known_since: since when each reading of this process has found it."""

    kid: str
    alg: str
    known_since: datetime


LONGEST: Final = 256  # addresses that are remembered

_known: dict[str, dict[tuple[str, str], datetime]] = {}


def read(provider: IdentityProvider) -> tuple[PublishedKey, ...]:
    """Return the keys that this provider publishes, in its order; they are asked for now.

    Their dates are those of the LONGEST addresses read last; a key that went and came back is new.
    Raises MetadataError.
    """
    address = metadata.configuration(provider).jwks_uri
    names = [(key.kid, key.alg.value) for key in metadata.read_keys(address).value.keys]
    now, before = datetime.now(UTC), _known.get(address, {})
    since = {name: before.get(name, now) for name in names}
    _known.pop(address, None)  # put back at the end: the first are forgotten first
    _known[address] = since
    for forgotten in list(_known)[:-LONGEST]:
        _known.pop(forgotten, None)
    return tuple(PublishedKey(kid, alg, since[kid, alg]) for kid, alg in names)
