"""Partner files of services: RFC 7591's names, FranceConnect's defaults, secrets kept."""

import json
from typing import Any

import pytest

from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.partner_files import PartnerFileError, summary
from apps.service_providers.importing import FIELDS, ServiceChange, import_text
from apps.service_providers.models import NOBODY_ACCEPTED, ServiceProvider

pytestmark = pytest.mark.django_db

SECRET = "s" * 43
CALLBACK = "https://mairie.example/callback"
CLOSED = NOBODY_ACCEPTED.replace("\u202f", " ")


def an_entry(client_id: str = "mairie", **changes: Any) -> dict[str, Any]:
    entry = {
        "client_id": client_id,
        "client_secret": SECRET,
        "client_name": "Mairie de Saint-Exemple",
        "redirect_uris": [CALLBACK],
    }
    return {**entry, **changes}


def import_one(**changes: Any) -> ServiceChange:
    (change,) = import_text(json.dumps(an_entry(**changes)))
    return change


def faults_of(*entries: object) -> list[str]:
    with pytest.raises(PartnerFileError) as refusal:
        import_text(json.dumps(list(entries)))
    assert ServiceProvider.objects.count() == 0
    return [fault.replace("\u202f", " ") for fault in refusal.value.faults]


@pytest.fixture
def impots() -> IdentityProvider:
    return IdentityProvider.objects.create(
        uid="impots", name="impots", title="Impôts", issuer="https://impots.example", client_id="x"
    )


def test_a_minimal_entry_takes_franceconnects_policy() -> None:
    import_one()
    row = ServiceProvider.objects.get()
    assert row.relaxations == []
    assert (row.kind, row.active, row.identity_consent) == ("public", True, False)
    assert row.scopes == ["openid"]
    assert row.token_endpoint_auth_method == "client_secret_post"
    assert row.id_token_signed_response_alg == row.userinfo_signed_response_alg == "ES256"
    assert row.has_secret(SECRET)


def test_every_field_of_the_table_is_kept(impots: IdentityProvider) -> None:
    values: dict[str, Any] = {
        "organisation": "Commune de Saint-Exemple",
        "client_uri": "https://mairie.example/",
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": "RS256",
        "userinfo_signed_response_alg": None,
        "entity_id": "commune",
        "idp_filter_mode": "only",
        "idp_filter": ["impots"],
        "claims": ["amr"],
        "identity_consent": True,
        "acr_values": ["eidas1", "eidas2"],
        "default_acr": "eidas2",
        "acr_required": False,
        "nonce_policy": "optional",
        "pkce_required": True,
        "allowed_prompts": ["none", "login"],
        "allowed_idp_hints": ["impots"],
        "consent_mode": "remembered",
        "age_minimum": 18,
        "active": False,
        "is_conformance": True,
    }
    import_one(
        **values,
        type="private",
        scope="openid email",
        post_logout_redirect_uris="https://mairie.example/a https://mairie.example/b",
        grant_types=["authorization_code"],
        response_types=["code"],
    )
    row = ServiceProvider.objects.get()
    assert {name: getattr(row, name) for name in values} == values
    assert (row.kind, row.scopes) == ("private", ["openid", "email"])
    assert row.post_logout_redirect_uri_list == {
        "https://mairie.example/a",
        "https://mairie.example/b",
    }
    others = {"type", "scope", "post_logout_redirect_uris", "grant_types", "response_types"}
    assert set(values) | others | set(an_entry()) == {spec.name for spec in FIELDS}


def test_name_and_scopes_are_aliases() -> None:
    entry = an_entry(name="Mairie", scopes=["openid", "email"])
    del entry["client_name"]
    import_text(json.dumps(entry))
    row = ServiceProvider.objects.get()
    assert (row.name, row.scopes) == ("Mairie", ["openid", "email"])


def test_a_name_and_its_alias_together_are_refused() -> None:
    assert faults_of(an_entry(scope="openid", scopes=["openid"])) == [
        "Entrée 1 (mairie) : scopes : fait double emploi avec scope."
    ]


def test_redirect_uris_may_be_one_text() -> None:
    import_one(redirect_uris=f"{CALLBACK} https://mairie.example/autre")
    assert ServiceProvider.objects.get().redirect_uri_list == {
        CALLBACK,
        "https://mairie.example/autre",
    }


def test_a_secret_is_issued_once_when_the_file_gives_none() -> None:
    entry = an_entry()
    del entry["client_secret"]
    (change,) = import_text(json.dumps(entry))
    assert len(change.issued_secret) == 43
    assert ServiceProvider.objects.get().has_secret(change.issued_secret)
    (again,) = import_text(json.dumps(entry))
    assert again.issued_secret == ""
    assert again.fields == ()
    assert ServiceProvider.objects.get().has_secret(change.issued_secret)


def test_a_secret_given_again_replaces_the_former() -> None:
    import_one()
    change = import_one(client_secret="t" * 43)
    assert change.fields == ("client_secret",)
    assert change.replaced_secret
    row = ServiceProvider.objects.get()
    assert row.has_secret("t" * 43)
    assert not row.has_secret(SECRET)


def test_the_same_file_twice_changes_nothing() -> None:
    import_one()
    before = ServiceProvider.objects.get().updated
    change = import_one()
    assert summary([change]) == "0 créé, 0 modifié, 1 inchangé"
    assert ServiceProvider.objects.get().updated == before


def test_null_means_plain_json_and_absence_means_signed() -> None:
    import_one(userinfo_signed_response_alg=None)
    assert ServiceProvider.objects.get().userinfo_signed_response_alg is None
    import_one(client_id="region")
    assert ServiceProvider.objects.get(client_id="region").userinfo_signed_response_alg == "ES256"


def test_a_private_service_asks_for_consent_unless_told_otherwise() -> None:
    import_one(client_id="a", type="private")
    import_one(client_id="b", type="private", identity_consent=False)
    assert ServiceProvider.objects.get(client_id="a").identity_consent
    assert not ServiceProvider.objects.get(client_id="b").identity_consent


def test_a_service_that_becomes_private_asks_for_consent() -> None:
    import_one()
    change = import_one(type="private")
    assert set(change.fields) == {"kind", "identity_consent"}
    assert ServiceProvider.objects.get().identity_consent


def test_the_default_level_is_the_lowest_served() -> None:
    import_one(acr_values="eidas3 eidas2")
    assert ServiceProvider.objects.get().default_acr == "eidas2"


@pytest.mark.parametrize(
    ("changes", "relaxed"),
    [
        ({}, set()),
        ({"nonce_policy": "optional"}, {"nonce_policy"}),
        ({"acr_required": False}, {"acr_required"}),
        ({"allowed_prompts": ["none"]}, {"allowed_prompts"}),
        ({"consent_mode": "remembered"}, {"consent_mode"}),
        ({"userinfo_signed_response_alg": None}, {"userinfo_signed_response_alg"}),
        ({"id_token_signed_response_alg": "HS256"}, {"id_token_signed_response_alg"}),
        (
            {"id_token_signed_response_alg": "HS256", "userinfo_signed_response_alg": "HS256"},
            {"id_token_signed_response_alg", "userinfo_signed_response_alg"},
        ),
        ({"type": "private", "identity_consent": False}, {"identity_consent"}),
        ({"type": "private"}, set()),
        ({"pkce_required": True}, set()),
    ],
)
def test_a_laxer_policy_names_its_fields(changes: dict[str, Any], relaxed: set[str]) -> None:
    assert import_one(**changes).relaxed == relaxed
    assert import_one(client_id="autre").relaxed == frozenset()


def test_a_relaxation_that_was_there_is_not_new() -> None:
    import_one(nonce_policy="optional")
    assert import_one(nonce_policy="optional", organisation="Commune").relaxed == frozenset()
    assert import_one(nonce_policy="optional", acr_required=False).relaxed == {"acr_required"}
    assert import_one(nonce_policy="required_min22", acr_required=True).relaxed == frozenset()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"redirect_uris": "callback"}, "redirect_uris : l’adresse doit commencer par https:// ou http://."),
        ({"redirect_uris": ["https://mairie.example/*"]}, "redirect_uris : ni fragment, ni joker, ni identifiant dans une adresse."),
        ({"redirect_uris": ["https://mairie.example/#x"]}, "redirect_uris : ni fragment, ni joker, ni identifiant dans une adresse."),
        ({"redirect_uris": []}, "redirect_uris : champ obligatoire à la création."),
        ({"grant_types": ["implicit"]}, "grant_types : valeur inconnue ; attendu : authorization_code."),
        ({"response_types": ["code id_token"]}, "response_types : élément vide, ou qui contient un espace."),
        ({"response_types": "token"}, "response_types : valeur inconnue ; attendu : code."),
        ({"id_token_signed_response_alg": "RS512"}, "id_token_signed_response_alg : valeur inconnue ; attendu : ES256, RS256, HS256."),
        ({"id_token_signed_response_alg": None}, "id_token_signed_response_alg : ne peut pas être null."),
        ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method : valeur inconnue ; attendu : client_secret_post, client_secret_basic."),
        ({"type": "associatif"}, "type : valeur inconnue ; attendu : public, private."),
        ({"scope": "email"}, "scope : doit contenir openid."),
        ({"idp_filter": ["inconnu"]}, "idp_filter : fournisseur d’identité inconnu : inconnu."),
        ({"idp_filter_mode": "only"}, f"idp_filter : {CLOSED}"),
        ({"idp_filter_mode": "only", "idp_filter": []}, f"idp_filter : {CLOSED}"),
        ({"allowed_idp_hints": ["inconnu"]}, "allowed_idp_hints : fournisseur d’identité inconnu : inconnu."),
        ({"allowed_prompts": ["register"]}, "allowed_prompts : valeur inconnue ; attendu : consent, login, none, select_account."),
        ({"redirect_uri": CALLBACK}, "champ inconnu « redirect_uri » (vouliez-vous dire redirect_uris ?)."),
        ({"jwks_uri": "https://mairie.example/jwks"}, "champ inconnu « jwks_uri »."),
        ({"client_secret": "court", "id_token_signed_response_alg": "HS256"}, "client_secret : HS256 demande un secret d’au moins 32 caractères."),
        ({"age_minimum": -1}, "age_minimum : doit être un entier de 0 à 32767."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_clear_line(changes: dict[str, Any], fault: str) -> None:
    assert faults_of(an_entry(**changes)) == [f"Entrée 1 (mairie) : {fault}"]


def test_an_unknown_scope_is_refused() -> None:
    (fault,) = faults_of(an_entry(scope="openid revenus"))
    assert "revenus" in fault


def test_a_default_level_that_is_not_served_is_refused() -> None:
    (fault,) = faults_of(an_entry(acr_values=["eidas2"], default_acr="eidas1"))
    assert "niveau par défaut" in fault


def test_an_emptied_secret_is_refused() -> None:
    import_one()
    with pytest.raises(PartnerFileError):
        import_text('{"client_id": "mairie", "client_secret": ""}')
    assert ServiceProvider.objects.get().has_secret(SECRET)


def test_half_bad_files_write_nothing() -> None:
    assert len(faults_of(an_entry("a"), an_entry("b", scope="x"), an_entry("c"))) == 2


def test_a_hundred_entries_are_read_in_order() -> None:
    changes = import_text(json.dumps([an_entry(f"service-{i}") for i in range(100)]))
    assert [change.key for change in changes] == [f"service-{i}" for i in range(100)]
    assert ServiceProvider.objects.count() == 100
