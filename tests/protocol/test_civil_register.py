"""What is asked of the civil register, and what may be believed of its answer."""

from dataclasses import replace
from datetime import date

import pytest

from apps.protocol import errors, pivot, subject
from apps.protocol.civil_register import Record, SearchResult, build_query, identity_of
from apps.protocol.errors import ErrorSpec, ProtocolError
from apps.protocol.pivot import PivotIdentity

TODAY = date(2026, 11, 26)
ANGELE = PivotIdentity("Angèle Claire", "ORDINAIRE", "1985-03-12", "female", "75056", "99100")
RECORD = Record(("Angèle", "Claire"), "ORDINAIRE", "1985-03-12", "F", "75056", "", False)


def refusal(result: SearchResult) -> ErrorSpec:
    with pytest.raises(ProtocolError) as refused:
        identity_of(result, today=TODAY)
    return refused.value.spec


def test_the_query_holds_the_pivot_identity_and_nothing_else() -> None:
    assert build_query(ANGELE) == {
        "rechercheType": "S",
        "nom": "ORDINAIRE",
        "prenoms": "Angèle Claire",
        "dateNaissance": "19850312",
        "sexe": "F",
        "codeLieuNaissance": "75056",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"birthdate": "1992-11-00"}, {"dateNaissance": "19921100"}),
        ({"birthdate": "1992-00-00"}, {"dateNaissance": "19920000"}),
        ({"birthplace": "", "birthcountry": "99352"}, {"codeLieuNaissance": "99352"}),
        ({"birthplace": "2A004"}, {"codeLieuNaissance": "2A004"}),
        ({"gender": "male"}, {"sexe": "M"}),
        ({"gender": "unspecified"}, {"sexe": "I"}),
    ],
)
def test_the_query_follows_the_identity(changes: dict[str, str], expected: dict[str, str]) -> None:
    asked = build_query(replace(ANGELE, **changes))  # type: ignore[arg-type]
    assert {name: asked[name] for name in expected} == expected


@pytest.mark.parametrize("code", ["2", "3"])
def test_a_person_found_is_the_register_s(code: str) -> None:
    found = identity_of(
        SearchResult(code, replace(RECORD, family_name="ORDINAIRE-DUPONT")), today=TODAY
    )
    assert found == replace(ANGELE, family_name="ORDINAIRE-DUPONT")


@pytest.mark.parametrize(
    ("code", "spec"),
    [
        ("4", errors.REGISTER_ONE_NEAR),
        ("6", errors.REGISTER_SEVERAL_NEAR),
        ("7", errors.REGISTER_MARITAL_NAME),
        ("8", errors.REGISTER_UNKNOWN),
        ("9", errors.REGISTER_REFUSED),
        ("5", errors.REGISTER_UNUSABLE),
        ("", errors.REGISTER_UNUSABLE),
        ("22", errors.REGISTER_UNUSABLE),
    ],
)
def test_any_other_code_is_a_refusal_even_with_a_record(code: str, spec: ErrorSpec) -> None:
    assert refusal(SearchResult(code, RECORD)) is spec
    assert refusal(SearchResult(code, None)) is spec


@pytest.mark.parametrize("code", ["2", "3"])
def test_the_deceased_are_refused(code: str) -> None:
    result = SearchResult(code, replace(RECORD, is_deceased=True))
    assert refusal(result) is errors.REGISTER_DECEASED


@pytest.mark.parametrize(
    "record",
    [
        None,
        replace(RECORD, family_name=""),
        replace(RECORD, given_names=()),
        replace(RECORD, birthdate="1985-13-01"),
        replace(RECORD, birthdate="1985-02-30"),
        replace(RECORD, birthdate="19850312"),
        replace(RECORD, birthdate=""),
        replace(RECORD, birthdate="2026-11-27"),
        replace(RECORD, sex="X"),
        replace(RECORD, place="", country=""),
        replace(RECORD, place="1A001"),
        replace(RECORD, place="", country="99100"),
        replace(RECORD, country="ZZ"),
    ],
)
def test_a_record_that_is_not_an_identity_is_unusable(record: Record | None) -> None:
    assert refusal(SearchResult("2", record)) is errors.REGISTER_UNUSABLE


def test_a_refusal_says_nothing_of_the_person() -> None:
    result = SearchResult("2", replace(RECORD, birthdate="1985-02-30"))
    with pytest.raises(ProtocolError) as refused:
        identity_of(result, today=TODAY)
    assert refused.value.debug == "birthdate: not a day of the calendar"
    assert "ORDINAIRE" not in repr(result) + repr(RECORD)


@pytest.mark.parametrize(
    ("written", "birthdate"), [("1992-11", "1992-11-00"), ("1992", "1992-00-00")]
)
def test_a_date_known_in_part_stays_presumed(written: str, birthdate: str) -> None:
    found = identity_of(SearchResult("2", replace(RECORD, birthdate=written)), today=TODAY)
    assert found.birthdate == birthdate


def test_a_birth_abroad_has_no_birthplace() -> None:
    record = replace(RECORD, place="99352", country="99352")
    found = identity_of(SearchResult("2", record), today=TODAY)
    assert (found.birthplace, found.birthcountry) == ("", "99352")


@pytest.mark.parametrize("birthdate", ["1992-11-00", "1992-11-01", "1992-00-00"])
def test_the_account_is_the_same_whether_the_register_is_asked_or_not(birthdate: str) -> None:
    asked = replace(ANGELE, birthdate=birthdate)
    written = birthdate.replace("-00", "") if "-00" in birthdate else birthdate
    record = replace(RECORD, birthdate=written, family_name="Ordinaire")
    found = identity_of(SearchResult("2", record), today=TODAY)
    key = b"k" * 32
    assert subject.identity_hash(found, key=key) == subject.identity_hash(asked, key=key)


def test_claims_come_from_the_source_that_is_named() -> None:
    rectified = replace(ANGELE, family_name="ORDINAIRE-DUPONT", birthdate="1985-03-13")
    received = pivot.ReceivedIdentity("s", ANGELE, "a@example.org", "", register=rectified)
    given = pivot.to_claims(received, from_register=True)
    assert given["family_name"] == "ORDINAIRE-DUPONT"
    assert (given["birthdate"], given["idp_birthdate"]) == ("1985-03-13", "1985-03-12")
    own = pivot.to_claims(received)
    assert (own["family_name"], own["birthdate"]) == ("ORDINAIRE", "1985-03-12")
    assert pivot.from_bytes(pivot.to_bytes(received)) == received


def test_without_a_register_both_sources_are_the_provider_s() -> None:
    received = pivot.ReceivedIdentity("s", ANGELE, "a@example.org", "")
    assert pivot.to_claims(received, from_register=True) == pivot.to_claims(received)
    assert received.birthdates == ("1985-03-12",)
