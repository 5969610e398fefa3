"""The journey of a sign-in: states × events → state.

This table is the law: `advance` is the only way a sign-in changes state, and the diagram of the
documentation is drawn from it. A pair that is not in the table is refused, which is what refuses
skipped steps, replayed steps and forged addresses.

    begin ─┬─▸ RECOGNISING ─────────────── RECOGNISE ───────────────┐
           │     ├─ FORGET ─┐                                       ▼
           ├─────│──────────┴─▸ CHOOSING ─┐         ┌ COME_BACK ▸ INFORMING ─ GRANT ▸ GRANTED
           │     └─ HINT ───┐          CHOOSE ▸ AT_PROVIDER
           └────────────────┴─▸ HINTED ───┘         └ DECLINE ─▸ DECLINED

    from any open state: ABANDON ▸ ABANDONED

Going back in the browser is part of the journey: from AT_PROVIDER, DECLINED and INFORMING the
citizen may choose again, which forgets the identity received so far.
"""

from enum import StrEnum
from typing import Final

from apps.protocol import errors


class State(StrEnum):
    RECOGNISING = "recognising"  # the browser shows an SSO cookie: to be checked
    HINTED = "hinted"  # the service named an identity provider
    CHOOSING = "choosing"  # the citizen looks at the identity providers
    AT_PROVIDER = "at_provider"  # the citizen is on the identity provider's site
    DECLINED = "declined"  # the identity provider sent the citizen back with an error
    INFORMING = "informing"  # identity verified: the citizen reads what the service will receive
    GRANTED = "granted"  # the code was given
    ABANDONED = "abandoned"  # the citizen went back to the service


class Event(StrEnum):
    RECOGNISE = "recognise"
    FORGET = "forget"  # the SSO session does not serve this request
    HINT = "hint"  # nor does it, and the service named an identity provider
    CHOOSE = "choose"
    COME_BACK = "come_back"
    DECLINE = "decline"
    DISOWN = "disown"  # « ce n’est pas moi »
    GRANT = "grant"
    ABANDON = "abandon"


OPEN: Final = (
    State.RECOGNISING, State.HINTED, State.CHOOSING, State.AT_PROVIDER, State.DECLINED, State.INFORMING,
)  # fmt: skip

_STEPS: Final[dict[State, dict[Event, State]]] = {
    State.RECOGNISING: {
        Event.RECOGNISE: State.INFORMING,
        Event.FORGET: State.CHOOSING,
        Event.HINT: State.HINTED,
    },
    State.HINTED: {Event.CHOOSE: State.AT_PROVIDER},
    State.CHOOSING: {Event.CHOOSE: State.AT_PROVIDER},
    State.AT_PROVIDER: {
        Event.COME_BACK: State.INFORMING,
        Event.DECLINE: State.DECLINED,
        Event.CHOOSE: State.AT_PROVIDER,
    },
    State.DECLINED: {Event.CHOOSE: State.AT_PROVIDER},
    State.INFORMING: {
        Event.GRANT: State.GRANTED,
        Event.DISOWN: State.CHOOSING,
        Event.CHOOSE: State.AT_PROVIDER,
    },
    State.GRANTED: {},
    State.ABANDONED: {},
}

TRANSITIONS: Final[dict[State, dict[Event, State]]] = {
    state: {**steps, Event.ABANDON: State.ABANDONED} if state in OPEN else steps
    for state, steps in _STEPS.items()
}

STARTS: Final = (State.RECOGNISING, State.HINTED, State.CHOOSING)
CHOICE_STATES: Final = frozenset(
    {State.CHOOSING, State.HINTED, State.AT_PROVIDER, State.DECLINED, State.INFORMING}
)


def advance(state: State, event: Event) -> State:
    """Return the state that follows.

    Raises ProtocolError: STEP_REPLAYED when the journey is over, STEP_REFUSED for any other pair
    that the table does not hold.
    """
    following = TRANSITIONS[state].get(event)
    if following is None:
        spec = errors.STEP_REFUSED if state in OPEN else errors.STEP_REPLAYED
        raise errors.ProtocolError(spec, debug=f"{event} in {state}")
    return following


def sources(event: Event) -> tuple[State, ...]:
    """Return the states in which the event is accepted: what an atomic UPDATE filters on."""
    return tuple(state for state, events in TRANSITIONS.items() if event in events)
