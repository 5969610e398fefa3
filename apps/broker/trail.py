"""What was done of a return from an identity provider, in the journal whether it succeeds or not."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest

from apps.audit import events, journal
from apps.audit.events import Event
from apps.audit.journal import Line
from apps.broker.journal_facts import of_request, of_sign_in
from apps.broker.models import SignIn
from apps.broker.rp import backend as rp
from apps.protocol.errors import ProtocolError
from apps.statements import writing

_RETURNED = (
    events.IDP_CALLEDBACK, events.FC_REQUESTED_IDP_TOKEN, events.FC_REQUESTED_IDP_USERINFO,
)  # fmt: skip


@contextmanager
def of_return(
    request: HttpRequest, sign_in: SignIn, received: rp.VerifiedAnswer
) -> Iterator[list[Event]]:
    """Give the list of what happened, for the block to add to and to write with its move.

    When the block refuses, the list is written at once, outside of any transaction of the block:
    what was asked of the provider and of the register was asked, whatever came of it. The refusal
    itself is the middleware's line.
    """
    happened = list(_RETURNED)
    try:
        yield happened
    except ProtocolError:
        journal.append_many(_entries(request, sign_in, received, happened))
        raise


def verified(
    request: HttpRequest, sign_in: SignIn, received: rp.VerifiedAnswer, happened: Sequence[Event]
) -> writing.Insertion:
    """Return the lines of a return that succeeded: what happened, then the identity verified."""
    facts = {**of_sign_in(sign_in), **of_request(request)}
    return journal.lines(
        [
            *_entries(request, sign_in, received, happened),
            journal.build(events.FC_VERIFIED, **facts),
        ]
    )


def _entries(
    request: HttpRequest, sign_in: SignIn, received: rp.VerifiedAnswer, happened: Iterable[Event]
) -> list[Line]:
    """Return a line for each event; none names the citizen, who is not verified yet."""
    known = {**of_sign_in(sign_in), **of_request(request)}
    facts = {name: value for name, value in known.items() if name != "account"}
    told: dict[Event, dict[str, Any]] = {
        events.FC_REQUESTED_IDP_USERINFO: {
            "idp_ms": received.milliseconds,
            "idp_rotated": received.has_rotated or None,
        }
    }
    return [journal.build(event, **facts, **told.get(event, {})) for event in happened]
