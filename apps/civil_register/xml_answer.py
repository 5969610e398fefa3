"""The register's XML as a `SearchResult`: names without their namespaces, text without its spaces.

Read by defusedxml: no entity is expanded, no DTD accepted, nothing fetched (CWE-611, CWE-776). The
flags `Divergence*` that the register adds are ignored, as FranceConnect does.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from apps.civil_register.failures import RegisterError
from apps.protocol.civil_register import Record, SearchResult

ROOT = "IdentificationsIndividusCitoyens"
CODE = "TypeReponseIdentification"
CITIZEN = "IdentificationIndividuCitoyen"
PERSON = ("SituationActuelle", "Individu")


def parse(body: bytes) -> SearchResult:
    """Return the code and, when one person was found, their record. Raises RegisterError."""
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as failure:
        raise RegisterError(f"illegible: {type(failure).__name__}") from failure
    if _name(root) != ROOT:
        raise RegisterError("not an answer of the register")
    codes = [_text(element) for element in root.iter() if _name(element) == CODE]
    citizens = list(_children(root, CITIZEN))
    record = _record(citizens[0]) if len(citizens) == 1 else None
    return SearchResult(codes[0] if codes else "", record)


def _record(citizen: Element) -> Record | None:
    person = next(_descendants(citizen, *PERSON), None)
    if person is None:
        return None
    return Record(
        given_names=tuple(_text(name) for name in _descendants(person, "Prenoms", "Prenom")),
        family_name=_first(person, "Noms", "NomFamille"),
        birthdate=_first(person, "Naissance", "DateNaissance"),
        sex=_first(person, "Sexe"),
        place=_code(person, "Localite"),
        country=_code(person, "Pays"),
        is_deceased=any(_name(element) == "Deces" for element in citizen.iter()),
    )


def _first(element: Element, *path: str) -> str:
    return next((_text(found) for found in _descendants(element, *path)), "")


def _code(person: Element, kind: str) -> str:
    places = _descendants(person, "Naissance", "LieuNaissance", kind)
    return next((place.get("code", "").strip() for place in places), "")


def _descendants(element: Element, name: str, *rest: str) -> Iterator[Element]:
    for child in _children(element, name):
        if rest:
            yield from _descendants(child, *rest)
        else:
            yield child


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Element) -> str:
    return (element.text or "").strip()
