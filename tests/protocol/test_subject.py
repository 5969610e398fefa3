"""The identity hash and the pairwise `sub`: one person, one organisation, no way back."""

import hashlib
import hmac
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol import subject
from apps.protocol.pivot import PivotIdentity, normalise

KEY = b"k" * 32
SECRET = b"s" * 32
ZOE = PivotIdentity(
    given_name="Zoé Anne",
    family_name="LEFÈVRE",
    birthdate="1990-02-01",
    gender="female",
    birthplace="35238",
    birthcountry="99100",
)
HASH_OF_ZOE = "5d00c9837f9a67316241937ba76d2c18d1bd429a94326acabbe3631608ff23e7"
SUB_OF_ZOE = "b0561e73ad51cb83f9a02f6a1993a176fae7935eeecf8205d2f981e717a9d257v1"
sweep = settings(max_examples=150, derandomize=True, database=None, deadline=None)


def hash_of(**changes: str) -> str:
    return subject.identity_hash(replace(ZOE, **changes), key=KEY)


def sub_of(entity_id: str = "mairie", identity_hash: str = "0" * 64, secret: bytes = SECRET) -> str:
    return subject.pairwise_sub(entity_id=entity_id, identity_hash=identity_hash, secret=secret)


def test_the_hash_is_64_hexadecimal_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", hash_of())


def test_the_hash_is_an_hmac_of_framed_normalised_fields() -> None:
    fields = ["franceconnect identity_hash v1", "ZOE ANNE", "LEFEVRE", "1990-02-01", "female"]
    message = b"".join(
        len(field).to_bytes(4, "big") + field.encode() for field in [*fields, "35238", "99100"]
    )
    assert hash_of() == hmac.new(KEY, message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": "ZOE ANNE"},
        {"given_name": "Zoe\u0301-Anne"},
        {"family_name": "Lefevre"},
        {"given_name": "zoé\u00a0anne", "family_name": "lefèvre"},
    ],
)
def test_S145_spellings_of_one_person_from_two_identity_providers_give_one_hash(
    changes: dict[str, str],
) -> None:
    assert hash_of(**changes) == hash_of()


def test_presumed_dates_and_their_first_day_give_one_hash() -> None:
    assert hash_of(birthdate="1992-11-00") == hash_of(birthdate="1992-11-01")
    assert hash_of(birthdate="1992-00-00") == hash_of(birthdate="1992-01-01")
    assert hash_of(birthdate="1992-11-00") != hash_of(birthdate="1992-11-02")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "Zoé"),
        ("given_name", "Anne Zoé"),
        ("family_name", "LEFÈVRES"),
        ("birthdate", "1990-01-02"),
        ("gender", "unspecified"),
        ("birthplace", "35239"),
        ("birthplace", ""),
        ("birthcountry", "99101"),
    ],
)
def test_every_field_of_the_pivot_identity_counts(field: str, value: str) -> None:
    assert hash_of(**{field: value}) != hash_of()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("MARIE ANNE", "X"), ("MARIE", "ANNE X")),
        (("MARIE ANNE", "X"), ("MARIE", "ANNEX")),
        (("MARIE", "ANNE"), ("MARIEANNE", "")),
        (("A|B", "C"), ("A", "B|C")),
        (("A\0B", "C"), ("A", "B\0C")),
        (("A\0\0\0\1B", "C"), ("A", "\0\0\0\1BC")),
        (("MARIE", "ANNE"), ("ANNE", "MARIE")),
    ],
)
def test_S147_a_boundary_between_fields_never_moves(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert hash_of(given_name=one[0], family_name=one[1]) != hash_of(
        given_name=other[0], family_name=other[1]
    )


def test_S147_an_empty_birthplace_does_not_shift_the_country() -> None:
    assert hash_of(birthplace="", birthcountry="99352") != hash_of(
        birthplace="99352", birthcountry=""
    )


names = st.text(alphabet="AB '-é", max_size=5)
people = st.builds(
    PivotIdentity,
    given_name=names,
    family_name=names,
    birthdate=st.sampled_from(["1992-11-00", "1992-11-01", "1992-01-11"]),
    gender=st.sampled_from(["male", "female"]),
    birthplace=st.sampled_from(["", "2A004"]),
    birthcountry=st.sampled_from(["99100", "99352"]),
)


@sweep
@given(people, people)
def test_S147_two_hashes_are_equal_exactly_when_the_normalised_identities_are(
    one: PivotIdentity, other: PivotIdentity
) -> None:
    same_hash = subject.identity_hash(one, key=KEY) == subject.identity_hash(other, key=KEY)
    assert same_hash == (normalise(one) == normalise(other))


def test_S107_the_hash_cannot_be_computed_without_the_key() -> None:
    assert subject.identity_hash(ZOE, key=b"x" * 32) != hash_of()


def test_the_sub_is_64_hexadecimal_digits_and_its_version() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}v1", sub_of())


def test_the_sub_is_stable_for_one_person_and_one_organisation() -> None:
    assert sub_of() == sub_of()


@pytest.mark.parametrize(
    "changes",
    [{"entity_id": "region"}, {"identity_hash": "1" * 64}, {"secret": b"z" * 32}],
)
def test_S107_the_sub_depends_on_the_organisation_the_person_and_the_secret(
    changes: dict[str, str | bytes],
) -> None:
    arguments: dict[str, str | bytes] = {"entity_id": "mairie", "identity_hash": "0" * 64}
    assert sub_of(**{**arguments, **changes}) != sub_of()  # type: ignore[arg-type]


def test_the_boundary_between_organisation_and_person_never_moves() -> None:
    assert sub_of("mairie1", "2") != sub_of("mairie", "12")


def test_the_same_key_gives_unrelated_hash_and_sub() -> None:
    assert hash_of() + "v1" != sub_of(secret=KEY)


def test_the_formula_of_version_1_never_changes() -> None:
    assert hash_of() == HASH_OF_ZOE
    assert sub_of("mairie", HASH_OF_ZOE) == SUB_OF_ZOE


@pytest.mark.parametrize("key", [b"", b"short", b"k" * 31])
def test_a_key_too_short_to_protect_anybody_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        subject.identity_hash(ZOE, key=key)
    with pytest.raises(ValueError, match="32 bytes"):
        sub_of(secret=key)


@pytest.mark.parametrize(("entity_id", "identity_hash"), [("", "0" * 64), ("mairie", "")])
def test_a_sub_for_no_organisation_or_no_person_is_refused(
    entity_id: str, identity_hash: str
) -> None:
    with pytest.raises(ValueError, match="entity_id"):
        sub_of(entity_id, identity_hash)
