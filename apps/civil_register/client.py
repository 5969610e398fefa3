"""Asking the register: one GET, never repeated, redirected or logged.

The identity travels in the query, as the register wants it: no address is ever put in a message,
and urllib3's own logger, which writes addresses when it debugs, is silenced in the settings.
"""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings

from apps.civil_register import xml_answer
from apps.civil_register.failures import RegisterError, RegisterSilent
from apps.protocol.civil_register import PATH, Finding, build_query
from apps.protocol.pivot import PivotIdentity
from apps.wire import deadline, exchange

MAX_BYTES: Final = 200_000  # after decompression
_POOL = deadline.pools(origins=1, connections=8)


def is_asked() -> bool:
    """Tell whether this platform asks a civil register."""
    return bool(settings.CIVIL_REGISTER_URL)


def find(person: PivotIdentity) -> Finding:
    """Return what the register knows of this person.

    Not to be called in a transaction: it may last CIVIL_REGISTER_TIMEOUT seconds.
    Raises RegisterSilent, RegisterError.
    """
    try:
        answer = exchange.call(
            _POOL,
            "GET",
            f"{settings.CIVIL_REGISTER_URL}{PATH}?{urlencode(build_query(person))}",
            seconds=settings.CIVIL_REGISTER_TIMEOUT,
            max_bytes=MAX_BYTES,
            headers={"Accept": "application/xml"},
        )
    except exchange.NoAnswer as failure:
        raise RegisterSilent(str(failure)) from failure
    except exchange.WireError as failure:
        raise RegisterError(str(failure)) from failure
    if answer.status != 200:
        raise RegisterError(f"HTTP status {answer.status}")
    return xml_answer.parse(answer.body)
