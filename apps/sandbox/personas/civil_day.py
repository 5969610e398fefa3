"""The civil day in Paris, from which relative birth dates are counted when they are said."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from apps.sandbox.personas import relative_dates

PARIS: Final = ZoneInfo("Europe/Paris")


def today() -> date:
    """Return the day of the machine's clock, in Paris."""
    return datetime.now(PARIS).date()


def spoken(claims: Mapping[str, str]) -> dict[str, str]:
    """Return an identity as an identity provider says it today: no date is relative any more."""
    if "birthdate" not in claims:
        return dict(claims)
    return {**claims, "birthdate": relative_dates.resolve(claims["birthdate"], today())}
