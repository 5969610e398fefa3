"""Identity providers in the back-office, by forms sent as a browser sends them."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.audit.models import Entry
from apps.identity_providers.models import IdentityProvider
from tests.backoffice import forms
from tests.backoffice.conftest import FI_SECRET
from tests.backoffice.pages import address

pytestmark = pytest.mark.django_db

FORM = "identityprovider_form"
ADD = "/identity_providers/identityprovider/add/"
NEW = {
    "title": "Assurance Maladie",
    "name": "ameli",
    "uid": "ameli",
    "issuer": "https://ameli.example",
    "client_id": "franceconnect",
    "new_client_secret": "un-nouveau-secret",
}


def change(client: Client, provider: IdentityProvider, **changes: object) -> HttpResponse:
    response = forms.submit(client, address(provider), FORM, **changes)
    provider.refresh_from_db()
    return response


def last_line() -> dict[str, Any]:
    line = Entry.objects.latest("id")
    return {"event": line.event, "actor": line.actor, "idp": line.idp, **line.facts}


def test_the_form_says_what_the_provider_registers_of_us(
    administrator: Client, impots: IdentityProvider
) -> None:
    ours = ("oidc-callback", "client/logout-callback", "client/.well-known/keys")
    for page in (ADD, address(impots)):
        read = administrator.get(page).content.decode()
        for path in ours:
            assert f"<code>http://localhost:8000/api/v2/{path}</code>" in read


def test_a_provider_is_disabled_with_a_message(
    administrator: Client, impots: IdentityProvider
) -> None:
    response = change(administrator, impots, active=None, message="Maintenance jusqu’à 18 h")
    assert response.status_code == 302
    assert (impots.active, impots.message) == (False, "Maintenance jusqu’à 18 h")
    assert last_line() == {
        "event": "PARTNER_CHANGED",
        "actor": "denis",
        "idp": "impots",
        "object": "identity_provider:impots",
        "idp_label": "Impôts – bac à sable",
        "fields": "active message",
    }
    assert Entry.objects.get().ip == "127.0.0.1"


def test_a_form_sent_untouched_changes_and_journals_nothing(
    administrator: Client, impots: IdentityProvider
) -> None:
    before = impots.updated_at
    assert change(administrator, impots).status_code == 302
    assert impots.updated_at == before
    assert not Entry.objects.exists()
    assert impots.client_secret == FI_SECRET


@pytest.mark.parametrize("name", ["name", "uid", "hint", "pictogram", "client_id"])
def test_a_field_that_its_label_does_not_explain_has_a_sentence(
    administrator: Client, name: str
) -> None:
    field = administrator.get(ADD).context["adminform"].form.fields[name]
    assert field.help_text.endswith((".", "\u202f»."))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("uid", "porte déjà cet identifiant."),
        ("name", "porte déjà ce nom technique."),
        ("issuer", "a déjà cet émetteur."),
    ],
)
def test_a_name_already_taken_is_said_in_our_words(
    administrator: Client, impots: IdentityProvider, name: str, said: str
) -> None:
    response = forms.submit(administrator, ADD, FORM, **{**NEW, name: getattr(impots, name)})
    errors = response.context["adminform"].form.errors
    assert errors == {name: [f"Un fournisseur d’identité {said}"]}


def test_an_empty_secret_keeps_the_former(administrator: Client, impots: IdentityProvider) -> None:
    change(administrator, impots, title="Impôts", new_client_secret="")
    assert (impots.title, impots.client_secret) == ("Impôts", FI_SECRET)


def test_a_new_secret_replaces_the_former_and_is_never_shown(
    administrator: Client, impots: IdentityProvider
) -> None:
    response = change(administrator, impots, new_client_secret="remplacement-secret")
    assert impots.client_secret == "remplacement-secret"
    assert last_line()["fields"] == "client_secret"
    assert "remplacement-secret" not in json.dumps(last_line())
    assert "remplacement-secret" not in administrator.get(response["Location"]).content.decode()
    assert "remplacement-secret" not in administrator.get(address(impots)).content.decode()


def test_a_secret_is_not_sent_back_with_an_error(
    administrator: Client, impots: IdentityProvider
) -> None:
    response = change(administrator, impots, new_client_secret="remplacement-secret", issuer="x y")
    assert response.status_code == 200
    assert "remplacement-secret" not in response.content.decode()
    assert impots.client_secret == FI_SECRET


def test_two_agents_do_not_undo_each_other(administrator: Client, impots: IdentityProvider) -> None:
    values = forms.read(administrator.get(address(impots)), FORM)
    change(administrator, impots, active=None)
    response = administrator.post(address(impots), {**values, "title": ["Impôts"]})
    assert response.status_code == 200
    assert "Un autre changement a été enregistré" in response.content.decode()
    impots.refresh_from_db()
    assert (impots.title, impots.active) == ("Impôts – bac à sable", False)


def test_a_provider_is_added_neither_usable_nor_shown(administrator: Client) -> None:
    response = forms.submit(administrator, ADD, FORM, **NEW)
    assert response.status_code == 302
    row = IdentityProvider.objects.get()
    assert (row.uid, row.active, row.display) == ("ameli", False, False)
    assert row.client_secret == "un-nouveau-secret"
    assert (row.allowed_acr, row.amr) == (["eidas1"], ["pwd"])
    assert row.userinfo_signed_response_alg is None
    line = last_line()
    assert (line["event"], line["object"]) == ("PARTNER_CHANGED", "identity_provider:ameli")
    assert {"uid", "issuer", "client_secret"} <= set(line["fields"].split())


def test_a_provider_is_not_added_without_a_secret(administrator: Client) -> None:
    response = forms.submit(administrator, ADD, FORM, **{**NEW, "new_client_secret": ""})
    assert response.status_code == 200
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "ftp://ameli.example"},
        {"issuer": "https://ameli.example/#x"},
        {"issuer": "javascript:alert(1)"},
        {"uid": "amé li"},
        {"title": "Assurance\u202eMaladie"},
        {"allowed_acr": []},
        {"allowed_acr": ["eidas9"]},
        {"scope": "profile"},
        {"token_endpoint": "https://ameli.example/token"},
        {"id_token_signed_response_alg": "none"},
        {"id_token_signed_response_alg": "HS256"},
        {"order": "-1"},
        {"enrolment_url": "javascript:alert(1)"},
        {"alternative_label": "Ouvrir l’ancien espace"},
        {"confirmation_title": "Préparez votre téléphone"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_signing_alg": "ES256"},
        {"id_token_encrypted_response_alg": "ECDH-ES"},
        {"id_token_encrypted_response_enc": "A256GCM"},
        {"id_token_encrypted_response_alg": "RSA1_5", "id_token_encrypted_response_enc": "A256GCM"},
        {
            "userinfo_encrypted_response_alg": "ECDH-ES",
            "userinfo_encrypted_response_enc": "A256GCM",
        },
    ],
)
def test_a_wrong_value_is_refused(administrator: Client, wrong: dict[str, Any]) -> None:
    response = forms.submit(administrator, ADD, FORM, **{**NEW, **wrong})
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    assert not IdentityProvider.objects.exists()
    assert not Entry.objects.exists()


def test_what_citizens_read_is_edited(administrator: Client, impots: IdentityProvider) -> None:
    words = {
        "enrolment": "Prenez votre dernière déclaration de revenus.",
        "enrolment_url": "https://impots.example/",
        "confirmation_title": "Préparez votre téléphone",
        "confirmation_body": "Un code vous y sera envoyé.",
    }
    assert change(administrator, impots, **words).status_code == 302
    assert {name: getattr(impots, name) for name in words} == words
    assert impots.wants_confirmation


def test_a_refused_combination_is_explained(administrator: Client) -> None:
    wrong = {"userinfo_encrypted_response_alg": "ECDH-ES"}
    page = forms.submit(administrator, ADD, FORM, **{**NEW, **wrong}).content.decode()
    assert (
        "userinfo_encrypted_response_alg et userinfo_encrypted_response_enc vont ensemble" in page
    )
    assert "le chiffrement ne prouve pas qui l’a écrit" in page


def test_a_provider_that_encrypts_and_knows_us_by_our_keys_is_added(administrator: Client) -> None:
    rich = {
        "new_client_secret": "",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_encrypted_response_alg": "RSA-OAEP",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "ES256",
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A256GCM",
    }
    assert forms.submit(administrator, ADD, FORM, **{**NEW, **rich}).status_code == 302
    row = IdentityProvider.objects.get()
    assert {name: getattr(row, name) for name in rich if name != "new_client_secret"} == {
        name: value for name, value in rich.items() if value
    }
    assert row.client_secret == ""


def test_levels_and_methods_are_edited(administrator: Client, impots: IdentityProvider) -> None:
    change(administrator, impots, allowed_acr=["eidas3"], amr=" pwd  otp pwd ")
    assert (impots.allowed_acr, impots.amr) == (["eidas3"], ["pwd", "otp"])


def test_the_uid_never_changes(administrator: Client, impots: IdentityProvider) -> None:
    change(administrator, impots, uid="autre", title="Impôts")
    assert (impots.uid, impots.title) == ("impots", "Impôts")


def test_markup_in_a_title_is_shown_as_text(
    administrator: Client, impots: IdentityProvider
) -> None:
    change(administrator, impots, title="<script>alert(1)</script>")
    page = administrator.get("/identity_providers/identityprovider/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_auditor_reads_and_cannot_write(auditor: Client, impots: IdentityProvider) -> None:
    page = auditor.get(address(impots)).content.decode()
    assert "http://localhost:8011" in page
    assert 'name="_save"' not in page
    assert "remplacer le secret" not in page.lower()
    form = {**{name: [value] for name, value in NEW.items()}, "active": [""]}
    assert auditor.post(address(impots), form).status_code == 403
    assert auditor.post(ADD, form).status_code == 403
    impots.refresh_from_db()
    assert impots.title == "Impôts – bac à sable"
    assert not Entry.objects.exists()


def test_providers_are_not_deleted_from_the_list(
    superuser: Client, impots: IdentityProvider
) -> None:
    forged = {"action": "delete_selected", "_selected_action": impots.pk, "post": "yes"}
    superuser.post("/identity_providers/identityprovider/", forged)
    assert IdentityProvider.objects.filter(pk=impots.pk).exists()
