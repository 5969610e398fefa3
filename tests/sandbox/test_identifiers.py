"""What a person may type to say which account is theirs."""

import pytest

from apps.sandbox.identity_provider import identifiers
from apps.sandbox.identity_provider.identifiers import IdentifierError


@pytest.mark.parametrize(
    "typed",
    ["00 01 123 456 789 C", "0001123456789", "00.01.123.456.789", "00\u00a001\u202f123 456 789c "],
)
def test_a_tax_number_is_read_in_every_writing(typed: str) -> None:
    assert identifiers.parse_tax_number(typed) == "0001123456789"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("000112345678", "13 chiffres attendus, vous en avez saisi 12."),
        ("00011234567890", "13 chiffres attendus, vous en avez saisi 14."),
        ("A001123456789", "Le numéro fiscal ne contient que des chiffres."),
        ("", "Le numéro fiscal ne contient que des chiffres."),
    ],
)
def test_a_wrong_tax_number_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(IdentifierError, match=sentence.replace(".", r"\.")):
        identifiers.parse_tax_number(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1 48 05 99 999 356", "1480599999356"),
        ("1 48 05 99 999 356 84", "1480599999356"),
        ("1-77-12-2a-004-917-57", "177122A004917"),
    ],
)
def test_a_social_security_number_is_read_with_or_without_its_key(typed: str, number: str) -> None:
    assert identifiers.parse_social_security_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["1480599999356 85", "14805999993", "9480599999356", "148A599999356", "17712 2C 004917"],
)
def test_a_wrong_social_security_number_is_refused(typed: str) -> None:
    with pytest.raises(IdentifierError):
        identifiers.parse_social_security_number(typed)


@pytest.mark.parametrize(
    ("number", "key"), [("1480599999356", "84"), ("177122A004917", "57"), ("177122B004917", "84")]
)
def test_the_key_counts_corsica_as_19_and_18(number: str, key: str) -> None:
    corsica = number.replace("2A", "19").replace("2B", "18")
    assert identifiers.nir_key(number) == key
    assert (int(corsica) + int(key)) % 97 == 0


def test_an_address_is_read_in_lower_case() -> None:
    assert identifiers.parse_email(" Rita.Usage@Example.ORG ") == "rita.usage@example.org"
    for typed in ("rita", "rita@", "a b@example.org", "rita\0@example.org", "r@example"):
        with pytest.raises(IdentifierError):
            identifiers.parse_email(typed)
