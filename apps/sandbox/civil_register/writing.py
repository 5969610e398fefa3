"""The XML of an answer, with the element names of the real register and an invented namespace."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from apps.protocol.civil_register import Record, SearchResult

NAMESPACE = "http://registre.bac-a-sable.test/identification"
register_namespace("rnipp", NAMESPACE)


def build(result: SearchResult) -> bytes:
    """Return the document that says a result."""
    root = Element(_tag("IdentificationsIndividusCitoyens"))
    _add(root, "TypeReponseIdentification", result.code)
    if result.record:
        _add_person(_add(root, "IdentificationIndividuCitoyen"), result.record)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_person(citizen: Element, record: Record) -> None:
    person = _add(_add(citizen, "SituationActuelle"), "Individu")
    _add(_add(person, "Noms"), "NomFamille", record.family_name)
    names = _add(person, "Prenoms")
    for name in record.given_names:
        _add(names, "Prenom", name)
    _add(person, "Sexe", record.sex)
    birth = _add(person, "Naissance")
    _add(birth, "DateNaissance", record.birthdate)
    place = _add(birth, "LieuNaissance")
    for kind, code in (("Localite", record.place), ("Pays", record.country)):
        if code:
            _add(place, kind).set("code", code)
    if record.is_deceased:
        _add(person, "Deces")


def _add(parent: Element, name: str, text: str = "") -> Element:
    element = SubElement(parent, _tag(name))
    element.text = text or None
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
