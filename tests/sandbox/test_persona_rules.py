"""The rules of a persona: each broken one is named, with its field and its reason."""

from datetime import date
from typing import Any

import pytest

from apps.sandbox.personas import catalogue, checking, relative_dates, social_security
from apps.sandbox.personas.catalogue import read

TODAY = date(2026, 11, 26)
THIN = "\u202f"


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a right persona, born in Rennes; `identity__x`, `accounts__x` change one member."""
    document: dict[str, Any] = {
        "name": "Ada ESSAI",
        "reason": "Pour les tests.",
        "password": "chateau-de-sable",
        "identity": {
            "given_name": "Ada",
            "family_name": "ESSAI",
            "gender": "female",
            "birthdate": "1985-03-14",
            "birthplace": "35238",
            "birthcountry": "99100",
            "email": "ada.essai@example.org",
        },
        "accounts": {
            "impots": {"identifier": "00 01 990 000 001"},
            "ameli": {"identifier": "2 85 03 35 238 901"},
            "laposte": {"identifier": "ada.essai@example.org"},
        },
    }
    for path, value in changes.items():
        block, _, member = path.partition("__")
        if member:
            document[block][member] = value
        else:
            document[block] = value
    return document


def faults(document: object) -> dict[str, str]:
    return {fault.field: fault.message for fault in checking.check(document, TODAY)}


def born(birthdate: Any, birthplace: Any = "35238", country: Any = "99100") -> dict[str, str]:
    """Return the faults of somebody born then and there, without an account to contradict."""
    return faults(
        a_document(
            identity__birthdate=birthdate,
            identity__birthplace=birthplace,
            identity__birthcountry=country,
            accounts={},
        )
    )


def test_a_right_persona_has_no_fault() -> None:
    assert faults(a_document()) == {}


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("99999", "99999 n’est pas une commune"),
        ("99352", "les codes en 99 sont ceux des pays"),
        ("12999", "Aucune commune n’a ou n’a eu le code 12999"),
        ("Rennes", "Aucune commune n’a ou n’a eu le code Rennes"),
        ("", "Une naissance en France a un lieu"),
        (None, "Une naissance en France a un lieu"),
        (35238, "entre guillemets"),
    ],
)
def test_a_birthplace_that_is_no_commune_is_refused(place: Any, reason: str) -> None:
    found = born("1985-03-14", place)
    assert list(found) == ["identity.birthplace"]
    assert reason in found["identity.birthplace"]


def test_a_merged_commune_names_its_successor_and_the_day() -> None:
    assert born("1964-01-12", "74011") == {}
    assert born("2016-12-31", "74011") == {}
    assert born("2020-01-12", "74011") == {
        "identity.birthplace": "74011 (Annecy-le-Vieux) n’existe plus depuis le 1er janvier 2017"
        f"{THIN}: voir Annecy (74010)."
    }


def test_a_commune_of_later_names_what_it_was() -> None:
    assert born("1970-01-12", "20004") == {}
    assert born("1970-01-12", "2A004") == {
        "identity.birthplace": "2A004 (Ajaccio) n’existe que depuis le 1er janvier 1976"
        f"{THIN}: à la naissance, c’était 20004 (Ajaccio)."
    }


def test_a_presumed_date_may_be_any_day_that_it_stands_for() -> None:
    assert born("1976-00-00", "2A004") == {}
    assert born("1975-00-00", "20004") == {}
    assert "n’existe plus" in born("1976-02-00", "20004")["identity.birthplace"]


def test_a_birth_abroad_has_a_country_and_no_commune() -> None:
    assert born("1990-06-09", "", "99352") == {}
    assert born("1990-06-09", None, "99352") == {}
    assert "pas de commune" in born("1990-06-09", "35238", "99352")["identity.birthplace"]


@pytest.mark.parametrize("country", ["99999", "FR", "35238"])
def test_an_unknown_country_is_refused(country: str) -> None:
    assert born("1990-06-09", "", country) == {
        "identity.birthcountry": f"{country} n’est le code d’aucun pays du COG."
    }


@pytest.mark.parametrize(
    "birthdate", ["1992-11-00", "1992-00-00", "today-18y", "today-18y+1d", "today-18y-1d"]
)
def test_presumed_and_relative_dates_are_dates(birthdate: str) -> None:
    assert born(birthdate) == {}


@pytest.mark.parametrize(
    ("birthdate", "reason"),
    [
        (
            "1992-00-17",
            f"Un jour connu dans un mois inconnu n’existe pas{THIN}: écrivez 1992-00-00.",
        ),
        ("1990-02-30", "1990-02-30 n’est pas un jour du calendrier."),
        ("1990-13-01", "1990-13-01 n’est pas un jour du calendrier."),
        ("1990-13-00", "1990-13-00 n’est pas un jour du calendrier."),
        ("1849-12-31", "L’année est avant 1850."),
        ("2026-11-27", "2026-11-27 est dans l’avenir."),
        ("today-0y+1d", "2026-11-27 est dans l’avenir."),
        ("14/03/1985", "Une date s’écrit AAAA-MM-JJ"),
        ("", "Indiquez la date de naissance."),
        (date(1985, 3, 14), "Mettez la date entre guillemets"),
    ],
)
def test_what_is_no_birth_date_is_refused(birthdate: Any, reason: str) -> None:
    found = born(birthdate)
    assert list(found) == ["identity.birthdate"]
    assert found["identity.birthdate"].startswith(reason)


@pytest.mark.parametrize(
    ("today", "birthdate", "expected"),
    [
        (date(2026, 11, 26), "today-18y", "2008-11-26"),
        (date(2026, 11, 26), "today-18y+1d", "2008-11-27"),
        (date(2028, 2, 29), "today-18y", "2010-02-28"),
        (date(2026, 11, 26), "1992-11-00", "1992-11-00"),
    ],
)
def test_a_relative_date_follows_the_calendar(today: date, birthdate: str, expected: str) -> None:
    assert relative_dates.resolve(birthdate, today) == expected


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("1 85 03 35 238 901", f"Le premier chiffre dit le sexe{THIN}: 2 ou 8 attendu, pas 1."),
        ("2 86 03 35 238 901", f"l’année de naissance{THIN}: 85 attendu, pas 86."),
        ("2 85 04 35 238 901", f"le mois de naissance{THIN}: 03 attendu, pas 04."),
        ("2 85 20 35 238 901", f"le mois de naissance{THIN}: 03 attendu, pas 20."),
        ("2 85 03 35 239 901", f"le lieu de naissance{THIN}: 35238 attendu, pas 35239."),
        ("2 85 03 99 352 901", f"le lieu de naissance{THIN}: 35238 attendu, pas 99352."),
        ("2 85 03 35 238 000", "Les trois derniers chiffres vont de 001 à 999."),
        ("2 85 03 35 238 901 00", "La clé attendue est"),
        ("2 85 03 35 238 90", "13 caractères attendus, vous en avez saisi 12."),
    ],
)
def test_a_nir_that_contradicts_the_civil_status_is_refused(number: str, reason: str) -> None:
    found = faults(a_document(accounts__ameli={"identifier": number}))
    assert list(found) == ["accounts.ameli.identifier"]
    assert reason in found["accounts.ameli.identifier"]


@pytest.mark.parametrize(
    ("birthdate", "place", "country", "number"),
    [
        ("1970-12-05", "20004", "99100", "2 70 12 20 004 917"),
        ("1977-12-05", "2A004", "99100", "2 77 12 2A 004 917"),
        ("1977-12-05", "2B033", "99100", "2 77 12 2B 033 917"),
        ("1985-03-14", "97105", "99100", "2 85 03 97 105 917"),
        ("1985-03-14", "98735", "99100", "2 85 03 98 735 917"),
        ("1990-06-09", "", "99352", "2 90 06 99 352 917"),
        ("1992-00-00", "", "99352", "2 92 20 99 352 917"),
        ("1992-00-00", "", "99352", "2 92 55 99 352 917"),
        ("1992-11-00", "", "99352", "8 92 11 99 352 917"),
    ],
)
def test_every_kind_of_nir_is_understood(
    birthdate: str, place: str, country: str, number: str
) -> None:
    document = a_document(
        identity__birthdate=birthdate,
        identity__birthplace=place,
        identity__birthcountry=country,
        accounts__ameli={"identifier": number},
    )
    assert faults(document) == {}


def test_corsica_was_20_before_1976() -> None:
    document = a_document(
        identity__birthdate="1970-12-05",
        identity__birthplace="20004",
        accounts__ameli={"identifier": "2 70 12 2A 004 917"},
    )
    assert "la Corse est 20 avant 1976" in faults(document)["accounts.ameli.identifier"]


def test_the_nir_that_is_built_agrees() -> None:
    for persona in catalogue.everybody():
        number = social_security.build(persona.identity, 901, TODAY)
        assert not list(social_security.disagreements(number, persona.identity, TODAY)), number


@pytest.mark.parametrize(
    ("email", "is_right"),
    [
        ("ada@example.com", True),
        ("ada@mail.example.net", True),
        ("ada@ville.test", True),
        ("ada@nulle-part.invalid", True),
        ("ada@gmail.com", False),
        ("ada@notexample.org", False),
        ("ada@example.org.fr", False),
        ("ada", False),
        (None, True),
    ],
)
def test_an_address_is_at_a_domain_that_nobody_owns(email: str | None, is_right: bool) -> None:
    assert ("identity.email" not in faults(a_document(identity__email=email))) is is_right


def test_what_an_account_writes_otherwise_is_judged_too() -> None:
    wrong = {"identifier": "00 01 990 000 001", "claims": {"birthplace": "74011"}}
    found = faults(a_document(identity__birthdate="2020-03-14", accounts={"impots": wrong}))
    assert list(found) == ["accounts.impots.claims.birthplace"]


def test_two_accounts_may_not_describe_two_people() -> None:
    other = {"identifier": "00 01 990 000 001", "claims": {"family_name": "AUTRE"}}
    assert "pas la même personne" in faults(a_document(accounts__impots=other))["accounts"]


def test_what_franceconnect_alone_refuses_is_said() -> None:
    found = faults(a_document(identity__email="ada essai@example.org", accounts__laposte={}))
    assert list(found) == ["accounts.laposte.identifier"]
    accounts = {"impots": {"identifier": "00 01 990 000 001"}}
    found = faults(a_document(identity__email="ada essai@example.org", accounts=accounts))
    assert "FranceConnect refuserait cette identité" in found["accounts.impots"]


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (None, {"document"}),
        ("texte", {"document"}),
        ({}, {"name", "reason", "password", "identity", "accounts"}),
        (a_document(password=""), {"password"}),
        (a_document(password=1234), {"password"}),
        (a_document(accounts={"autre": {}}), {"accounts.autre"}),
        (a_document(accounts={"impots": None}), {"accounts.impots"}),
        (a_document(accounts={"impots": {"identifier": 1}}), {"accounts.impots.identifier"}),
        (a_document(identity__given_name="123"), {"identity.given_name"}),
        (a_document(identity__family_name=" ESSAI"), {"identity.family_name"}),
        (a_document(identity__gender="F"), {"identity.gender"}),
    ],
)
def test_every_block_is_judged(document: object, fields: set[str]) -> None:
    assert set(faults(document)) == fields


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (a_document(name="Ada \ud800"), "name"),
        (a_document(reason="a\0b"), "reason"),
        (a_document(name="Ada \u202eESSAI"), "name"),
        (a_document(identity__email="a\0@example.org"), "identity.email"),
        (a_document(identity__preferred_username={"a": 1}), "identity.preferred_username"),
        (a_document(identity__address="x"), "identity"),
        (a_document(identity__given_name="A" * 257), "identity.given_name"),
    ],
)
def test_what_no_page_could_show_is_refused(document: object, field: str) -> None:
    assert set(faults(document)) == {field}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("state", "nowhere"),
        ("state", 3),
        ("second_factor", "pas du base 32 !"),
        ("second_factor", "JBSWY3DPEHPK3PXP"),
        ("second_factor", 7),
    ],
)
def test_what_an_account_may_not_be_is_refused(member: str, value: object) -> None:
    document = a_document()
    document["accounts"]["impots"][member] = value
    assert set(faults(document)) == {f"accounts.impots.{member}"}


def test_an_identifier_belongs_to_one_persona() -> None:
    angele = catalogue.find("angele-ordinaire")
    assert angele
    document = a_document(accounts={"impots": {"identifier": "0001123456789"}})
    found = checking.conflicts(read("ada", document), [angele], TODAY)
    assert [(fault.field, fault.message) for fault in found] == [
        (
            "accounts.impots.identifier",
            "00 01 123 456 789 est déjà l’identifiant de Angèle ORDINAIRE.",
        )
    ]


def test_two_personas_may_not_be_one_person_for_franceconnect() -> None:
    ada = read("ada", a_document(accounts={}))
    twin = read("adele", a_document(identity__family_name="Essaï", accounts={}))
    assert [fault.field for fault in checking.conflicts(twin, [ada], TODAY)] == ["identity"]
