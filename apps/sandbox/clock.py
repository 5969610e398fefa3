"""The clock of the sandbox: what time it is for what lives in days, and how to move it.

Letters, provisional codes, deadlines of enrolments and the wait after too many failures read `now()`
here, so that a week passes in one click. OpenID Connect messages and sessions keep the time of the
machine: another machine checks them.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from apps.sandbox.models import ClockSetting

_STEP: Final = re.compile(r"\+?([0-9]{1,3})(h|d|j|m)")
_LATEST_YEAR: Final = 2200


class WrongStep(Exception):
    """A text that is not a step of the clock, or one that leads too far; the message says which."""


@dataclass(frozen=True)
class Step:
    """How far to move: hours, days and months of the calendar."""

    hours: int = 0
    days: int = 0
    months: int = 0

    @property
    def name(self) -> str:
        """The writing that `parse` reads, for a form and for the command."""
        if self.months:
            return f"+{self.months}m"
        return f"+{self.days}d" if self.days else f"+{self.hours}h"

    @property
    def label(self) -> str:
        """The words of the button."""
        if self.months:
            return f"Avancer de {self.months} mois"
        count, unit = (self.days, "jour") if self.days else (self.hours, "heure")
        return f"Avancer de {count} {unit}{'s' if count > 1 else ''}"

    def after(self, moment: datetime) -> datetime:
        """Return the moment that many hours, days and months later; the 31st may become the 30th."""
        year, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
        if year > _LATEST_YEAR:
            raise WrongStep(f"L’horloge ne va pas au-delà de {_LATEST_YEAR}.")
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        there = moment.replace(year=year, month=month + 1, day=day)
        return there + timedelta(days=self.days, hours=self.hours)


STEPS: Final = (Step(hours=1), Step(days=1), Step(days=8), Step(months=37))


def now() -> datetime:
    """Return the time in the sandbox."""
    return timezone.now() + offset()


def offset() -> timedelta:
    """Return how far the sandbox is ahead of the machine."""
    found = ClockSetting.objects.values_list("ahead", flat=True).first()
    return found or timedelta()


def parse(text: str) -> Step:
    """Return a step written `+1h`, `+8d` (or `+8j`), `+37m`. Raises WrongStep."""
    match = _STEP.fullmatch(text)
    if match is None:
        raise WrongStep("Un pas s’écrit +1h, +8d ou +37m.")
    count = int(match[1])
    return {"h": Step(hours=count), "m": Step(months=count)}.get(match[2], Step(days=count))


@transaction.atomic
def advance(step: Step) -> datetime:
    """Move forward; return the new time. Two presses at once are two steps. Raises WrongStep."""
    ClockSetting.objects.get_or_create(pk=ClockSetting.ONLY)
    setting = ClockSetting.objects.select_for_update(of=("self",)).get()
    present = timezone.now()
    there = step.after(timezone.localtime(present + setting.ahead))
    setting.ahead = there - present
    setting.save(update_fields=["ahead"])
    return there


def back_to_the_present() -> datetime:
    """Let the sandbox have the time of the machine again; return it."""
    ClockSetting.objects.update(ahead=timedelta())
    return timezone.now()
