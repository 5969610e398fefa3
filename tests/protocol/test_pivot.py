"""The pivot identity: what is refused, what is kept, what is delivered, what is never printed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol import errors, pivot
from apps.protocol.claims import CLAIMS, JsonType
from apps.protocol.pivot import ReceivedIdentity
from apps.protocol.scopes import granted_claims

TODAY = date(2026, 3, 1)
ABSENT = object()
sweep = settings(max_examples=80, derandomize=True, database=None, deadline=None)

ANGELE: dict[str, object] = {
    "sub": "angele-0001",
    "given_name": "Angèle Zoé",
    "family_name": "ORDINAIRE",
    "birthdate": "1962-08-24",
    "gender": "female",
    "birthplace": "75107",
    "birthcountry": "99100",
    "email": "angele@exemple.fr",
}


def claims(**changes: object) -> dict[str, object]:
    """The claims of Angèle ORDINAIRE, with some changed or ABSENT."""
    return {name: value for name, value in {**ANGELE, **changes}.items() if value is not ABSENT}


def parse(**changes: object) -> ReceivedIdentity:
    return pivot.parse(claims(**changes), today=TODAY)


def refusal_of(**changes: object) -> errors.ProtocolError:
    with pytest.raises(errors.ProtocolError) as refusal:
        parse(**changes)
    return refusal.value


# Accepted


PERSONAS: dict[str, dict[str, object]] = {
    "happy path": {},
    "one of two spouses who share an e-mail": {"email": "foyer@exemple.fr"},
    "born abroad, no birthplace": {"birthplace": ABSENT, "birthcountry": "99352"},
    "born abroad, empty birthplace": {"birthplace": "", "birthcountry": "99352"},
    "born in Corsica": {"birthplace": "2A004"},
    "born in Upper Corsica": {"birthplace": "2B033"},
    "presumed day": {"birthdate": "1992-11-00"},
    "presumed month and day": {"birthdate": "1992-00-00"},
    "minor": {"birthdate": "2012-05-05"},
    "eighteen tomorrow": {"birthdate": "2008-03-02"},
    "eighteen today": {"birthdate": "2008-03-01"},
    "apostrophe, hyphen, accents, ligature": {
        "given_name": "Marie-Ange",
        "family_name": "D'ÉPÉE-ŒUVRE",
    },
    "long names": {
        "given_name": "Jean Pierre Noël Xavier",
        "family_name": "DE LA TRÈS LONGUE-LIGNÉE DES PERSONNES À CINQUANTE-SEPT LETTRES",
    },
    "nom d'usage": {"preferred_username": "QUOTIDIEN"},
    "abolished commune": {"birthplace": "69674"},
    "undefined gender": {"gender": "unspecified"},
}


@pytest.mark.parametrize("changes", PERSONAS.values(), ids=PERSONAS.keys())
def test_every_kind_of_person_is_accepted_in_their_own_spelling(changes: dict[str, object]) -> None:
    delivered = pivot.to_claims(parse(**changes))
    expected = {name: value for name, value in claims(**changes).items() if name != "sub"}
    expected |= {"birthplace": expected.get("birthplace", "")}
    computed = {
        "given_name_array": str(expected["given_name"]).split(),
        "idp_birthdate": expected["birthdate"],
    }
    assert delivered == {**expected, **computed}


@pytest.mark.parametrize(
    "birthdate",
    [
        "1850-01-01",
        "1896-03-01",  # 130 years old: unlikely, not impossible; the civil register decides
        "2000-02-29",
        "1904-02-29",
        "2026-03-01",
        "2026-03-00",
        "2026-00-00",
        "1992-12-00",
    ],
)
def test_S150_a_date_that_exists_and_is_not_to_come_is_accepted(birthdate: str) -> None:
    assert parse(birthdate=birthdate).pivot.birthdate == birthdate


@pytest.mark.parametrize(
    "birthplace",
    ["01001", "09122", "20004", "59350", "95018", "97105", "97611", "98735", "2A004", "2B033"],
)
def test_S150_a_commune_of_every_kind_of_departement_is_accepted(birthplace: str) -> None:
    assert parse(birthplace=birthplace).pivot.birthplace == birthplace


@pytest.mark.parametrize("birthplace", [ABSENT, None, "", "None", "Oran", "99352", "75107", 7])
def test_S150_a_birthplace_abroad_is_dropped_whatever_it_is(birthplace: object) -> None:
    identity = parse(birthcountry="99352", birthplace=birthplace)
    assert identity.pivot.birthplace == ""
    assert pivot.to_claims(identity)["birthplace"] == ""


@pytest.mark.parametrize(
    "email",
    [
        "a@exemple.fr",
        "Prenom.NOM+fc@sous-domaine.exemple.fr",
        "o'neil@exemple.fr",
        "x_y-z@xn--exmple-cva.fr",
        "prenom@société.fr",
        "a@" + "d" * 63 + ".fr",
        "l" * 64 + "@exemple.fr",
    ],
)
def test_an_email_address_is_kept_as_it_was_written(email: str) -> None:
    assert parse(email=email).email == email


@pytest.mark.parametrize("value", [ABSENT, None, ""])
def test_an_absent_nom_d_usage_is_omitted_and_never_null(value: object) -> None:
    assert "preferred_username" not in pivot.to_claims(parse(preferred_username=value))


@pytest.mark.parametrize(
    ("given_name", "array"),
    [
        ("Angèle", ["Angèle"]),
        ("Angèle Zoé Lou", ["Angèle", "Zoé", "Lou"]),
        ("Marie-Ange", ["Marie-Ange"]),
        ("Jean  Pierre ", ["Jean", "Pierre"]),
        ("Jean\u00a0Pierre", ["Jean", "Pierre"]),
    ],
)
def test_first_names_are_split_on_spaces_only(given_name: str, array: list[str]) -> None:
    assert pivot.to_claims(parse(given_name=given_name))["given_name_array"] == array


def test_S103_claims_that_nobody_asked_for_are_dropped() -> None:
    identity = parse(nir="1480599999356", address={"locality": "Ici"}, given_name_array=["X"])
    assert identity == parse()


def test_the_delivered_claims_are_those_that_a_scope_may_open_of_their_declared_type() -> None:
    delivered = pivot.to_claims(parse(preferred_username="QUOTIDIEN"))
    every = granted_claims(["identite_pivot", "profile", "email", "idp_birthdate"])
    assert delivered.keys() == every
    for name, value in delivered.items():
        assert isinstance(value, list) == (CLAIMS[name].json_type is JsonType.ARRAY)


# Refused


@pytest.mark.parametrize("value", [ABSENT, None, "", 7, True, [], {}, ["x"]])
@pytest.mark.parametrize(
    "field",
    ["sub", "given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry"],
)
def test_S151_a_mandatory_field_missing_null_or_of_another_type_is_refused(
    field: str, value: object
) -> None:
    refusal = refusal_of(**{field: value})
    assert refusal.spec is errors.IDENTITY_MALFORMED
    assert refusal.debug.startswith(f"{field}: ")


@pytest.mark.parametrize(
    "birthdate",
    [
        "0000-00-00",
        "1849-12-31",
        "1962-00-24",
        "1962-13-01",
        "1962-13-00",
        "1962-02-30",
        "1900-02-29",
        "2023-02-29",
        "1962-04-31",
        "2026-03-02",
        "2026-04-00",
        "2027-00-00",
        "9999-12-31",
        "62-08-24",
        "1962-8-24",
        "19620824",
        "24/08/1962",
        "1962-08-24T00:00:00Z",
        "1962-08-24\n",
        " 1962-08-24",
        "+962-08-24",
        "١٩٦٢-08-24",
        "1962-08",
        "1962",
    ],
)
def test_S150_a_date_that_cannot_be_is_refused(birthdate: str) -> None:
    assert refusal_of(birthdate=birthdate).debug.startswith("birthdate: ")


@pytest.mark.parametrize(
    "birthplace",
    ["99100", "99352", "00001", "96001", "2C001", "2a004", "7510", "751077", "Paris", "None"],
)
def test_S150_a_birth_in_france_needs_the_code_of_a_french_commune(birthplace: str) -> None:
    assert refusal_of(birthplace=birthplace).debug.startswith("birthplace: ")


@pytest.mark.parametrize("birthcountry", ["75107", "2A004", "FR", "France", "9910", "991000"])
def test_S150_a_country_has_a_code_in_99(birthcountry: str) -> None:
    assert refusal_of(birthcountry=birthcountry).debug.startswith("birthcountry: ")


@pytest.mark.parametrize("gender", ["Female", "F", "other", "female "])
def test_S150_a_gender_outside_the_three_values_is_refused(gender: str) -> None:
    assert refusal_of(gender=gender).debug.startswith("gender: ")


@pytest.mark.parametrize("field", ["given_name", "family_name", "preferred_username"])
@pytest.mark.parametrize(
    "character",
    list("\0\t\n\r\x1b\x7f\x85\u200b\u202e\ufeff\u2028\ud800\ue000\U000e0041"),
)
def test_a_control_or_invisible_character_in_a_name_is_refused(field: str, character: str) -> None:
    assert (
        refusal_of(**{field: f"Ange{character}le"}).debug == f"{field}: holds a control character"
    )


@pytest.mark.parametrize("name", [" ", "-", "’", "''--", "12", "\u02bc", "\u00b4", "."])
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_a_name_without_any_letter_is_refused(field: str, name: str) -> None:
    assert refusal_of(**{field: name}).debug == f"{field}: holds no letter"


@pytest.mark.parametrize("field", ["given_name", "family_name", "preferred_username"])
def test_a_name_has_at_most_256_characters(field: str) -> None:
    parse(**{field: "É" * 256})
    assert refusal_of(**{field: "É" * 257}).debug.startswith(f"{field}: ")


@pytest.mark.parametrize("value", [7, [], {"a": 1}, False])
def test_a_nom_d_usage_of_another_type_is_refused(value: object) -> None:
    assert refusal_of(preferred_username=value).debug == "preferred_username: not a string"


@pytest.mark.parametrize("sub", ["s" * 256, "angèle", "a\nb", "a\x7f"])
def test_S101_a_sub_too_long_not_ascii_or_with_controls_is_refused(sub: str) -> None:
    assert parse(sub="s" * 255).sub == "s" * 255
    assert refusal_of(sub=sub).spec is errors.IDENTITY_MALFORMED


@pytest.mark.parametrize("email", [ABSENT, None, ""])
def test_a_person_without_email_is_refused_with_that_reason(email: object) -> None:
    refusal = refusal_of(email=email)
    assert refusal.spec is errors.EMAIL_MISSING
    assert refusal.debug == "email: missing"


@pytest.mark.parametrize(
    "email",
    [
        "exemple.fr",
        "@exemple.fr",
        "a@",
        "a@exemple",
        "a@localhost",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a b@exemple.fr",
        "a@exem ple.fr",
        "a@@exemple.fr",
        "a@b@exemple.fr",
        ".a@exemple.fr",
        "a.@exemple.fr",
        "a..b@exemple.fr",
        '"a b"@exemple.fr',
        "a@exemple..fr",
        "a@.fr",
        "a@exemple.fr.",
        "a@-exemple.fr",
        "a@exemple-.fr",
        "a@exemple.fr\n",
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "Ange <a@exemple.fr>",
        "a@exemple.fr,b@exemple.fr",
        "angèle@exemple.fr",
        "a@\ud800.fr",
        "l" * 65 + "@exemple.fr",
        "a@" + "d" * 64 + ".fr",
        "a@" + "d." * 126 + "fr",
        7,
        ["a@exemple.fr"],
    ],
)
def test_an_email_that_no_message_can_reach_is_refused(email: object) -> None:
    refusal = refusal_of(email=email)
    assert refusal.spec is errors.EMAIL_MISSING
    assert refusal.debug == "email: not an e-mail address"


# Nothing personal in what may be logged


@pytest.mark.parametrize("field", [*ANGELE, "preferred_username"])
def test_a_refusal_names_the_field_and_never_the_value(field: str) -> None:
    refusal = refusal_of(**{field: "\x00Canari-7Q\x00"})
    assert "Canari" not in f"{refusal!r} {refusal} {refusal.debug}"
    assert refusal.__cause__ is None
    assert refusal.__context__ is None


def test_an_identity_never_prints_itself() -> None:
    identity = parse()
    printed = f"{identity!r} {identity} {identity.pivot!r} {identity.pivot}"
    for value in ANGELE.values():
        assert str(value) not in printed


fields = st.sampled_from([*ANGELE, "preferred_username"])
json_values: st.SearchStrategy[object] = st.one_of(
    st.sampled_from([None, True, 0, 1.5, [], {}]), st.text(max_size=12)
)


@sweep
@given(st.dictionaries(fields, json_values, min_size=1, max_size=3))
def test_any_json_is_an_identity_or_a_coded_refusal(changes: dict[str, object]) -> None:
    try:
        identity = parse(**changes)
    except errors.ProtocolError as failure:
        outcome: object = failure.spec
    else:
        outcome = pivot.from_bytes(pivot.to_bytes(identity)) == identity
    assert outcome in (True, errors.IDENTITY_MALFORMED, errors.EMAIL_MISSING)


# Sealing


@pytest.mark.parametrize("changes", PERSONAS.values(), ids=PERSONAS.keys())
def test_an_identity_survives_its_bytes(changes: dict[str, object]) -> None:
    identity = parse(**changes)
    assert pivot.from_bytes(pivot.to_bytes(identity)) == identity


def test_bytes_are_compact_json_in_utf_8() -> None:
    plaintext = pivot.to_bytes(parse())
    assert '"given_name":"Angèle Zoé"'.encode() in plaintext
    assert len(plaintext) < 300
