"""Communes: what a code named on a day, and how a name finds its code."""

import re
import time
from datetime import date
from itertools import pairwise

import pytest

from apps.cog import communes
from apps.cog.folding import fold

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("code", "born", "expected"),
    [
        ("74011", date(1964, 1, 12), True),  # Annecy-le-Vieux, part of Annecy since 2017
        ("74011", date(2016, 12, 31), True),
        ("74011", date(2017, 1, 1), False),
        ("74010", date(2017, 1, 1), True),
        ("20004", date(1975, 12, 31), True),  # Ajaccio, before Corsica was two départements
        ("20004", date(1976, 1, 1), False),
        ("2A004", date(1975, 12, 31), False),
        ("2A004", date(1976, 1, 1), True),
        ("78018", date(1967, 6, 1), True),  # Argenteuil, in Seine-et-Oise
        ("95018", date(1967, 6, 1), False),
        ("75112", date(1969, 9, 30), True),
        ("69381", date(1950, 1, 1), True),
        ("97105", date(1950, 1, 1), True),
        ("98735", date(1950, 1, 1), True),
        ("35238", date(1912, 1, 1), True),  # INSEE begins in 1943; Rennes is older
        ("16351", date(2019, 6, 1), True),  # Saint-Simeux: merged between two yearly states
        ("16351", date(2021, 1, 1), False),
        ("99999", TODAY, False),
        ("00000", TODAY, False),
        ("", TODAY, False),
        ("7401", TODAY, False),
    ],
)
def test_a_code_is_valid_while_it_is_in_force(code: str, born: date, expected: bool) -> None:
    assert communes.is_valid(code, on=born) is expected


def test_a_merged_commune_names_its_successor() -> None:
    found = communes.commune("74011")
    assert found
    assert found.name == "Annecy-le-Vieux"
    period = found.periods[-1]
    assert period.has_ended
    assert period.end == date(2017, 1, 1)
    assert period.successors == ("74010",)


def test_a_code_keeps_the_names_that_it_had() -> None:
    found = communes.commune("27058")
    assert found
    before, after = found.on(date(1946, 5, 30)), found.on(date(1946, 5, 31))
    assert before
    assert after
    assert (before.name, after.name) == ("Bernières", "Bernières-sur-Seine")
    assert found.on(date(2018, 1, 1)) is None  # the code was given again in 2020
    assert found.name == "Les Trois Lacs"


def test_what_became_a_commune_is_found_from_it() -> None:
    assert [period.code for period in communes.predecessors("95018")] == ["78018"]
    assert "74011" in {period.code for period in communes.predecessors("74010")}


def test_the_whole_name_comes_before_those_that_begin_like_it() -> None:
    found = communes.search("annecy", on=date(1964, 1, 12))
    assert [(p.code, p.name) for p in found] == [("74010", "Annecy"), ("74011", "Annecy-le-Vieux")]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("L'Hay les roses", "94038"),
        ("l’haÿ-les-roses", "94038"),
        ("havre", "76351"),
        ("LE HAVRE", "76351"),
        ("Oeuilly", "02565"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, code: str) -> None:
    assert code in [period.code for period in communes.search(typed, on=TODAY)]


def test_a_search_only_knows_what_existed_that_day() -> None:
    def codes(on: date) -> list[str]:
        return [period.code for period in communes.search("ajaccio", on=on)]

    assert codes(date(1970, 1, 1)) == ["20004"]
    assert codes(date(1980, 1, 1)) == ["2A004"]


def test_arrondissements_come_in_their_order() -> None:
    found = [period.code for period in communes.search("paris", on=TODAY)]
    assert found[:21] == ["75056", *(f"751{n:02d}" for n in range(1, 21))]


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "Atlantide"])
def test_nothing_is_found_for_what_names_nothing(typed: str) -> None:
    assert communes.search(typed, on=TODAY) == []


def test_a_search_is_limited() -> None:
    assert len(communes.search("saint", on=TODAY, limit=7)) == 7


def test_every_line_is_well_formed_and_in_order() -> None:
    lines = communes._lines()
    codes = [line.split("\t")[0] for line in lines]
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"(?:\d\d|2[AB])\d{3}", code) for code in codes)
    for code in set(codes):
        found = communes.commune(code)
        assert found
        ends = [(period.start, period.end) for period in found.periods]
        assert all(start < end for start, end in ends)
        assert all(a[1] <= b[0] for a, b in pairwise(ends)), code


def test_there_are_as_many_communes_as_insee_counts() -> None:
    codes = {line.split("\t")[0] for line in communes._lines()}
    in_force = [code for code in codes if communes.is_valid(code, on=date(2019, 1, 1))]
    in_departments = [c for c in in_force if c[:3] not in OVERSEAS and c[:3] not in CITY_PARTS]
    assert len(in_departments) == 34970  # INSEE, communes on 1 January 2019


OVERSEAS = {"975", "977", "978", "984", "986", "987", "988", "989"}
CITY_PARTS = {"132", "693", "751"}
"""First digits of the codes of arrondissements, which no commune but these has."""


def test_the_file_is_read_in_less_than_50_milliseconds() -> None:
    def seconds() -> float:
        communes._lines.cache_clear()
        start = time.process_time()
        assert communes.commune("35238")
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.05


def test_folding_keeps_the_lines() -> None:
    assert fold("Le Havre\nL’Haÿ-les-Roses\nŒuilly\nLe") == "HAVRE\nHAY LES ROSES\nOEUILLY\nLE"
