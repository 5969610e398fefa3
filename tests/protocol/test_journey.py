"""The journey: the whole table, pair by pair, and what no path can do."""

import random

import pytest

from apps.protocol import errors
from apps.protocol.journey import CHOICE_STATES, OPEN, STARTS, Event, State, advance, sources

# Written out again, on purpose: a changed row must be changed twice.
PATHS = {
    ("recognising", "recognise", "informing"),
    ("recognising", "forget", "choosing"),
    ("recognising", "hint", "hinted"),
    ("recognising", "abandon", "abandoned"),
    ("hinted", "choose", "at_provider"),
    ("hinted", "abandon", "abandoned"),
    ("choosing", "choose", "at_provider"),
    ("choosing", "abandon", "abandoned"),
    ("at_provider", "come_back", "informing"),
    ("at_provider", "decline", "declined"),
    ("at_provider", "choose", "at_provider"),
    ("at_provider", "abandon", "abandoned"),
    ("declined", "choose", "at_provider"),
    ("declined", "abandon", "abandoned"),
    ("informing", "grant", "granted"),
    ("informing", "disown", "choosing"),
    ("informing", "choose", "at_provider"),
    ("informing", "abandon", "abandoned"),
}
ENDS = {State.GRANTED, State.ABANDONED}


@pytest.mark.parametrize("state", State)
def test_S074_every_pair_of_state_and_event_is_in_the_table_or_refused(state: State) -> None:
    expected = {event: after for before, event, after in PATHS if before == state}
    for event in Event:
        if event in expected:
            assert advance(state, event) is State(expected[event])
            continue
        with pytest.raises(errors.ProtocolError) as refusal:
            advance(state, event)
        is_over = state in ENDS
        assert refusal.value.spec is (errors.STEP_REPLAYED if is_over else errors.STEP_REFUSED)
        assert refusal.value.debug == f"{event} in {state}"


@pytest.mark.parametrize("event", Event)
def test_the_sources_of_an_event_are_the_states_that_accept_it(event: Event) -> None:
    assert set(sources(event)) == {State(before) for before, name, _ in PATHS if name == event}


def test_the_open_states_are_those_that_do_not_end_the_journey() -> None:
    assert set(OPEN) == set(State) - ENDS
    assert set(STARTS) == {State.RECOGNISING, State.HINTED, State.CHOOSING}


def test_the_list_of_accounts_is_shown_where_choosing_is_possible() -> None:
    assert set(sources(Event.CHOOSE)) == CHOICE_STATES


def test_S074_no_walk_leaves_the_table_or_grants_without_an_identity() -> None:
    """Any sequence of events, from any start: clicks, replays, forged addresses."""
    chance = random.Random(74)
    for start in STARTS * 50:
        state, is_identified = start, False
        for event in chance.choices(list(Event), k=25):
            try:
                after = advance(state, event)
            except errors.ProtocolError:
                assert not [path for path in PATHS if path[:2] == (state, event)]
                continue
            assert (state, event, after) in PATHS
            assert state not in ENDS
            assert event is not Event.GRANT or is_identified
            if event in (Event.RECOGNISE, Event.COME_BACK, Event.CHOOSE, Event.DISOWN):
                is_identified = event in (Event.RECOGNISE, Event.COME_BACK)
            assert is_identified or after is not State.INFORMING
            state = after


@pytest.mark.parametrize("start", STARTS)
def test_S074_every_start_can_end_both_ways_and_no_end_goes_on(start: State) -> None:
    reached, ahead = set[State](), [start]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += [State(after) for before, _, after in PATHS if before == state]
    assert reached >= ENDS
    assert not [event for event in Event if ENDS & set(sources(event))]
