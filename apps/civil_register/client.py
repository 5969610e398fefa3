"""Asking the register: one GET, never repeated, redirected or logged.

The identity travels in the query, as the register wants it: no address is ever put in a message,
and urllib3's own logger, which writes addresses when it debugs, is silenced in the settings.
"""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings

from apps.civil_register import xml_answer
from apps.civil_register.failures import RegisterError, RegisterSilent
from apps.protocol.civil_register import PATH, SearchResult, build_query
from apps.protocol.pivot import PivotIdentity
from apps.wire import deadline, exchange
from apps.wire.circuit import Circuit, Passage, Unavailable

MAX_BYTES: Final = 200_000  # after decompression
AT_ONCE: Final = 6  # threads that wait for the register, of those of a process
LONGEST_PAUSE: Final = 30.0  # seconds: every sign-in needs it, it is tried again soon
_POOL = deadline.pools(origins=1, connections=8)


def is_asked() -> bool:
    """Tell whether this platform asks a civil register."""
    return bool(settings.CIVIL_REGISTER_URL)


def find(person: PivotIdentity) -> SearchResult:
    """Return what the register knows of this person.

    Not to be called in a transaction: it may last CIVIL_REGISTER_TIMEOUT seconds.
    Raises RegisterSilent, RegisterError; at once while its circuit is open.
    """
    try:
        with _circuit.passage() as passage:
            answer = _asked(f"{PATH}?{urlencode(build_query(person))}", passage)
    except Unavailable as refusal:
        raise RegisterError(str(refusal)) from refusal
    if answer.status != 200:
        raise RegisterError(f"HTTP status {answer.status}")
    return xml_answer.parse(answer.body)


def _asked(target: str, passage: Passage) -> exchange.Answer:
    try:
        answer = _get(target)
    except exchange.NoAnswer as failure:
        passage.fail()
        raise RegisterSilent(str(failure)) from failure
    except exchange.WireError as failure:
        passage.fail()
        raise RegisterError(str(failure)) from failure
    if answer.status >= 500:
        passage.fail()
    passage.succeed()
    return answer


def _get(target: str) -> exchange.Answer:
    return exchange.call(
        _POOL,
        "GET",
        f"{settings.CIVIL_REGISTER_URL}{target}",
        seconds=settings.CIVIL_REGISTER_TIMEOUT,
        max_bytes=MAX_BYTES,
        headers={"Accept": "application/xml"},
    )


def _answers() -> bool:
    """Tell whether the register answers, without naming anybody: it refuses an empty question."""
    try:
        return _get(PATH).status < 500
    except exchange.WireError:
        return False


def _new_circuit() -> Circuit:
    return Circuit("civil register", _answers, at_once=AT_ONCE, longest_pause=LONGEST_PAUSE)


_circuit = _new_circuit()


def forget() -> None:
    """Close the circuit: for tests."""
    global _circuit
    _circuit = _new_circuit()
