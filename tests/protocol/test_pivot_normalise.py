"""Two spellings become one person, and two persons never one."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol.pivot import (
    PivotIdentity,
    ReceivedIdentity,
    normalise,
    normalise_name,
    to_claims,
)

ZOE = PivotIdentity(
    given_name="Zoé-Anne",
    family_name="LEFÈVRE",
    birthdate="1990-02-01",
    gender="female",
    birthplace="2A004",
    birthcountry="99100",
)
sweep = settings(max_examples=80, derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        (
            ("Marie-Ange", "MARIE-ANGE", "marie ange", "Marie\u2011Ange", "Marie - Ange"),
            "MARIE ANGE",
        ),
        (("D'ÉPÉE-ŒUVRE", "d’Épée-Œuvre", "D EPEE OEUVRE", "D´Epée Oeuvre"), "D EPEE OEUVRE"),
        (("D\u02bcÉpée", "D`EPEE", "D\uff07Épée", "D\u00a0ÉPÉE"), "D EPEE"),
        (("É", "E\u0301", "e\u0301", "è", "Ê", "ë"), "E"),
        (("  Le\u202fGoff\u00a0", "LE  GOFF", "Le\u2003Goff"), "LE GOFF"),
        (("Łukasz", "LUKASZ"), "LUKASZ"),
        (("Lætitia", "LAETITIA", "L\u01fdtitia"), "LAETITIA"),
        (("Søren Đorđe", "SOREN DORDE"), "SOREN DORDE"),
        (("Þórður Ħal", "THORDUR HAL"), "THORDUR HAL"),
        (("Strauß", "STRAUSS", "Strau\u1e9e"), "STRAUSS"),
        (("Işık", "IŞIK", "İşik"), "ISIK"),
        (("Николай", "НИКОЛАИ\u0306"), "НИКОЛАЙ"),
        (("François", "FRANCOIS", "Franc\u0327ois"), "FRANCOIS"),
        (("\uff2d\uff41\uff52\uff49\uff45", "Marie"), "MARIE"),
    ],
)
def test_spellings_of_one_name_are_one_name(spellings: tuple[str, ...], expected: str) -> None:
    assert {normalise_name(spelling) for spelling in spellings} == {expected}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LE GOFF", "LEGOFF"),
        ("MARIE ANNE", "MARIEANNE"),
        ("ANNE MARIE", "MARIE ANNE"),
        ("DUPONT", "DUPOND"),
        ("DUPONT", "DUPONT 2"),
        ("A|B", "A B"),
        ("A.B", "A B"),
        ("Николай", "Николаи"),
        ("คำ", "คา"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@sweep
@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalise_name(name)
    assert normalise_name(once) == once


@sweep
@given(st.text(alphabet="abcxyzéèêëàâîïôûùçœæÿñ'’- \u00a0", max_size=30))
def test_case_and_unicode_form_never_change_a_name(name: str) -> None:
    expected = normalise_name(name)
    assert normalise_name(name.upper()) == expected
    assert normalise_name(name.title()) == expected
    assert normalise_name(unicodedata.normalize("NFD", name)) == expected
    assert expected == expected.strip()
    assert expected.isascii()


@pytest.mark.parametrize(
    ("birthdate", "normalised"),
    [
        ("1992-11-00", "1992-11-01"),
        ("1992-00-00", "1992-01-01"),
        ("2000-00-00", "2000-01-01"),
        ("1992-11-17", "1992-11-17"),
    ],
)
def test_a_presumed_date_is_the_first_day_for_the_hash_and_for_nobody_else(
    birthdate: str, normalised: str
) -> None:
    person = replace(ZOE, birthdate=birthdate)
    identity = ReceivedIdentity("zoe-0001", person, "zoe@exemple.fr", preferred_username="")
    assert normalise(person).birthdate == normalised
    assert to_claims(identity)["birthdate"] == birthdate


def test_only_names_and_presumed_dates_are_normalised() -> None:
    assert normalise(ZOE) == replace(ZOE, given_name="ZOE ANNE", family_name="LEFEVRE")
