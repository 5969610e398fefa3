"""Civil status as the register would have written it: each rule with its sentence.

What FranceConnect refuses is refused here with a reason that helps; what it cannot know, that a
commune existed on the day of birth, is refused too: an identity that no register could hold proves
nothing about a service. `checking` then asks `apps.protocol.pivot` whether anything is left.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from apps.cog import communes
from apps.cog.communes import Commune, Period
from apps.cog.countries import FRANCE, country
from apps.protocol import pivot
from apps.sandbox.personas import relative_dates
from apps.sandbox.personas.faults import PersonaFault, long_date

RESERVED_DOMAINS: Final = ("example.org", "example.com", "example.net")
RESERVED_TLDS: Final = ("test", "invalid", "example", "localhost")  # RFC 2606 §2

_BIRTHDATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_GENDERS: Final = "female, male ou unspecified"


def check(claims: Mapping[str, object], today: date) -> list[PersonaFault]:
    """Return what is wrong with an identity; an empty list when a register could hold it.

    claims   as a persona's file writes them: an absent e-mail address is a trait, not a fault
    """
    rules: tuple[Callable[[Mapping[str, object], date], Iterator[PersonaFault]], ...] = (
        _names, _gender, _birthdate, _birthcountry, _birthplace, _email,
    )  # fmt: skip
    return [fault for rule in rules for fault in rule(claims, today)]


def text_of(claims: Mapping[str, object], name: str) -> str:
    """Return a claim, "" when it is absent or is not a text."""
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def days_of(birthdate: str) -> tuple[date, date] | None:
    """Return the first and the last day that a birth date may stand for; None for no date."""
    match = _BIRTHDATE.fullmatch(birthdate)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
        if day:
            return (first, first) if month else None
        following = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    except ValueError:
        return None
    return first, following - timedelta(days=1)


def _names(claims: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    for name, what in (("given_name", "les prénoms"), ("family_name", "le nom de naissance")):
        if claims.get(name) in (None, ""):
            yield PersonaFault(name, f"Indiquez {what}.")
        else:
            yield from _name(claims, name, what)
    if claims.get("preferred_username") not in (None, ""):
        yield from _name(claims, "preferred_username", "le nom d’usage")


def _name(claims: Mapping[str, object], name: str, what: str) -> Iterator[PersonaFault]:
    text = text_of(claims, name)
    if not text:
        yield PersonaFault(name, "Un texte est attendu\u202f: mettez la valeur entre guillemets.")
    elif len(text) > pivot.LONGEST_NAME:
        yield PersonaFault(name, f"{pivot.LONGEST_NAME} caractères au plus, {len(text)} écrits.")
    elif not any(character.isalpha() for character in text):
        yield PersonaFault(name, f"Aucune lettre dans {what}.")
    elif not text.isprintable() or text != " ".join(text.split()):
        yield PersonaFault(name, "Un seul espace entre les mots, aucun au début ni à la fin.")


def _gender(claims: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    if text_of(claims, "gender") not in pivot.GENDERS:
        yield PersonaFault("gender", f"Sexe attendu\u202f: {_GENDERS}.")


def _birthdate(claims: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    reason = _fault_of_date(claims.get("birthdate"), today)
    if reason:
        yield PersonaFault("birthdate", reason)


def _fault_of_date(written: object, today: date) -> str:
    """Return what is wrong with a birth date, "" when nothing is."""
    if written in (None, ""):
        return "Indiquez la date de naissance."
    if not isinstance(written, str):
        return "Mettez la date entre guillemets\u202f: sans eux, elle n’est pas un texte."
    match = _BIRTHDATE.fullmatch(relative_dates.resolve(written, today))
    if match is None:
        return (
            "Une date s’écrit AAAA-MM-JJ, avec 00 pour un jour ou un mois inconnu, "
            "ou today-18y+1d pour suivre le calendrier."
        )
    year, month, day = match.groups()
    if month == "00" and day != "00":
        return f"Un jour connu dans un mois inconnu n’existe pas\u202f: écrivez {year}-00-00."
    days = days_of(match[0])
    if days is None:
        return f"{match[0]} n’est pas un jour du calendrier."
    if days[0].year < pivot.EARLIEST_YEAR:
        return f"L’année est avant {pivot.EARLIEST_YEAR}."
    if days[0] > today:
        return f"{match[0]} est dans l’avenir."
    return ""


def _birthcountry(claims: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    code = text_of(claims, "birthcountry")
    if not code:
        yield PersonaFault(
            "birthcountry",
            f"Indiquez le code COG du pays entre guillemets, {FRANCE} pour la France.",
        )
    elif country(code) is None:
        yield PersonaFault("birthcountry", f"{code} n’est le code d’aucun pays du COG.")


def _birthplace(claims: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    written = claims.get("birthplace")
    reason = ""
    if not isinstance(written, str | None):
        reason = "Mettez le code de la commune entre guillemets\u202f: sans eux, c’est un nombre."
    elif text_of(claims, "birthcountry") != FRANCE:
        if written and country(text_of(claims, "birthcountry")):
            reason = "Une naissance hors de France n’a pas de commune\u202f: laissez le lieu vide."
    elif not written:
        reason = "Une naissance en France a un lieu\u202f: indiquez sa commune."
    else:
        days = days_of(relative_dates.resolve(text_of(claims, "birthdate"), today))
        reason = fault_of_commune(written, days)
    if reason:
        yield PersonaFault("birthplace", reason)


def fault_of_commune(code: str, days: tuple[date, date] | None) -> str:
    """Return why nobody was born in the commune of that code on those days, "" when one may.

    days   the first and the last day that the birth may be of; None when they are not known
    """
    if country(code) or code.startswith("99"):
        return (
            f"{code} n’est pas une commune\u202f: les codes en 99 sont ceux des pays. "
            "Née à l’étranger, une personne a un pays et aucune commune."
        )
    found = communes.commune(code)
    if found is None:
        return f"Aucune commune n’a ou n’a eu le code {code}."
    if days is None or found.on(days[0]) or found.on(days[1]):
        return ""
    return _out_of_its_time(found, *days)


def _out_of_its_time(found: Commune, first: date, last: date) -> str:
    label = f"{found.code} ({found.name})"
    past = [period for period in found.periods if period.end <= first]
    if past:
        return f"{label} n’existe plus depuis le {long_date(past[-1].end)}{_heirs(past[-1])}."
    begun = found.periods[0].start
    before = [period for period in communes.predecessors(found.code) if period.covers(first)]
    then = " ou ".join(_label(period) for period in before[:3])
    hint = f"\u202f: à la naissance, c’était {then}" if then else ""
    return f"{label} n’existe que depuis le {long_date(begun)}{hint}."


def _heirs(period: Period) -> str:
    heirs = (communes.commune(code) for code in period.successors if code != period.code)
    names = [f"{heir.name} ({heir.code})" for heir in heirs if heir]
    return f"\u202f: voir {' ou '.join(names)}" if names else ""


def _label(period: Period) -> str:
    return f"{period.code} ({period.name})"


def _email(claims: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    written = claims.get("email")
    if written in (None, ""):
        return
    domain = text_of(claims, "email").rpartition("@")[2].lower()
    if not domain:
        yield PersonaFault("email", "Une adresse électronique est attendue, entre guillemets.")
    elif not is_reserved(domain):
        yield PersonaFault(
            "email",
            f"{domain} peut être à quelqu’un\u202f: prenez {', '.join(RESERVED_DOMAINS)}, "
            "ou un domaine en .test ou .invalid.",
        )


def is_reserved(domain: str) -> bool:
    """Tell whether nobody can own a domain, so that no message to it reaches a person (RFC 2606)."""
    labels = domain.split(".")
    return labels[-1] in RESERVED_TLDS or ".".join(labels[-2:]) in RESERVED_DOMAINS
