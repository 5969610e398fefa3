"""The age gate's law: boundaries, presumed dates, 29 February, and what must hold for every date."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol.majority import has_reached

sweep = settings(max_examples=200, derandomize=True, database=None, deadline=None)
births = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31))
ages = st.integers(min_value=1, max_value=120)


@pytest.mark.parametrize(
    ("birthdate", "today", "is_adult"),
    [
        ("2008-11-26", date(2026, 11, 26), True),  # eighteen today
        ("2008-11-27", date(2026, 11, 26), False),  # eighteen tomorrow
        ("2008-12-01", date(2026, 11, 30), False),
        ("2009-01-01", date(2026, 12, 31), False),
        ("2008-11-00", date(2026, 11, 29), False),  # born on 30 November at the latest
        ("2008-11-00", date(2026, 11, 30), True),
        ("2008-02-00", date(2026, 2, 28), False),  # 2008 had a 29 February
        ("2008-02-00", date(2026, 3, 1), True),
        ("2007-02-00", date(2025, 2, 28), True),
        ("2008-00-00", date(2026, 12, 30), False),
        ("2008-00-00", date(2026, 12, 31), True),
        ("2008-02-29", date(2026, 2, 28), False),  # completed at the end of that day
        ("2008-02-29", date(2026, 3, 1), True),
        ("1962-08-24", date(2026, 11, 26), True),
    ],
)
def test_eighteen_is_reached_on_the_day(birthdate: str, today: date, is_adult: bool) -> None:
    assert has_reached(birthdate, years=18, today=today) is is_adult


def test_a_birthday_on_29_february_is_kept_in_a_leap_year() -> None:
    assert not has_reached("2008-02-29", years=20, today=date(2028, 2, 28))
    assert has_reached("2008-02-29", years=20, today=date(2028, 2, 29))


def test_no_minimum_refuses_nobody() -> None:
    assert has_reached("2026-11-26", years=0, today=date(2026, 11, 26))
    assert has_reached("2026-00-00", years=0, today=date(2026, 11, 26))


@sweep
@given(births, ages, st.integers(min_value=0, max_value=50_000))
def test_an_age_once_reached_is_kept(born: date, years: int, days: int) -> None:
    first, later = born + timedelta(days=days), born + timedelta(days=days + 1)
    if has_reached(born.isoformat(), years=years, today=first):
        assert has_reached(born.isoformat(), years=years, today=later)


@sweep
@given(births, ages)
def test_an_age_is_reached_within_a_day_of_its_birthday(born: date, years: int) -> None:
    is_leapling = (born.month, born.day) == (2, 29)
    is_kept = calendar.isleap(born.year + years) or not is_leapling
    birthday = born.replace(year=born.year + years) if is_kept else date(born.year + years, 3, 1)
    text = born.isoformat()
    assert has_reached(text, years=years, today=birthday)
    assert not has_reached(text, years=years, today=birthday - timedelta(days=1))


@sweep
@given(births, ages, births)
def test_a_presumed_date_is_never_older_than_a_day_it_may_stand_for(
    born: date, years: int, today: date
) -> None:
    for presumed in (f"{born:%Y-%m}-00", f"{born:%Y}-00-00"):
        if has_reached(presumed, years=years, today=today):
            assert has_reached(born.isoformat(), years=years, today=today)


@sweep
@given(births, ages, births)
def test_an_older_age_proves_the_younger_ones(born: date, years: int, today: date) -> None:
    if has_reached(born.isoformat(), years=years, today=today):
        assert has_reached(born.isoformat(), years=years - 1, today=today)
