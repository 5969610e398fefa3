"""The catalogue keeps FranceConnect's numbers, and declares nothing that names a citizen."""

import pytest

from apps.audit import events, facts
from apps.audit.events import CATALOGUE, Category, Event
from apps.protocol.claims import CLAIMS, Source

FRANCECONNECT = {
    "FC_AUTHORIZE_INITIATED": "1.0.0",
    "FC_SSO_INITIATED": "1.1.0",
    "FC_SHOWED_IDP_CHOICE": "2.0.0",
    "FC_REDIRECTED_TO_HINTED_IDP": "2.1.0",
    "IDP_CHOSEN": "3.0.0",
    "IDP_CALLEDBACK": "4.0.0",
    "IDP_CALLEDBACK_WITH_ERROR": "4.0.5",
    "FC_REQUESTED_IDP_TOKEN": "4.1.0",
    "FC_REQUESTED_IDP_USERINFO": "4.2.0",
    "FC_REQUESTED_RNIPP": "4.3.0",
    "FC_FAILED_RNIPP": "4.4.1",
    "FC_RECEIVED_VALID_RNIPP": "4.4.2",
    "FC_RECEIVED_DECEASED_RNIPP": "4.4.3",
    "FC_RECEIVED_INVALID_RNIPP": "4.4.3",
    "FC_VERIFIED": "5.0.0",
    "FC_IDP_DISABLED": "5.1.0",
    "FC_IDP_BLACKLISTED": "5.2.0",
    "FC_IDP_INSUFFICIENT_ACR": "5.3.0",
    "FC_SHOWED_CONSENT": "6.1.0",
    "FC_DATATRANSFER_INFORMATION_ANONYMOUS": "6.2.0",
    "FC_DATATRANSFER_INFORMATION_IDENTITY": "6.2.1",
    "FC_DATATRANSFER_CONSENT_IDENTITY": "6.2.2",
    "FC_AUTO_LOGIN": "6.3.0",
    "FC_REDIRECTED_TO_SP": "7.0.0",
    "SP_REQUESTED_FC_TOKEN": "7.2.0",
    "SP_REQUESTED_FC_USERINFO": "7.3.0",
    "SP_REQUESTED_LOGOUT": "8.0.0",
    "FC_REQUESTED_LOGOUT_FROM_IDP": "8.1.0",
    "FC_SESSION_TERMINATED": "8.2.0",
}
OF_THE_PERSON = {name for name, claim in CLAIMS.items() if claim.source is not Source.COMPUTED} | {
    "sub",
    "given_name_array",
}
FRAGMENTS = ("mail", "birth", "gender", "given", "family", "first", "phone", "address", "nir")

every_event = pytest.mark.parametrize("event", CATALOGUE.values(), ids=lambda event: event.name)


def test_franceconnect_s_events_keep_their_numbers() -> None:
    ours = {name for name, event in CATALOGUE.items() if event.step.startswith("9.")}
    theirs = {name: event.step for name, event in CATALOGUE.items() if name not in ours}

    assert theirs == FRANCECONNECT


def test_steps_are_unique_but_one_and_declared_in_the_order_of_the_journey() -> None:
    steps = [tuple(map(int, event.step.split("."))) for event in CATALOGUE.values()]

    assert steps == sorted([*set(steps), (4, 4, 3)])  # FranceConnect's two ways of being refused


@every_event
def test_an_event_declares_known_facts_and_requires_only_declared_ones(event: Event) -> None:
    assert event.required <= event.facts <= facts.VOCABULARY.keys()


@every_event
def test_no_event_declares_a_fact_of_the_citizen_s_identity(event: Event) -> None:
    assert not event.facts & OF_THE_PERSON


@pytest.mark.parametrize("name", facts.VOCABULARY)
def test_no_fact_is_named_after_an_identity_value(name: str) -> None:
    assert not [fragment for fragment in FRAGMENTS if fragment in name]
    assert name not in OF_THE_PERSON


@every_event
def test_every_event_of_an_agent_names_the_agent(event: Event) -> None:
    assert (event.category is Category.AGENT) == ("actor" in event.required)


@every_event
def test_an_event_is_described_in_lower_case_french(event: Event) -> None:
    assert event.description
    assert event.description[0].islower()


def test_filters_list_the_events_with_their_step() -> None:
    first, *_ = events.event_choices()

    assert first == ("FC_AUTHORIZE_INITIATED", "1.0.0 demande de connexion acceptée")


def test_an_event_cannot_be_declared_twice() -> None:
    with pytest.raises(ValueError, match="IDP_CHOSEN"):
        events._declare("3.0.0", "IDP_CHOSEN", "", facts=frozenset(), required=frozenset())
