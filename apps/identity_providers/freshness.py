"""Values read from elsewhere and kept in the process: served at once, read again behind.

A fresh value costs nothing. A stale one is served too, up to MAX_STALE, while one reading replaces
it: a provider that is slow or down for a while is not felt by those who sign in. Behind, one thread
reads again what has had its time and was asked for lately. However many threads want the same
value, one of them reads.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

LIFETIME: Final = 600  # seconds; an answer may ask for less, never for more
SHORTEST: Final = 30  # seconds: `max-age=0` does not bring a reading at each sign-in
MAX_STALE: Final = 6 * 3600  # seconds: beyond, a withdrawn key would be believed for too long
FLOOR: Final = 2  # seconds between two readings asked for by an unknown kid
FAILURE_LIFETIME: Final = 5  # seconds during which those who cannot do without do not ask again
RETRY: Final = 30  # seconds before the thread tries again what failed
IDLE: Final = 3600  # seconds after which what nobody asks for is no longer read
TICK: Final = 5.0  # seconds between two looks of the thread

logger = logging.getLogger(__name__)
T = TypeVar("T")


class MetadataError(Exception):
    """What a provider publishes cannot be used; the message says why.

    is_news   its provider has just failed; False when the failure was kept, or is not its own
    """

    def __init__(self, message: str, *, is_news: bool = True) -> None:
        super().__init__(message)
        self.is_news = is_news


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What was read, and for how long its sender lets it be kept, in seconds; None: it did not say."""

    value: T
    max_age: float | None = None


@dataclass
class _Slot(Generic[T]):
    """One value; times are those of the clock, in seconds. `lock` is held by whoever reads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: T | None = None
    read_at: float = 0.0
    lifetime: float = 0.0
    tried_at: float = 0.0
    failure: MetadataError | None = None
    asked_at: float = 0.0

    def usable(self, now: float) -> T | None:
        """Return the value if it is not too old to be served."""
        return self.kept if now - self.read_at < MAX_STALE else None

    def is_due(self, now: float) -> bool:
        """Tell whether it is time to read again."""
        return now - self.tried_at >= (RETRY if self.failure else self.lifetime)


class Shelf(Generic[T]):
    """Values by address, dropped once nobody asks for them. `read` raises MetadataError; `now` is a clock in seconds."""

    def __init__(
        self, read: Callable[[str], Reading[T]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._now = now
        self._slots: dict[str, _Slot[T]] = {}
        self._guard = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def get(self, key: str) -> T:
        """Return the value, waiting for it only when nothing may be served. Raises MetadataError."""
        slot = self._asked(key)
        value = slot.usable(self._now())
        if value is None:
            return self._wait_for(key, slot)
        if slot.is_due(self._now()):
            self._wake.set()
        return value

    def find(self, key: str) -> T | None:
        """Return the value if it can be had without waiting for a provider that failed.

        The first who asks reads; after a failure, the thread tries again and nobody waits.
        """
        slot = self._asked(key)
        value = slot.usable(self._now())
        if value is not None or slot.failure or slot.lock.locked():
            return value
        try:
            return self.get(key)
        except MetadataError:
            return None

    def renew(self, key: str, seen: T) -> T:
        """Return a value read after `seen`, which was not good enough; or `seen` again.

        Those who saw the same value share one reading; none is made within FLOOR of the last.
        Raises MetadataError when nothing may be served.
        """
        slot = self._asked(key)
        with slot.lock:
            is_outdated = slot.kept is seen or slot.kept is None
            is_read = is_outdated and self._now() - slot.tried_at >= FLOOR
            if is_read:
                self._refresh(key, slot)
            value = slot.usable(self._now())
            failure = slot.failure
        if value is None:
            raise _told(failure, is_news=is_read)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._slots.clear()

    def _asked(self, key: str) -> _Slot[T]:
        with self._guard:
            slot = self._slots.setdefault(key, _Slot())
        slot.asked_at = self._now()
        return slot

    def _wait_for(self, key: str, slot: _Slot[T]) -> T:
        with slot.lock:
            value = slot.usable(self._now())
            if value is None:
                # Those who waited for a reading that failed, and those who come just after, do not
                # each wait for a provider that hangs.
                since = self._now() - slot.tried_at
                is_read = slot.failure is None or since >= FAILURE_LIFETIME
                if is_read:
                    self._refresh(key, slot)
                value = slot.usable(self._now())
                if value is None:
                    raise _told(slot.failure, is_news=is_read)
            return value

    def _refresh(self, key: str, slot: _Slot[T]) -> None:
        """Read once, with the lock held; a failure leaves what was kept."""
        self._start()
        try:
            reading = self._read(key)
        except MetadataError as failure:
            logger.warning("%s cannot be read: %s", key, failure)
            slot.failure, slot.tried_at = failure, self._now()
            return
        asked = LIFETIME if reading.max_age is None else reading.max_age
        slot.kept, slot.failure = reading.value, None
        slot.lifetime = min(LIFETIME, max(SHORTEST, asked))
        slot.read_at = slot.tried_at = self._now()

    def _start(self) -> None:
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_fresh, daemon=True)
                self._thread.start()

    def _keep_fresh(self) -> None:
        while True:
            self._wake.wait(TICK)
            self._wake.clear()
            self._look()

    def _look(self) -> None:
        for key, slot in list(self._slots.items()):
            try:
                self._refresh_behind(key, slot)
            except Exception:  # the thread lives for all: one provider must not stop it
                logger.exception("%s cannot be read", key)
                slot.tried_at = self._now()

    def _refresh_behind(self, key: str, slot: _Slot[T]) -> None:
        """Read again what is due, unless somebody is reading it or nobody wants it any more."""
        idle = self._now() - slot.asked_at
        if idle > MAX_STALE:
            # A provider that moves its keys all the time must not fill our memory.
            self._slots.pop(key, None)
        if not slot.tried_at or idle > IDLE:
            return
        if slot.is_due(self._now()) and slot.lock.acquire(blocking=False):
            try:
                if slot.is_due(self._now()):
                    self._refresh(key, slot)
            finally:
                slot.lock.release()


def _told(failure: MetadataError | None, *, is_news: bool) -> MetadataError:
    """Return a failure for one of those who meet it; only whoever read has news of the provider."""
    return MetadataError(str(failure or "kept for too long"), is_news=is_news)
