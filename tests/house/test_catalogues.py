"""The tables that are the law: nothing twice, nothing out of form."""

import re
from collections import Counter

from apps.audit import events, facts
from apps.protocol import errors, journey
from apps.protocol.errors import Delivery
from tests.house.tree import ROOT, name, sources, text

CODE = re.compile(r"Y(?:\d{6}|04[0-9A-F]{5})")
SLUG = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")


def twice(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_no_two_errors_share_a_code() -> None:
    assert not twice([spec.code for spec in errors.CATALOGUE.values()])


def test_an_error_has_a_code_and_a_slug_of_the_form_that_the_journal_keeps() -> None:
    code, slug = facts.VOCABULARY["code"].pattern, facts.VOCABULARY["slug"].pattern
    assert code
    assert slug
    for spec in errors.CATALOGUE.values():
        assert CODE.fullmatch(spec.code), spec
        assert SLUG.fullmatch(spec.slug), spec
        assert code.fullmatch(spec.code), spec
        assert slug.fullmatch(spec.slug), spec


def test_what_travels_to_a_partner_is_plain_ascii() -> None:
    # RFC 6749 §4.1.2.1: error_description excludes quotes, backslash and anything beyond ASCII.
    for spec in errors.CATALOGUE.values():
        assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", spec.description), spec


def test_a_redirected_error_names_an_error_that_oauth_can_carry() -> None:
    for spec in errors.CATALOGUE.values():
        if spec.delivery is Delivery.REDIRECT:
            assert re.fullmatch(r"[a-z_]+", spec.error), spec


def test_every_error_can_happen() -> None:
    code = "\n".join(text(p) for p in sources() if name(p).startswith("apps/"))
    raised = set(re.findall(r"errors\.([A-Z][A-Z0-9_]+)\b", code))
    named = {slug.upper() for slug in errors.CATALOGUE}
    assert not sorted(named - raised)


def test_no_two_events_share_a_name_or_a_step() -> None:
    assert not twice([event.name for event in events.CATALOGUE.values()])
    assert twice([event.step for event in events.CATALOGUE.values()]) == [
        "4.4.3"
    ]  # FranceConnect's


def test_every_event_is_written_by_some_room() -> None:
    code = "\n".join(text(p) for p in sources() if name(p).startswith("apps/"))
    written = set(re.findall(r"events\.([A-Z][A-Z0-9_]+)\b", code))
    assert not sorted(events.CATALOGUE.keys() - written)


def test_every_fact_is_declared_by_some_event() -> None:
    declared = frozenset().union(*(event.facts for event in events.CATALOGUE.values()))
    assert declared == facts.VOCABULARY.keys()


def test_every_state_of_the_journey_can_be_reached() -> None:
    reached = set(journey.STARTS)
    for outgoing in journey.TRANSITIONS.values():
        reached |= set(outgoing.values())
    assert reached == set(journey.State)


def test_the_licence_of_the_package_is_the_one_beside_it() -> None:
    assert 'license = "EUPL-1.2"' in text(ROOT / "pyproject.toml")
    assert text(ROOT / "LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
