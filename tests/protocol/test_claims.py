"""The table of claims, and what the information page reads from it."""

import pytest

from apps.protocol.claims import CLAIMS, JsonType, LabelGroup, Source, labels_for, supported
from apps.protocol.scopes import REGISTER_CLAIMS, parse_scope

IDENTITY = (
    "Nom de naissance",
    "Nom d’usage",
    "Prénom(s)",
    "Sexe",
    "Date de naissance",
    "Lieu de naissance",
    "Pays de naissance",
    "Adresse email",
)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("openid profile birth email", IDENTITY),
        ("email birth profile openid", IDENTITY),
        ("openid profile", IDENTITY[:5]),
        ("openid birth", IDENTITY[5:7]),
        ("openid identite_pivot", (IDENTITY[0], *IDENTITY[2:7])),
        ("openid identite_pivot given_name birthdate", (IDENTITY[0], *IDENTITY[2:7])),
        ("openid idp_birthdate", ("Date de naissance",)),
        ("openid birthdate idp_birthdate idp_id", ("Date de naissance",)),
        ("openid given_name", ("Prénom(s)",)),
    ],
)
def test_identity_labels_are_named_once_in_the_order_of_the_page(
    text: str, labels: tuple[str, ...]
) -> None:
    assert labels_for(parse_scope(text)) == (LabelGroup("Depuis FranceConnect", labels),)


def test_an_anonymous_request_has_no_label_at_all() -> None:
    assert labels_for(parse_scope("openid")) == ()


def test_labels_are_grouped_by_source_identity_first() -> None:
    asked = parse_scope("cnam_caisse dgfip_pac_nbPac openid dgfip_rfr dgfip_nbpac email")
    assert labels_for(asked) == (
        LabelGroup("Depuis FranceConnect", ("Adresse email",)),
        LabelGroup(
            "Depuis la Direction générale des Finances publiques",
            ("Revenu fiscal de référence", "Nombre de personnes à charge"),
        ),
        LabelGroup("Depuis la Caisse nationale de l’assurance maladie", ("Caisse gestionnaire",)),
    )


def test_a_request_for_data_alone_names_no_identity() -> None:
    (group,) = labels_for(parse_scope("openid mi_siv_carte_grise"))
    assert group.heading == "Depuis le Ministère de l’Intérieur"
    assert group.labels == ("Carte grise\u202f: titulaire et véhicule",)


@pytest.mark.parametrize("name", ["sub", "acr", "amr", "auth_time", "iss", "birthplace", "idp_id"])
def test_every_claim_we_deliver_is_announced(name: str) -> None:
    assert name in supported(register_apart=False)


def test_the_register_s_word_is_announced_where_it_is_given_apart() -> None:
    apart = {name for name, claim in CLAIMS.items() if claim.source is Source.REGISTER}
    assert apart == REGISTER_CLAIMS
    assert len(apart) == 7
    announced = supported(register_apart=True)
    assert set(announced) - set(supported(register_apart=False)) == apart
    assert announced == tuple(CLAIMS)


def test_each_claim_is_declared_once_and_fully_described() -> None:
    assert len(CLAIMS) == 27
    for name, claim in CLAIMS.items():
        assert claim.name == name
        assert claim.format
        assert claim.description


def test_only_claims_of_the_person_are_ever_displayed() -> None:
    for claim in CLAIMS.values():
        assert claim.source is not Source.COMPUTED or not claim.label


def test_json_types_are_those_of_the_wire() -> None:
    arrays = {name for name, claim in CLAIMS.items() if claim.json_type is JsonType.ARRAY}
    numbers = {name for name, claim in CLAIMS.items() if claim.json_type is JsonType.NUMBER}
    assert arrays == {"given_name_array", "rnipp_given_name_array", "amr"}
    assert numbers == {"auth_time", "iat", "exp"}
