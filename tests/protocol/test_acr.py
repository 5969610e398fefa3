"""Levels of assurance: what is asked, what is sent on, what is believed."""

import pytest

from apps.protocol import acr, errors
from apps.protocol.acr import Acr

ALL = frozenset(Acr)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("eidas1", (Acr.EIDAS1,)),
        ("eidas3 eidas2", (Acr.EIDAS3, Acr.EIDAS2)),
        ("eidas2 unknown", (Acr.EIDAS2,)),
        ("eidas2  eidas2 ", (Acr.EIDAS2,)),
        ("unknown", ()),
        ("EIDAS1", ()),
        ("eidas1,eidas2", ()),
        ("eidas1\teidas2", ()),
        ("", ()),
    ],
)
def test_only_known_levels_are_read_each_once_in_their_order(
    text: str, levels: tuple[Acr, ...]
) -> None:
    assert acr.parse_acr_values(text) == levels


@pytest.mark.parametrize(
    ("acr_values", "default", "expected"),
    [
        ("eidas1 eidas2 eidas3", Acr.EIDAS3, Acr.EIDAS1),
        ("eidas3 eidas2", Acr.EIDAS1, Acr.EIDAS2),
        ("unknown eidas3", Acr.EIDAS1, Acr.EIDAS3),
        ("unknown", Acr.EIDAS1, Acr.EIDAS1),
        ("unknown", Acr.EIDAS3, Acr.EIDAS3),
        ("", Acr.EIDAS2, Acr.EIDAS2),
    ],
)
def test_a_service_needs_the_lowest_level_it_names_or_the_default(
    acr_values: str, default: Acr, expected: Acr
) -> None:
    assert acr.requested(acr_values, default=default) is expected


@pytest.mark.parametrize(
    ("need", "allowed", "asked"),
    [
        (Acr.EIDAS1, {Acr.EIDAS1}, Acr.EIDAS1),
        (Acr.EIDAS1, {Acr.EIDAS2, Acr.EIDAS3}, Acr.EIDAS2),
        (Acr.EIDAS2, {Acr.EIDAS1, Acr.EIDAS2}, Acr.EIDAS2),
        (Acr.EIDAS3, {Acr.EIDAS1}, Acr.EIDAS3),
    ],
)
def test_an_identity_provider_is_asked_for_the_need_or_its_own_floor(
    need: Acr, allowed: set[Acr], asked: Acr
) -> None:
    assert acr.to_ask(need, frozenset(allowed)) is asked


def test_an_identity_provider_without_levels_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="empty"):
        acr.to_ask(Acr.EIDAS1, frozenset())


@pytest.mark.parametrize(
    ("returned", "need", "allowed"),
    [
        ("eidas1", Acr.EIDAS1, {Acr.EIDAS1}),
        ("eidas2", Acr.EIDAS1, {Acr.EIDAS1, Acr.EIDAS2}),
        ("eidas3", Acr.EIDAS3, ALL),
    ],
)
def test_a_level_as_high_as_asked_and_allowed_is_believed(
    returned: str, need: Acr, allowed: set[Acr]
) -> None:
    assert acr.check_returned(returned, requested=need, allowed=frozenset(allowed)) == returned


@pytest.mark.parametrize(
    ("returned", "need", "allowed", "error"),
    [
        ("", Acr.EIDAS1, ALL, errors.ACR_MISSING),
        ("eidas1", Acr.EIDAS2, ALL, errors.ACR_TOO_LOW),
        ("eidas2", Acr.EIDAS3, ALL, errors.ACR_TOO_LOW),
        ("eidas9", Acr.EIDAS1, ALL, errors.ACR_TOO_LOW),
        ("EIDAS3", Acr.EIDAS1, ALL, errors.ACR_TOO_LOW),
        ("eidas1 ", Acr.EIDAS1, ALL, errors.ACR_TOO_LOW),
        ("eidas3", Acr.EIDAS1, {Acr.EIDAS1}, errors.ACR_NOT_ALLOWED),
        ("eidas2", Acr.EIDAS1, {Acr.EIDAS1, Acr.EIDAS3}, errors.ACR_NOT_ALLOWED),
        ("eidas1", Acr.EIDAS2, {Acr.EIDAS2}, errors.ACR_TOO_LOW),
    ],
)
def test_S090_a_level_missing_too_low_unknown_or_not_allowed_is_refused(
    returned: str, need: Acr, allowed: set[Acr], error: errors.ErrorSpec
) -> None:
    with pytest.raises(errors.ProtocolError) as refusal:
        acr.check_returned(returned, requested=need, allowed=frozenset(allowed))
    assert refusal.value.spec is error


def test_an_unknown_level_is_never_repeated_in_the_debug_text() -> None:
    with pytest.raises(errors.ProtocolError) as refusal:
        acr.check_returned("Angèle ORDINAIRE", requested=Acr.EIDAS1, allowed=ALL)
    assert "ORDINAIRE" not in str(refusal.value)


@pytest.mark.parametrize("floor", Acr)
@pytest.mark.parametrize("level", Acr)
def test_levels_are_ordered_by_the_digit_of_their_name(level: Acr, floor: Acr) -> None:
    assert level.rank == int(level[-1])
    assert level.is_at_least(floor) == (level[-1] >= floor[-1])


def test_the_lowest_level_does_not_depend_on_the_order() -> None:
    assert acr.lowest([Acr.EIDAS3, Acr.EIDAS1, Acr.EIDAS2]) is Acr.EIDAS1


def test_levels_have_their_french_names() -> None:
    assert [level.label for level in Acr] == ["Faible", "Substantiel", "Élevé"]
