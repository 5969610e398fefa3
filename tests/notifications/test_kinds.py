"""The catalogue of messages."""

import re

import pytest
from django.template.loader import get_template

from apps.notifications.kinds import CATALOGUE, Kind, kind_choices
from apps.protocol.claims import CLAIMS, Source

OF_THE_PERSON = {name for name, claim in CLAIMS.items() if claim.source is not Source.COMPUTED} | {
    "sub"
}

every_kind = pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.name)


@every_kind
def test_a_message_carries_no_identity_value(kind: Kind) -> None:
    assert not kind.context & OF_THE_PERSON


@every_kind
def test_a_kind_has_its_two_bodies(kind: Kind) -> None:
    for body in ("body.txt", "body.html"):
        assert get_template(f"notifications/{kind.name}/{body}")


@every_kind
def test_a_subject_is_made_of_declared_words(kind: Kind) -> None:
    assert kind.yields in set(re.findall(r"{(\w+)}", kind.subject)) <= kind.context


def test_filters_name_the_kinds_in_french() -> None:
    assert ("sign_in_notice", "avis de connexion") in kind_choices()
