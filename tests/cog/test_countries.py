"""Countries: every code of INSEE, and no other."""

import re

from apps.cog.countries import countries, country


def test_a_country_has_a_name() -> None:
    algeria = country("99352")
    assert algeria
    assert (algeria.name, algeria.is_current) == ("Algérie", True)


def test_a_country_of_the_past_keeps_its_code() -> None:
    czechoslovakia = country("99115")
    assert czechoslovakia
    assert not czechoslovakia.is_current


def test_what_is_no_country_has_none() -> None:
    assert country("99999") is None
    assert country("99143") is None
    assert country("74011") is None


def test_the_table_is_whole_and_in_order() -> None:
    table = countries()
    assert list(table) == sorted(table)
    assert all(re.fullmatch(r"99[1-5]\d\d", code) for code in table)
    assert sum(one.is_current for one in table.values()) == 212
    names = [one.name for one in table.values()]
    assert len(set(names)) == len(names)
