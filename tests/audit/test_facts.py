"""The format of each fact, and what cannot be smuggled into one."""

from enum import StrEnum
from uuid import UUID, uuid4

import pytest

from apps.audit.facts import VOCABULARY, Fact, FactError, parse

SIGN_IN = UUID("11111111-2222-4333-8444-555555555555")
FREE_TEXTS = {"sp_name", "idp_label"}
TEXTS = [name for name, spec in VOCABULARY.items() if spec.pattern]

GOOD: list[tuple[str, Fact]] = [
    ("sign_in", SIGN_IN),
    ("sp", "mairie-de-saint-exemple"),
    ("sp_name", "Mairie de Saint-Exemple"),
    ("sp_type", "private"),
    ("sp_acr", "eidas1"),
    ("idp", "impots"),
    ("idp_label", "Impôts – bac à sable"),
    ("is_sso", False),
    ("browsing_session", "Q2xlZi1kZS1zZXNzaW9u_-"),
    ("account", SIGN_IN),
    ("claims", "given_name family_name birthdate"),
    ("code", "Y020022"),
    ("slug", "unknown-client"),
    ("ip", "2001:db8::17"),
    ("ip", "192.0.2.17"),
    ("port", 65535),
    ("actor", "camille.durand"),
    ("object", "service_provider:mairie-de-saint-exemple"),
    ("fields", "redirect_uris token_endpoint_auth_method"),
]

BAD: list[tuple[str, Fact]] = [
    ("sign_in", str(SIGN_IN)),
    ("sp", "a b"),
    ("sp", ""),
    ("sp_name", "Mairie\r\nde Saint-Exemple"),
    ("sp_type", "secret"),
    ("sp_acr", "eidas4"),
    ("is_sso", "yes"),
    ("is_sso", 1),
    ("account", "angele"),
    ("claims", "given_name=Angèle"),
    ("claims", "given_name  family_name"),
    ("code", "Y02002"),
    ("ip", "192.0.2.300"),
    ("ip", "localhost"),
    ("port", 0),
    ("port", 65536),
    ("port", True),
    ("port", "443"),
    ("object", "mairie"),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_well_formed_fact_is_kept_as_it_is(name: str, value: Fact) -> None:
    assert parse(name, value) == value


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_malformed_fact_is_refused_without_repeating_it(name: str, value: Fact) -> None:
    with pytest.raises(FactError) as refusal:
        parse(name, value)

    assert name in str(refusal.value)
    assert value == "" or f"{value}" not in str(refusal.value)


@pytest.mark.parametrize("name", sorted(set(TEXTS) - FREE_TEXTS))
@pytest.mark.parametrize("identity", ["angele.dubois@example.fr", "Angèle Claire DUBOIS"])
def test_no_fact_but_a_partner_s_name_has_room_for_a_name_or_an_e_mail(
    name: str, identity: str
) -> None:
    with pytest.raises(FactError):
        parse(name, identity)


def test_a_uuid_fits_where_a_token_does_and_becomes_text() -> None:
    session = uuid4()

    assert parse("browsing_session", session) == str(session)


def test_a_member_of_a_closed_set_becomes_plain_text() -> None:
    class Acr(StrEnum):
        EIDAS1 = "eidas1"

    assert type(parse("acr", Acr.EIDAS1)) is str
