"""Who is in the sandbox's civil register: the personas, and every person with an account.

A persona may hold a block `register`, which says what the register answers of them when it is not
simply « found » (`apps.sandbox.personas.register`).
A person who is not a persona was enrolled at an identity provider: the register knows them too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from apps.protocol import civil_register, pivot
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import PivotIdentity
from apps.sandbox.models import IdentityAccount
from apps.sandbox.personas import civil_day, directory, relative_dates
from apps.sandbox.personas.register import ANSWERS


@dataclass(frozen=True)
class Person:
    """One person, and what the register answers when it is asked about exactly them.

    asked    the identity by which they are found
    written  the identity as the register writes it
    usage    name used in daily life, "" for none
    """

    asked: PivotIdentity
    written: PivotIdentity
    usage: str = ""
    answer: str = "found"

    @property
    def is_found(self) -> bool:
        """Tell whether the register gives a record of this person."""
        return ANSWERS[self.answer] in (civil_register.FOUND, civil_register.RECTIFIED)


def known() -> list[Person]:
    """Return everybody, each once: the personas as their files say, then whoever else enrolled."""
    today = civil_day.today()
    people: dict[PivotIdentity, Person] = {}
    for person in (*_personas(today), *_enrolled(today)):
        people.setdefault(pivot.normalise(person.asked), person)
    return list(people.values())


def _personas(today: date) -> Iterator[Person]:
    for persona in directory.everybody():
        person = _person(persona.identity, today)
        if person:
            written = {**persona.identity, **persona.register.get("identity", {})}
            rectified = _person(written, today) or person
            answer = persona.register.get("answer", "found")
            yield replace(person, written=rectified.asked, answer=answer)


def _enrolled(today: date) -> Iterator[Person]:
    for claims in IdentityAccount.objects.order_by("pk").values_list("claims", flat=True):
        person = _person(claims, today)
        if person:
            yield person


def _person(claims: Mapping[str, Any], today: date) -> Person | None:
    """Return the person of these claims; None for one whom no register could hold."""
    birthdate = relative_dates.resolve(str(claims.get("birthdate", "")), today)
    try:
        identity = pivot.parse_pivot({**claims, "birthdate": birthdate}, today=today)
    except ProtocolError:
        return None
    return Person(identity, identity, str(claims.get("preferred_username") or ""))
