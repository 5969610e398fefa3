"""The bell: wakes the worker after a commit, without ever delaying or failing a request.

`ring` sets a flag; one daemon thread per process waits for it, lets the rings of WINDOW gather, and
sends a single task for all of them. A broker that is slow or down holds up that thread alone. A
ring may be lost (the process stops, the broker refuses): the sweep finds the message.

The thread starts at the first ring, so that servers that fork their workers leave each its own.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

WINDOW: Final = 0.2
"""Seconds during which rings are one ring: at most five tasks a second, whatever the traffic."""


class Bell:
    """The rings of one process; `wake` may block and may raise, nobody waits for it."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._rung = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_heard = True

    def ring(self) -> None:
        self._rung.set()
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._toll, name="bell", daemon=True)
                self._thread.start()

    def _toll(self) -> None:
        while True:
            self._rung.wait()
            time.sleep(WINDOW)
            self._rung.clear()
            self._wake_once()

    def _wake_once(self) -> None:
        try:
            self._wake()
        except Exception as failure:  # whatever a broker may raise, the sweep mends it
            if self._is_heard:
                logger.warning("bell not heard, the sweep will deliver: %s", type(failure).__name__)
            self._is_heard = False
        else:
            self._is_heard = True


def ring() -> None:
    """Have due messages delivered soon; returns at once and never raises."""
    _bell.ring()


def _wake_the_worker() -> None:
    app = import_string(settings.NOTIFICATION_CELERY_APP)
    app.send_task("notifications.deliver_due", retry=False)


def _renew() -> None:
    """Give this process a bell of its own: a fork copies the flag and the lock, not the thread."""
    global _bell
    _bell = Bell(_wake_the_worker)


_bell = Bell(_wake_the_worker)
os.register_at_fork(after_in_child=_renew)
