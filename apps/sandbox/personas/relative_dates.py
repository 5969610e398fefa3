"""Birth dates that follow the calendar: `today-18y` is always the eighteenth birthday."""

import re
from datetime import date, timedelta
from typing import Final

_RELATIVE: Final = re.compile(r"today-(?P<years>[0-9]{1,3})y(?:(?P<days>[+-][0-9]{1,5})d)?")


def resolve(birthdate: str, today: date) -> str:
    """Return YYYY-MM-DD for a relative birth date, any other text as it is.

    On 29 February, the birthday of a common year is the 28th: the age is reached that day.
    """
    match = _RELATIVE.fullmatch(birthdate)
    if match is None or int(match["years"]) >= today.year:
        return birthdate
    year = today.year - int(match["years"])
    try:
        day = today.replace(year=year)
    except ValueError:
        day = date(year, 2, 28)
    return (day + timedelta(days=int(match["days"] or 0))).isoformat()
