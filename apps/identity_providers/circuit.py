"""One circuit for each identity provider (`apps.wire.circuit`): a slow one leaves threads to the others.

Only what a provider owes is a failure: no answer, an answer too slow or too large, a status of 500
and more. A refused code or a wrong signature is none, or anybody could close a provider to
everybody by coming back with garbage.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from apps.identity_providers import wire
from apps.identity_providers.models import IdentityProvider
from apps.protocol import discovery
from apps.wire.circuit import Circuit, Passage, Unavailable

__all__ = ["Passage", "Unavailable", "forget", "is_open", "of", "tell_openings"]

AT_ONCE: Final = 4  # threads that wait for one provider, of those of a process
LONGEST_PAUSE: Final = 300.0  # seconds

_circuits: dict[str, tuple[str, Circuit]] = {}  # uid → the address that is probed, and the circuit
_guard: Final = threading.Lock()
_listeners: list[Callable[[str], None]] = []


def of(provider: IdentityProvider) -> Circuit:
    """Return the circuit of a provider, whose addresses must have been read.

    A provider that moved has a new one: the failures of its former address say nothing of the new.
    """
    address = _public_address(provider)
    kept = _circuits.get(provider.uid)
    if kept is None or kept[0] != address:
        with _guard:
            kept = _circuits.get(provider.uid)
            if kept is None or kept[0] != address:
                kept = _circuits[provider.uid] = address, _new(provider.uid, address)
    return kept[1]


def is_open(provider: IdentityProvider) -> bool:
    """Tell, without waiting, whether a provider that has not moved is unavailable.

    Its uid and its addresses must have been read.
    """
    kept = _circuits.get(provider.uid)
    return kept is not None and kept[0] == _public_address(provider) and kept[1].is_open


def tell_openings(listener: Callable[[str], None]) -> None:
    """Have a function told of each circuit that opens, by the uid of its provider."""
    _listeners.append(listener)


def forget() -> None:
    """Close every circuit: for tests."""
    _circuits.clear()


def _new(uid: str, address: str) -> Circuit:
    return Circuit(
        uid,
        partial(_answers, address),
        at_once=AT_ONCE,
        longest_pause=LONGEST_PAUSE,
        on_open=partial(_tell, uid),
    )


def _tell(uid: str) -> None:
    for listener in _listeners:
        listener(uid)


def _public_address(provider: IdentityProvider) -> str:
    if provider.uses_discovery:
        return discovery.configuration_url(provider.issuer)
    return provider.jwks_uri


def _answers(address: str) -> bool:
    try:
        return wire.get(address).status < 500
    except wire.WireError:
        return False
