"""What each scope gives, and what it does not."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol import scopes
from apps.protocol.claims import CLAIMS, displayed, labels_for
from apps.protocol.scopes import DATA_PROVIDER_SCOPES, SCOPES, DataProvider

KNOWN = [*SCOPES, *DATA_PROVIDER_SCOPES]
sweep = settings(max_examples=60, derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openid", ("openid",)),
        ("email openid", ("email", "openid")),
        ("openid openid email", ("openid", "email")),
        ("openid address phone offline_access email", ("openid", "email")),
        ("openid dgfip_rfr", ("openid", "dgfip_rfr")),
        ("openid  email ", ("openid", "email")),
        ("OPENID Email", ()),
        ("openid,email", ()),
        ("", ()),
    ],
)
def test_known_scopes_are_read_in_their_order_and_unknown_ones_ignored(
    text: str, expected: tuple[str, ...]
) -> None:
    assert scopes.parse_scope(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openid", "sub"),
        ("profile", "given_name given_name_array family_name birthdate gender preferred_username"),
        ("birth", "birthplace birthcountry"),
        (
            "identite_pivot",
            "given_name given_name_array family_name birthdate gender birthplace birthcountry",
        ),
        ("given_name", "given_name given_name_array"),
        ("family_name gender", "family_name gender"),
        ("birthdate birthplace birthcountry", "birthdate birthplace birthcountry"),
        ("email preferred_username", "email preferred_username"),
        ("idp_birthdate idp_id", "idp_birthdate idp_id"),
        ("openid email", "sub email"),
        ("amr", ""),
        ("rnipp_given_name", "given_name rnipp_given_name rnipp_given_name_array"),
        ("rnipp_birthplace", "birthplace rnipp_birthplace"),
        (
            "rnipp_birth",
            "birthplace birthcountry rnipp_birthplace rnipp_birthcountry",
        ),
        (
            "rnipp_profile",
            "given_name family_name birthdate gender preferred_username rnipp_given_name "
            "rnipp_given_name_array rnipp_family_name rnipp_birthdate rnipp_gender",
        ),
        (
            "rnipp_identite_pivot",
            "given_name family_name birthdate gender birthplace birthcountry rnipp_given_name "
            "rnipp_given_name_array rnipp_family_name rnipp_birthdate rnipp_gender "
            "rnipp_birthplace rnipp_birthcountry",
        ),
        ("openid dgfip_rfr cnous_email", "sub"),
    ],
)
def test_scopes_open_exactly_their_claims(text: str, expected: str) -> None:
    assert scopes.granted_claims(scopes.parse_scope(text)) == frozenset(expected.split())


def test_a_scope_that_is_unknown_opens_nothing() -> None:
    assert scopes.granted_claims(["address", "constructor", ""]) == frozenset()


def test_every_claim_of_a_scope_is_in_the_table_of_claims() -> None:
    assert frozenset().union(*SCOPES.values()) <= CLAIMS.keys()


def test_only_scopes_that_return_something_are_announced() -> None:
    announced = scopes.supported(register_apart=True)
    assert set(SCOPES) - set(announced) == {"amr"}
    assert announced[0] == "openid"
    assert not set(announced) & set(DATA_PROVIDER_SCOPES)


def test_the_register_s_scopes_are_announced_where_its_word_is_given_apart() -> None:
    apart = set(scopes.supported(register_apart=True)) - set(scopes.supported(register_apart=False))
    assert apart == scopes.REGISTER_SCOPES.keys()
    assert {name for name in SCOPES if name.startswith("rnipp_")} == apart


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openid", True),
        ("openid amr", True),
        ("openid idp_id", True),
        ("", True),
        ("openid email", False),
        ("openid preferred_username", False),
        ("openid idp_birthdate", False),
        ("openid rnipp_birth", False),
        ("openid dgfip_rfr", False),
    ],
)
def test_a_request_is_anonymous_when_it_learns_nothing_of_the_person(
    text: str, expected: bool
) -> None:
    assert scopes.is_anonymous(scopes.parse_scope(text)) is expected


@sweep
@given(st.lists(st.sampled_from(KNOWN)))
def test_S156_a_request_is_anonymous_exactly_when_the_page_has_nothing_to_name(
    asked: list[str],
) -> None:
    assert scopes.is_anonymous(asked) == (labels_for(asked) == ())


@sweep
@given(st.sets(st.sampled_from(list(SCOPES))))
def test_S156_whatever_a_service_learns_of_the_person_is_named_on_the_page(asked: set[str]) -> None:
    granted = scopes.granted_claims(asked)
    named = {claim.label for claim in displayed(asked)}
    learnt = {CLAIMS[name].label for name in granted} - {""}
    assert named == learnt
    assert granted - {name for name in granted if CLAIMS[name].label} <= {
        "sub",
        "idp_id",
        "given_name_array",
        "rnipp_given_name_array",
    }


def test_the_data_scopes_of_each_provider_are_all_there() -> None:
    assert Counter(scope.provider.name for scope in DATA_PROVIDER_SCOPES.values()) == {
        "DGFIP": 44,
        "CNAM": 8,
        "CNOUS": 7,
        "MESRI": 6,
        "MI": 1,
        "FT": 2,
        "CNAF_MSA": 10,
        "DSS": 1,
        "DSNJ": 1,
        "ANTS": 5,
        "ASC": 4,
    }


@pytest.mark.parametrize(
    "name",
    [
        "dgfip_annee_n_moins_2_si_indispo_n_moins_1",
        "dgfip_pac_nbPac",
        "dgfip_dateNaisDec2",
        "dgfip_locaux_th_Aff",
        "dgfip_RevDecl_Cat1_Tspr",
        "dgfip_RevNets_Cat5_NonSal",
        "api_fc-liste-paiementsv1",
        "ants_extrait_immatriculation_vehicule_caracteristiques_techniques_vehicule",
        "gip_mds_service_civique_dates",
    ],
)
def test_the_names_of_data_scopes_are_those_of_the_wire(name: str) -> None:
    assert name in DATA_PROVIDER_SCOPES


def test_no_scope_is_both_ours_and_a_data_provider_s() -> None:
    assert not set(SCOPES) & set(DATA_PROVIDER_SCOPES)


def test_every_data_scope_has_a_french_label_in_french_typography() -> None:
    for scope in DATA_PROVIDER_SCOPES.values():
        assert scope.label
        assert "'" not in scope.label
        assert " :" not in scope.label


def test_headings_agree_with_the_gender_of_the_administration() -> None:
    assert DataProvider.CNOUS.heading.startswith("Depuis le Centre national")
    assert DataProvider.ANTS.heading == "Depuis l’Agence Nationale des Titres Sécurisés"
    assert DataProvider.FT.heading == "Depuis France Travail"
    assert DataProvider.FT.label == "France Travail"
