"""A strict search, as the register does it: one person exactly, or a code that says how near.

Compared as FranceConnect compares: without case, accents or hyphens. Who is asked about with the
beginning of their first names is found and rectified; who is asked about by the name of daily life
is found « under the marital name » only; who differs by one field is an echo.
"""

from collections.abc import Mapping

from apps.protocol import civil_register, pivot
from apps.protocol.civil_register import SEXES, Record, SearchResult
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import FRANCE, PivotIdentity, normalise, normalise_name
from apps.sandbox.civil_register import people
from apps.sandbox.civil_register.people import Person
from apps.sandbox.personas import civil_day
from apps.sandbox.personas.register import ANSWERS, DECEASED

_GENDERS = {sex: gender for gender, sex in SEXES.items()}


def answer(query: Mapping[str, str]) -> SearchResult:
    """Return what the register says to a request (`civil_register.build_query`)."""
    try:
        asked = normalise(_parse(query))
    except ProtocolError:
        return SearchResult(civil_register.REFUSED, None)
    everybody = people.known()
    for person in everybody:
        if normalise(person.asked) == asked:
            return _exactly(person)
    return _nearly(asked, [person for person in everybody if person.is_found])


def _parse(query: Mapping[str, str]) -> PivotIdentity:
    """Return the person asked about. Raises ProtocolError for a request that makes no sense."""
    day, place = query.get("dateNaissance", ""), query.get("codeLieuNaissance", "")
    is_abroad = place.startswith("99")
    claims = {
        "given_name": query.get("prenoms"),
        "family_name": query.get("nom"),
        "birthdate": f"{day[:4]}-{day[4:6]}-{day[6:]}",
        "gender": _GENDERS.get(query.get("sexe", "")),
        "birthplace": "" if is_abroad else place,
        "birthcountry": place if is_abroad else FRANCE,
    }
    return pivot.parse_pivot(claims, today=civil_day.today())


def _exactly(person: Person) -> SearchResult:
    return SearchResult(ANSWERS[person.answer], _record(person) if person.is_found else None)


def _nearly(asked: PivotIdentity, everybody: list[Person]) -> SearchResult:
    rectified = [person for person in everybody if _is_beginning(asked, normalise(person.asked))]
    if len(rectified) == 1:
        return SearchResult(civil_register.RECTIFIED, _record(rectified[0]))
    if any(_is_usage(asked, person) for person in everybody):
        return SearchResult(civil_register.MARITAL_NAME, None)
    echoes = [person for person in everybody if _differences(asked, person) == 1]
    if not echoes:
        return SearchResult(civil_register.UNKNOWN, None)
    code = civil_register.ONE_NEAR if len(echoes) == 1 else civil_register.SEVERAL_NEAR
    return SearchResult(code, None)


def _is_beginning(asked: PivotIdentity, known: PivotIdentity) -> bool:
    names = {name for name in pivot.PIVOT_FIELDS if getattr(asked, name) != getattr(known, name)}
    return names == {"given_name"} and f"{known.given_name} ".startswith(f"{asked.given_name} ")


def _is_usage(asked: PivotIdentity, person: Person) -> bool:
    is_named = bool(person.usage) and normalise_name(person.usage) == asked.family_name
    return is_named and _differences(asked, person) == 1


def _differences(asked: PivotIdentity, person: Person) -> int:
    known = normalise(person.asked)
    return sum(getattr(asked, name) != getattr(known, name) for name in pivot.PIVOT_FIELDS)


def _record(person: Person) -> Record:
    written = person.written
    return Record(
        given_names=tuple(written.given_name.split()),
        family_name=written.family_name.upper(),  # as civil status documents do
        birthdate=written.birthdate.replace("-00", ""),
        sex=SEXES[written.gender],
        place=written.birthplace,
        country="" if written.birthplace else written.birthcountry,
        is_deceased=person.answer == DECEASED,
    )
