"""The circuit of one machine that we call: what it may cost us when it hangs or falls.

Two limits, both of the process. A **bulkhead**: a few threads at most wait for the machine, so that
a slow one leaves threads to all the others. A **breaker**: after `THRESHOLD` failures in a row the
circuit opens and nobody waits any more. After a pause, which doubles each time, a probe of ours asks
whether it answers; once it does people are let through again, and the next failure opens the
circuit at once.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PATIENCE: Final = 0.5  # seconds that one waits for a place
THRESHOLD: Final = 5  # failures in a row that open the circuit
FIRST_PAUSE: Final = 10.0  # seconds before the first probe

_log = logging.getLogger(__name__)


class Unavailable(Exception):
    """Nobody may wait for this machine now; the message says which limit was met."""


class State(StrEnum):
    CLOSED = "closed"  # everybody passes
    OPEN = "open"  # nobody does
    HALF_OPEN = "half_open"  # everybody does again; one failure opens


@dataclass
class Passage:
    """One use of a machine; whoever uses it says how it went, or nothing if it was not asked."""

    is_good: bool | None = None

    def fail(self) -> None:
        """Count this use as a failure of the machine, whatever else it answered."""
        self.is_good = False

    def succeed(self) -> None:
        """Count this use as a success, unless a part of it failed."""
        self.is_good = self.is_good is not False


class Circuit:
    """The circuit of one machine.

    name            what the log calls it
    probe           tells whether the machine answers; called in a thread of its own
    at_once         threads that may wait for it, of those of the process
    longest_pause   seconds between two probes, at most
    on_open         told each time it opens, by the thread whose use failed and outside of any lock
    now             seconds, monotonic
    """

    def __init__(
        self,
        name: str,
        probe: Callable[[], bool],
        *,
        at_once: int,
        longest_pause: float,
        on_open: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._probe, self._now = name, probe, now
        self._longest_pause, self._on_open = longest_pause, on_open
        self._places = threading.BoundedSemaphore(at_once)
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
            self._start_probe()
        return True

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Use the machine, a few at a time. Raises Unavailable."""
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
            has_opened = self._count(is_good)
        if has_opened:
            _log.warning("circuit opened", extra={"circuit": self._name, "pause": self._pause})
            try:
                self._on_open()
            except Exception:
                _log.exception("opening not told", extra={"circuit": self._name})

    def _count(self, is_good: bool) -> bool:
        """Count one use, with the lock held, and tell whether it opens the circuit."""
        # Those who were waiting when it opened come out one by one: the probe decides, not they.
        if self._state is State.OPEN:
            return False
        if is_good:
            self._state, self._failures, self._pause = State.CLOSED, 0, FIRST_PAUSE
            return False
        self._failures += 1
        if self._state is State.HALF_OPEN:
            self._pause = min(self._pause * 2, self._longest_pause)
        if self._state is not State.HALF_OPEN and self._failures < THRESHOLD:
            return False
        self._state, self._due_at = State.OPEN, self._now() + self._pause
        return True

    def _start_probe(self) -> None:
        try:
            threading.Thread(target=self._ask, name=f"probe-{self._name}", daemon=True).start()
        except RuntimeError:  # no thread can be had now: the next who asks tries again
            _log.exception("probe not started", extra={"circuit": self._name})
            with self._guard:
                self._is_probing = False

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
                    self._pause = min(self._pause * 2, self._longest_pause)
                    self._due_at = self._now() + self._pause
