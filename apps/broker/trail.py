"""What was done of a return from an identity provider, in the journal whether it succeeds or not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest

from apps.audit import events, journal
from apps.audit.events import Event
from apps.broker.journal_facts import of_request, of_sign_in
from apps.broker.models import SignIn
from apps.protocol.errors import ProtocolError
from apps.statements import writing

_RETURNED = (
    events.IDP_CALLEDBACK, events.FC_REQUESTED_IDP_TOKEN, events.FC_REQUESTED_IDP_USERINFO,
)  # fmt: skip


@contextmanager
def of_return(request: HttpRequest, sign_in: SignIn) -> Iterator[list[Event]]:
    """Give the list of what happened, for the block to add to and to write with its move.

    When the block refuses, the list is written at once, outside of any transaction of the block:
    what was asked of the provider and of the register was asked, whatever came of it. The refusal
    itself is the middleware's line.
    """
    happened = list(_RETURNED)
    try:
        yield happened
    except ProtocolError:
        facts = _facts(request, sign_in)
        journal.append_many(journal.build(event, **facts) for event in happened)
        raise


def verified(request: HttpRequest, sign_in: SignIn, happened: Sequence[Event]) -> writing.Insertion:
    """Return the lines of a return that succeeded: what happened, then the identity verified."""
    facts = {**of_sign_in(sign_in), **of_request(request)}
    without_citizen = _facts(request, sign_in)
    return journal.lines(
        [
            *(journal.build(event, **without_citizen) for event in happened),
            journal.build(events.FC_VERIFIED, **facts),
        ]
    )


def _facts(request: HttpRequest, sign_in: SignIn) -> dict[str, Any]:
    facts = {**of_sign_in(sign_in), **of_request(request)}
    return {name: value for name, value in facts.items() if name != "account"}
