"""Partner files of identity providers: what they may say, and what happens when they are wrong."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.identity_providers.importing import FIELDS, import_text
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.partner_files import PartnerFileError, summary

pytestmark = pytest.mark.django_db

SECRET = "un-secret-partage-de-plus-de-32-caracteres"


def an_entry(uid: str = "impots", **changes: Any) -> dict[str, Any]:
    entry = {
        "uid": uid,
        "issuer": f"https://{uid}.example",
        "client_id": "franceconnect",
        "client_secret": SECRET,
    }
    return {**entry, **changes}


def faults_of(*entries: object) -> list[str]:
    with pytest.raises(PartnerFileError) as refusal:
        import_text(json.dumps(list(entries)))
    assert IdentityProvider.objects.count() == 0
    return [fault.replace("\u202f", " ") for fault in refusal.value.faults]


def test_a_minimal_entry_takes_the_defaults() -> None:
    import_text(json.dumps(an_entry()))
    row = IdentityProvider.objects.get()
    assert (row.uid, row.name, row.title) == ("impots", "impots", "impots")
    assert row.client_secret == SECRET
    assert row.uses_discovery
    assert row.token_endpoint_auth_method == "client_secret_post"
    assert row.id_token_signed_response_alg == "ES256"
    assert row.userinfo_signed_response_alg is None
    assert (row.allowed_acr, row.amr, row.order) == (["eidas1"], ["pwd"], 100)
    assert (row.active, row.display, row.is_beta) == (True, True, False)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(an_entry()),
        json.dumps([an_entry()]),
        json.dumps({"identity_providers": [an_entry()]}),
        f"identity_providers:\n- uid: impots\n  issuer: https://impots.example\n"
        f"  client_id: franceconnect\n  client_secret: {SECRET}\n",
        f"uid: impots\nissuer: https://impots.example\nclient_id: franceconnect\n"
        f"client_secret: '{SECRET}'\n",
    ],
    ids=["one object", "a list", "a collection", "YAML collection", "YAML object"],
)
def test_json_and_yaml_are_read_in_each_shape(text: str) -> None:
    assert len(import_text(text)) == 1
    assert IdentityProvider.objects.get().issuer == "https://impots.example"


def test_every_field_of_the_table_is_kept() -> None:
    values = {
        "name": "dgfip",
        "title": "Impôts – bac à sable",
        "authorization_endpoint": "https://impots.example/authorize",
        "token_endpoint": "https://impots.example/token",
        "userinfo_endpoint": "https://impots.example/userinfo",
        "jwks_uri": "https://impots.example/jwks",
        "end_session_endpoint": "https://impots.example/logout",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "RS256",
        "id_token_encrypted_response_alg": "RSA-OAEP-256",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "ES256",
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A256GCM",
        "scope": "openid profile",
        "allowed_acr": ["eidas1", "eidas2"],
        "amr": ["pwd", "otp"],
        "trusted_identity": True,
        "order": 7,
        "active": False,
        "display": False,
        "is_beta": True,
        "message": "Disponible prochainement",
        "hint": "numéro fiscal",
        "pictogram": "franceconnect/pictograms/impots.svg",
        "enrolment": "Prenez votre dernière déclaration.",
        "enrolment_url": "https://impots.example/",
        "alternative_label": "Ouvrir l’ancien espace",
        "alternative_url": "https://ancien.impots.example/",
        "confirmation_title": "Préparez votre téléphone",
        "confirmation_body": "Un code vous y sera envoyé.",
        "confirmation_continue": "Continuer vers les impôts",
    }
    import_text(json.dumps(an_entry(**values)))
    row = IdentityProvider.objects.get()
    assert {name: getattr(row, name) for name in values} == values
    assert set(values) | set(an_entry()) == {spec.name for spec in FIELDS}


@pytest.mark.parametrize(
    ("half", "fault"),
    [
        ({"alternative_label": "Ouvrir"}, "alternative_url : le libellé et l’adresse"),
        ({"alternative_url": "https://x.example"}, "alternative_label : le libellé et l’adresse"),
        ({"confirmation_title": "Lisez"}, "confirmation_body : le titre et le texte"),
        ({"confirmation_body": "Lisez."}, "confirmation_title : le titre et le texte"),
    ],
)
def test_a_link_or_a_confirmation_by_halves_is_refused(half: dict[str, str], fault: str) -> None:
    [found] = faults_of(an_entry(**half))
    assert found.startswith(f"Entrée 1 (impots) : {fault}")


def test_a_button_alone_is_no_confirmation() -> None:
    assert len(faults_of(an_entry(confirmation_continue="Continuer"))) == 2


@pytest.mark.parametrize("name", ["enrolment_url", "alternative_url"])
def test_a_link_that_citizens_follow_is_an_address_of_the_web(name: str) -> None:
    changes = {"alternative_label": "Ouvrir", name: "javascript:alert(1)"}
    assert any(f"{name} : l’adresse doit" in fault for fault in faults_of(an_entry(**changes)))


def test_words_may_be_given_as_one_text() -> None:
    import_text(json.dumps(an_entry(allowed_acr="eidas1 eidas2")))
    assert IdentityProvider.objects.get().allowed_acr == ["eidas1", "eidas2"]


def test_the_same_file_twice_changes_nothing() -> None:
    text = json.dumps([an_entry(), an_entry("ameli")])
    assert summary(import_text(text)) == "2 créés, 0 modifié, 0 inchangé"
    before = list(IdentityProvider.objects.values_list("updated_at", flat=True))
    assert summary(import_text(text)) == "0 créé, 0 modifié, 2 inchangés"
    assert list(IdentityProvider.objects.values_list("updated_at", flat=True)) == before


def test_an_absent_field_keeps_its_value() -> None:
    import_text(json.dumps(an_entry(title="Impôts", order=3)))
    (change,) = import_text('{"uid": "impots", "active": false, "message": "Maintenance"}')
    assert set(change.fields) == {"active", "message"}
    row = IdentityProvider.objects.get()
    assert (row.title, row.order, row.active, row.client_secret) == ("Impôts", 3, False, SECRET)


def test_one_wrong_entry_refuses_the_whole_file() -> None:
    assert faults_of(an_entry(), an_entry("ameli", issuer="ftp://ameli.example")) == [
        "Entrée 2 (ameli) : issuer : l’adresse doit commencer par https:// ou http://."
    ]


def test_a_wrong_change_leaves_the_others_unchanged() -> None:
    import_text(json.dumps([an_entry(), an_entry("ameli")]))
    with pytest.raises(PartnerFileError):
        import_text(json.dumps([{"uid": "impots", "order": 1}, {"uid": "ameli", "order": -1}]))
    assert set(IdentityProvider.objects.values_list("order", flat=True)) == {100}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"allowed_arc": ["eidas1"]}, "champ inconnu « allowed_arc » (vouliez-vous dire allowed_acr ?)."),
        ({"active": "yes"}, "active : doit être true ou false."),
        ({"active": 1}, "active : doit être true ou false."),
        ({"active": None}, "active : ne peut pas être null."),
        ({"order": "3"}, "order : doit être un entier de 0 à 32767."),
        ({"order": True}, "order : doit être un entier de 0 à 32767."),
        ({"title": 3}, "title : doit être un texte (entre guillemets)."),
        ({"title": "Impôts\u202e"}, "title : caractères invisibles ou de contrôle interdits."),
        ({"title": "a\x00b"}, "title : caractères invisibles ou de contrôle interdits."),
        ({"title": "\ud800"}, "title : caractères invisibles ou de contrôle interdits."),
        ({"allowed_acr": "eidas9"}, "allowed_acr : valeur inconnue ; attendu : eidas1, eidas2, eidas3."),
        ({"allowed_acr": [1]}, "allowed_acr : doit être une liste de textes, ou un texte séparé par des espaces."),
        ({"amr": ["p wd"]}, "amr : élément vide, ou qui contient un espace."),
        ({"id_token_signed_response_alg": "none"}, "id_token_signed_response_alg : valeur inconnue ; attendu : ES256, RS256, HS256."),
        ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method : valeur inconnue ; attendu : client_secret_post, client_secret_basic, private_key_jwt."),
        ({"scope": "profile"}, "scope : doit contenir openid."),
        ({"issuer": "https://impots.example/#x"}, "issuer : ni fragment, ni joker, ni identifiant dans une adresse."),
        ({"issuer": "https://a b.example"}, "issuer : caractères interdits dans l’adresse."),
        ({"issuer": "https://moi:mdp@impots.example"}, "issuer : ni fragment, ni joker, ni identifiant dans une adresse."),
        ({"issuer": "http://[::1"}, "issuer : adresse illisible."),
        ({"client_secret": ""}, "client_secret_post demande un secret (client_secret)."),
        (
            {"client_secret": "", "token_endpoint_auth_method": "client_secret_basic"},
            "client_secret_basic demande un secret (client_secret).",
        ),
        (
            {"token_endpoint_auth_method": "private_key_jwt"},
            "private_key_jwt et token_endpoint_auth_signing_alg vont ensemble.",
        ),
        (
            {"token_endpoint_auth_signing_alg": "ES256"},
            "private_key_jwt et token_endpoint_auth_signing_alg vont ensemble.",
        ),
        (
            {"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "HS256"},
            "token_endpoint_auth_signing_alg : valeur inconnue ; attendu : ES256, RS256.",
        ),
        (
            {"id_token_encrypted_response_alg": "ECDH-ES"},
            "Chiffrement de l’ID token : id_token_encrypted_response_alg et "
            "id_token_encrypted_response_enc vont ensemble.",
        ),
        (
            {"id_token_encrypted_response_enc": "A256GCM"},
            "Chiffrement de l’ID token : id_token_encrypted_response_alg et "
            "id_token_encrypted_response_enc vont ensemble.",
        ),
        (
            {"userinfo_signed_response_alg": "ES256", "userinfo_encrypted_response_alg": "ECDH-ES"},
            "Chiffrement de userinfo : userinfo_encrypted_response_alg et "
            "userinfo_encrypted_response_enc vont ensemble.",
        ),
        (
            {"userinfo_encrypted_response_alg": "ECDH-ES", "userinfo_encrypted_response_enc": "A256GCM"},
            "userinfo chiffré doit aussi être signé : le chiffrement ne prouve pas qui l’a écrit.",
        ),
        (
            {"id_token_encrypted_response_alg": "RSA1_5", "id_token_encrypted_response_enc": "A256GCM"},
            "id_token_encrypted_response_alg : valeur inconnue ; attendu : ECDH-ES, RSA-OAEP-256, RSA-OAEP.",
        ),
        (
            {"id_token_encrypted_response_alg": "ECDH-ES", "id_token_encrypted_response_enc": "A128GCM"},
            "id_token_encrypted_response_enc : valeur inconnue ; attendu : A256GCM.",
        ),
        (
            {"id_token_signed_response_alg": "HS256", "client_secret": "court"},
            "HS256 demande un secret d’au moins 32 caractères.",
        ),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_clear_line(changes: dict[str, Any], fault: str) -> None:
    assert faults_of(an_entry(**changes)) == [f"Entrée 1 (impots) : {fault}"]


@pytest.mark.parametrize("name", ["issuer", "client_id"])
def test_what_has_no_default_is_required_at_creation(name: str) -> None:
    entry = an_entry()
    del entry[name]
    assert faults_of(entry) == [f"Entrée 1 (impots) : {name} : champ obligatoire à la création."]


def test_a_provider_that_knows_us_by_our_keys_needs_no_secret() -> None:
    entry = an_entry(
        token_endpoint_auth_method="private_key_jwt", token_endpoint_auth_signing_alg="ES256"
    )
    del entry["client_secret"]
    import_text(json.dumps(entry))
    assert IdentityProvider.objects.get().client_secret == ""


def test_hs256_needs_a_secret_even_when_we_prove_ourselves_by_keys() -> None:
    entry = an_entry(
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg="RS256",
        userinfo_signed_response_alg="HS256",
    )
    del entry["client_secret"]
    assert faults_of(entry) == [
        "Entrée 1 (impots) : HS256 demande un secret d’au moins 32 caractères."
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"id_token_encrypted_response_alg": "ECDH-ES"},
        {"userinfo_encrypted_response_enc": "A256GCM"},
        {
            "userinfo_encrypted_response_alg": "ECDH-ES",
            "userinfo_encrypted_response_enc": "A256GCM",
        },
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_signing_alg": "ES256"},
    ],
    ids=str,
)
def test_the_database_refuses_what_could_not_work(columns: dict[str, str]) -> None:
    import_text(json.dumps(an_entry()))
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityProvider.objects.update(**columns)


def test_an_entry_needs_a_uid() -> None:
    entry = an_entry()
    del entry["uid"]
    assert faults_of(entry) == ["Entrée 1 : uid : champ obligatoire."]


@pytest.mark.parametrize("uid", ["", "im pots", "impôts", "a" * 101, "<b>"])
def test_a_uid_that_cannot_travel_is_refused(uid: str) -> None:
    (fault,) = faults_of(an_entry(uid=uid, issuer="https://impots.example"))
    assert fault.startswith("Entrée 1 : uid : 1 à 100 caractères")


def test_a_uid_twice_in_a_file_is_refused() -> None:
    assert faults_of(an_entry(), an_entry()) == [
        "Entrée 2 (impots) : uid : déjà pris par l’entrée 1."
    ]


def test_two_providers_cannot_share_an_issuer() -> None:
    (fault,) = faults_of(an_entry(), an_entry("ameli", issuer="https://impots.example"))
    assert fault.startswith("Entrée 2 (ameli) : issuer : ")


def test_endpoints_by_halves_are_refused() -> None:
    (fault,) = faults_of(an_entry(token_endpoint="https://impots.example/token"))
    assert "authorization_endpoint, userinfo_endpoint, jwks_uri" in fault


def test_hs256_needs_a_long_secret() -> None:
    (fault,) = faults_of(an_entry(id_token_signed_response_alg="HS256", client_secret="court"))
    assert "32 caractères" in fault


def test_every_fault_of_a_file_is_told() -> None:
    faults = faults_of(an_entry(active="oui", order=-1), 3, an_entry("ameli", scope="profile"))
    assert len(faults) == 4
    assert faults[2] == "Entrée 2 : un objet est attendu."


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"uid": ', "Le fichier n’est ni du JSON ni du YAML (ligne 1, colonne 9)."),
        ("uid: [", "Le fichier n’est ni du JSON ni du YAML (ligne 1, colonne 7)."),
        ("", "Le fichier doit contenir une liste, un objet, ou « identity_providers »."),
        ("bonjour", "Le fichier doit contenir une liste, un objet, ou « identity_providers »."),
        ('{"uid": "a", "uid": "b"}', "Clé répétée dans un même objet : uid."),
        ("uid: a\nuid: b\n", "Clé répétée dans l’objet qui commence à la ligne 1."),
        ("[" * 100_000, "Le fichier n’est ni du JSON ni du YAML."),
        ("- !!python/object/apply:os.system ['true']", "Le fichier n’est ni du JSON ni du YAML (ligne 1, colonne 3)."),
    ],
)  # fmt: skip
def test_what_is_not_a_partner_file_is_refused(text: str, fault: str) -> None:
    with pytest.raises(PartnerFileError) as refusal:
        import_text(text)
    assert [line.replace("\u202f", " ") for line in refusal.value.faults] == [fault]


def test_a_fault_never_repeats_a_secret() -> None:
    canary = "canari-\u200b-secret"
    faults = faults_of(an_entry(client_secret=canary), an_entry("ameli", client_secrett=canary))
    assert len(faults) == 2
    assert "canari" not in " ".join(faults)


def test_an_empty_collection_is_nothing_to_do() -> None:
    assert import_text('{"identity_providers": []}') == ()
