"""Each field of an identity judged by itself: by the very rules that refuse the whole."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol import errors, pivot
from apps.protocol.pivot import Flaw

TODAY = date(2026, 3, 1)
ANGELE: dict[str, object] = {
    "sub": "angele-0001",
    "given_name": "Angèle Zoé",
    "family_name": "ORDINAIRE",
    "birthdate": "1962-08-24",
    "gender": "female",
    "birthplace": "75107",
    "birthcountry": "99100",
    "email": "angele@exemple.fr",
    "preferred_username": "",
}
FLAWS: dict[str, dict[object, Flaw]] = {
    "sub": {None: Flaw.MISSING, 7: Flaw.NOT_TEXT, "": Flaw.EMPTY, "angèle": Flaw.NOT_ASCII},
    "given_name": {None: Flaw.MISSING, "-": Flaw.NO_LETTER, "Ange\u200ble": Flaw.INVISIBLE},
    "family_name": {"É" * 257: Flaw.TOO_LONG, "12": Flaw.NO_LETTER},
    "birthdate": {
        "12/03/1962": Flaw.NOT_DATE,
        "1849-12-31": Flaw.TOO_OLD,
        "1962-00-24": Flaw.DAY_ALONE,
        "1962-02-30": Flaw.NO_SUCH_DAY,
        "2026-03-02": Flaw.FUTURE,
    },
    "gender": {"F": Flaw.GENDER},
    "birthplace": {"Paris": Flaw.COMMUNE, None: Flaw.MISSING},
    "birthcountry": {"FR": Flaw.COUNTRY},
    "email": {"": Flaw.MISSING, "a@localhost": Flaw.EMAIL, 7: Flaw.EMAIL},
    "preferred_username": {7: Flaw.NOT_TEXT},
}
CASES = [(field, value, flaw) for field, found in FLAWS.items() for value, flaw in found.items()]


def flaws_of(claims: dict[str, object]) -> dict[str, Flaw | None]:
    return {field: pivot.flaw_of(field, claims, today=TODAY) for field in pivot.FIELDS}


def test_every_field_that_is_read_is_in_the_table_and_every_flaw_is_met() -> None:
    assert FLAWS.keys() == set(pivot.FIELDS) == ANGELE.keys()
    assert {flaw for _, _, flaw in CASES} == set(Flaw)


def test_a_good_identity_has_no_flaw() -> None:
    assert set(flaws_of(ANGELE).values()) == {None}


@pytest.mark.parametrize(("field", "value", "flaw"), CASES)
def test_the_flaw_of_a_field_is_what_the_whole_is_refused_for(
    field: str, value: object, flaw: Flaw
) -> None:
    claims = {**ANGELE, field: value}
    others = {other: found for other, found in flaws_of(claims).items() if other != field}
    assert flaws_of(claims)[field] is flaw
    assert field == "birthcountry" or set(others.values()) == {None}
    with pytest.raises(errors.ProtocolError) as refusal:
        pivot.parse(claims, today=TODAY)
    assert refusal.value.debug == f"{field}: {flaw}"


@settings(max_examples=80, derandomize=True, database=None, deadline=None)
@given(st.lists(st.sampled_from(CASES), unique_by=lambda case: case[0], max_size=9))
def test_each_flaw_is_found_whatever_the_others(cases: list[tuple[str, object, Flaw]]) -> None:
    claims = {**ANGELE, **{field: value for field, value, _ in cases}}
    expected = {field: flaw for field, _, flaw in cases}
    if "birthcountry" in expected:
        expected.pop("birthplace", None)  # nobody knows whether one is due
    found = {field: flaw for field, flaw in flaws_of(claims).items() if flaw}
    assert found == expected
    if cases:
        with pytest.raises(errors.ProtocolError):
            pivot.parse(claims, today=TODAY)
