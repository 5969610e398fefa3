"""What is wrong with a persona: one field, one sentence."""

from dataclasses import dataclass
from datetime import date

from apps.protocol.spoken import MONTHS


@dataclass(frozen=True)
class PersonaFault:
    """One fault: where in the document (`identity.birthplace`), and why, for the person who wrote it."""

    field: str
    message: str

    def below(self, parent: str) -> "PersonaFault":
        """Return the same fault of a field that is inside another."""
        return PersonaFault(f"{parent}.{self.field}" if self.field else parent, self.message)


class Refused(Exception):
    """A persona that breaks at least one rule; it says them all."""

    def __init__(self, faults: list[PersonaFault]) -> None:
        super().__init__("\n".join(f"{fault.field}\u202f: {fault.message}" for fault in faults))
        self.faults = faults


def long_date(day: date) -> str:
    """Return a day as a sentence says it: « 1er janvier 2017 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"
