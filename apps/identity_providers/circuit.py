"""One circuit for each identity provider (`apps.wire.circuit`): a slow one leaves threads to the others.

Only what a provider owes is a failure: no answer, an answer too slow or too large, a status of 500
and more. A refused code or a wrong signature is none, or anybody could close a provider to
everybody by coming back with garbage.
"""

from typing import Final

from apps.identity_providers import wire
from apps.identity_providers.models import IdentityProvider
from apps.protocol import discovery
from apps.wire.circuit import Circuit, Passage, Unavailable

__all__ = ["Passage", "Unavailable", "forget", "is_open", "of"]

AT_ONCE: Final = 4  # threads that wait for one provider, of those of a process
LONGEST_PAUSE: Final = 300.0  # seconds

_circuits: dict[str, Circuit] = {}


def of(provider: IdentityProvider) -> Circuit:
    """Return the circuit of a provider, whose addresses must have been read."""
    found = _circuits.get(provider.uid)
    if found is None:
        address = _public_address(provider)
        made = Circuit(
            provider.uid,
            lambda: _answers(address),
            at_once=AT_ONCE,
            longest_pause=LONGEST_PAUSE,
        )
        found = _circuits.setdefault(provider.uid, made)
    return found


def is_open(provider: IdentityProvider) -> bool:
    """Tell, without waiting, whether a provider is unavailable; its uid is enough."""
    found = _circuits.get(provider.uid)
    return found is not None and found.is_open


def forget() -> None:
    """Close every circuit: for tests."""
    _circuits.clear()


def _public_address(provider: IdentityProvider) -> str:
    if provider.uses_discovery:
        return discovery.configuration_url(provider.issuer)
    return provider.jwks_uri


def _answers(address: str) -> bool:
    try:
        return wire.get(address).status < 500
    except wire.WireError:
        return False
