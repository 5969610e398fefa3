"""The few requests of an analysis: through the wire, timed, and none after the deadline."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from apps.identity_providers import wire

DEADLINE: Final = 15.0  # seconds after which nothing more is asked; the last answer may end later


class OutOfTime(Exception):
    """The time of the whole analysis is over."""


@dataclass(frozen=True)
class Reply:
    """What came of one request: an answer, or why there is none.

    seconds  from the request to the end of the answer
    at       epoch seconds when the answer was complete
    """

    url: str
    answer: wire.Answer | None
    failure: wire.WireError | None
    seconds: float
    at: float


@dataclass
class Asking:
    """Asks one provider a few things. now: epoch seconds when the analysis began."""

    now: float
    replies: list[Reply] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Return the seconds since the analysis began."""
        return time.monotonic() - self._began

    def get(self, url: str, *, accept: str = "application/json") -> Reply:
        """Return what a GET gives. Raises OutOfTime."""
        return self._ask(url, lambda: wire.get(url, headers={"Accept": accept}))

    def post(self, url: str, form: Mapping[str, str]) -> Reply:
        """Return what a form POST gives. Raises OutOfTime."""
        headers = {"Accept": "application/json"}
        return self._ask(url, lambda: wire.post(url, form, headers=headers))

    def _ask(self, url: str, call: Callable[[], wire.Answer]) -> Reply:
        if self.elapsed > DEADLINE:
            raise OutOfTime
        answer, failure, before = None, None, self.elapsed
        try:
            answer = call()
        except wire.WireError as caught:
            failure = caught
        reply = Reply(url, answer, failure, self.elapsed - before, self.now + self.elapsed)
        self.replies.append(reply)
        return reply
