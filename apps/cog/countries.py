"""Countries and territories by code, those that no longer exist included."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "data" / "countries.tsv"
FRANCE: Final = "99100"


@dataclass(frozen=True)
class Country:
    """One code, its usual name in French, and whether the country still exists."""

    code: str
    name: str
    is_current: bool


def country(code: str) -> Country | None:
    """Return the country that has, or had, this code; None when there was never one."""
    return countries().get(code)


@functools.cache
def countries() -> Mapping[str, Country]:
    """Return every country by code, in the order of the codes."""
    rows = (line.split("\t") for line in _FILE.read_text().splitlines())
    return {code: Country(code, name, not former) for code, name, *former in rows}
