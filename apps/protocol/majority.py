"""The age that a birth date proves on a given day, when the date may be presumed.

A person reaches an age on the day of the year of their birth, from midnight. A day that civil
status ignores may be any day: what is asked is whether the age is *certain*, so that a presumed
date is taken at its latest possible day (31 December, or the last day of the month).

Who is born on 29 February completes a year, when the year that follows has no such day, with the
end of 28 February (Code de procédure civile, article 641): the age is reached on 1 March.
"""

import calendar
from datetime import date
from typing import Final

AGE_OF_MAJORITY: Final = 18
"""Code civil, article 414."""


def has_reached(birthdate: str, *, years: int, today: date) -> bool:
    """Tell whether this person is certainly of that age.

    birthdate   as `pivot.parse` accepts it: YYYY-MM-DD, YYYY-MM-00 or YYYY-00-00
    years       complete years; 0 asks nothing, and everybody has reached it
    today       the civil day where the law applies
    """
    if not years:
        return True
    year, month, day = _latest(birthdate)
    # Compared as they are written: on 28 February, (2, 29) is not yet reached; on 1 March it is.
    return (today.year - years, today.month, today.day) >= (year, month, day)


def _latest(birthdate: str) -> tuple[int, int, int]:
    """Return the latest day that this date may stand for."""
    year, month, day = (int(part) for part in birthdate.split("-"))
    month = month or 12
    return year, month, day or calendar.monthrange(year, month)[1]
