"""One circuit for each identity provider: what one that hangs or falls may cost us.

Two limits, both of the process. A **bulkhead**: at most `AT_ONCE` threads wait for one provider, so
that a slow one leaves threads to all the others. A **breaker**: after `THRESHOLD` failures in a row
the circuit opens; its provider is shown as unavailable and nobody waits for it. After a pause,
which doubles each time, a probe of ours asks for its public documents; once it was answered
citizens are let through again, and the next failure opens the circuit at once.

Only what a provider owes is a failure: no answer, an answer too slow or too large, a status of 500
and more. A refused code or a wrong signature is none, or anybody could close a provider to
everybody by coming back with garbage.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apps.identity_providers import wire
from apps.identity_providers.models import IdentityProvider
from apps.protocol import discovery

AT_ONCE: Final = 4  # threads that wait for one provider, of those of a process
PATIENCE: Final = 0.5  # seconds that a citizen waits for one of these places
THRESHOLD: Final = 5  # failures in a row that open the circuit
FIRST_PAUSE: Final = 10.0  # seconds before the first probe
LONGEST_PAUSE: Final = 300.0  # seconds

_log = logging.getLogger(__name__)


class Unavailable(Exception):
    """Nobody may wait for this provider now; the message says which limit was met."""


class State(StrEnum):
    CLOSED = "closed"  # citizens pass
    OPEN = "open"  # nobody does
    HALF_OPEN = "half_open"  # they do again; one failure opens


@dataclass
class Passage:
    """One use of a provider; whoever uses it says how it went, or nothing if it was not asked."""

    is_good: bool | None = None

    def fail(self) -> None:
        """Count this use as a failure of the provider, whatever else it answered."""
        self.is_good = False

    def succeed(self) -> None:
        """Count this use as a success, unless a part of it failed."""
        self.is_good = self.is_good is not False


class Circuit:
    """The circuit of one provider.

    probe   tells whether the provider answers; called in a thread of its own
    now     seconds, monotonic
    """

    def __init__(
        self, uid: str, probe: Callable[[], bool], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._uid, self._probe, self._now = uid, probe, now
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._guard = threading.Lock()
        self._state = State.CLOSED
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._due_at = 0.0
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Tell, without waiting, whether nobody passes; start the probe that is due."""
        if self._state is not State.OPEN:
            return False
        with self._guard:
            if self._state is not State.OPEN:
                return False
            is_due = not self._is_probing and self._now() >= self._due_at
            self._is_probing = self._is_probing or is_due
        if is_due:
            threading.Thread(target=self._ask, name=f"probe-{self._uid}", daemon=True).start()
        return True

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Use the provider, one of `AT_ONCE` at a time. Raises Unavailable."""
        if self.is_open:
            raise Unavailable("the circuit is open")
        if not self._places.acquire(timeout=PATIENCE):
            raise Unavailable("too many wait already")
        passage = Passage()
        try:
            if self.is_open:  # it opened while we waited for a place
                raise Unavailable("the circuit is open")
            yield passage
        finally:
            self._places.release()
            self._record(passage.is_good)

    def _record(self, is_good: bool | None) -> None:
        if is_good is None or (is_good and self._state is State.CLOSED and not self._failures):
            return
        with self._guard:
            # Those who were waiting when it opened come out one by one: the probe decides, not they.
            if self._state is State.OPEN:
                return
            if is_good:
                self._state, self._failures, self._pause = State.CLOSED, 0, FIRST_PAUSE
                return
            self._failures += 1
            if self._state is State.HALF_OPEN:
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
            if self._state is State.HALF_OPEN or self._failures >= THRESHOLD:
                self._state, self._due_at = State.OPEN, self._now() + self._pause
                _log.warning("circuit opened", extra={"idp": self._uid, "pause": self._pause})

    def _ask(self) -> None:
        has_answered = False
        try:
            has_answered = self._probe()
        finally:
            with self._guard:
                self._is_probing = False
                if has_answered:
                    self._state, self._failures = State.HALF_OPEN, 0
                else:
                    self._pause = min(self._pause * 2, LONGEST_PAUSE)
                    self._due_at = self._now() + self._pause


_circuits: dict[str, Circuit] = {}


def of(provider: IdentityProvider) -> Circuit:
    """Return the circuit of a provider, whose addresses must have been read."""
    found = _circuits.get(provider.uid)
    if found is None:
        address = _public_address(provider)
        made = Circuit(provider.uid, lambda: _answers(address))
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
