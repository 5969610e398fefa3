"""Services in the back-office: forms, policy, and a secret that is shown once."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import StaffUser
from apps.audit.models import Entry
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import NOBODY_ACCEPTED, ServiceProvider
from tests.backoffice import forms
from tests.backoffice.conftest import FS_SECRET
from tests.backoffice.pages import address

pytestmark = pytest.mark.django_db

FORM = "serviceprovider_form"
ADD = "/service_providers/serviceprovider/add/"
NEW = {"name": "Région Exemple", "redirect_uris": "https://region.example/callback"}


def change(client: Client, service: ServiceProvider, **changes: object) -> HttpResponse:
    response = forms.submit(client, address(service), FORM, **changes)
    service.refresh_from_db()
    return response


def lines() -> list[tuple[str, str, str, str | None]]:
    entries = Entry.objects.order_by("id")
    return [(e.event, e.actor, e.sp, e.facts.get("fields")) for e in entries]


def shown_secret(response: HttpResponse) -> str:
    codes: list[str] = re.findall(r"<code>([^<]+)</code>", response.content.decode())
    return codes[1]


def renew(client: Client, service: ServiceProvider) -> HttpResponse:
    page = client.get(address(service, "secret")).content.decode()
    (version,) = re.findall(r'name="version" value="([^"]+)"', page)
    return client.post(
        address(service, "secret"), {"version": version, "change_reason": forms.REASON}
    )


def test_a_form_sent_untouched_changes_and_journals_nothing(
    administrator: Client, mairie: ServiceProvider
) -> None:
    before = mairie.updated
    assert change(administrator, mairie).status_code == 302
    assert mairie.updated == before
    assert mairie.has_secret(FS_SECRET)
    assert lines() == []


def test_addresses_are_typed_one_a_line(administrator: Client, mairie: ServiceProvider) -> None:
    uris = "https://mairie.example/a\r\nhttps://mairie.example/b\r\n"
    change(administrator, mairie, redirect_uris=uris)
    assert mairie.redirect_uris == "https://mairie.example/a https://mairie.example/b"
    assert lines() == [("PARTNER_CHANGED", "denis", "mairie", "redirect_uris")]
    values = forms.read(administrator.get(address(mairie)), FORM)
    assert values["redirect_uris"] == ["https://mairie.example/a\r\nhttps://mairie.example/b"]


def test_lists_are_checked(
    administrator: Client, mairie: ServiceProvider, impots: IdentityProvider
) -> None:
    lists = {"idp_filter": ["impots"], "allowed_idp_hints": ["impots"], "claims": ["amr"]}
    change(administrator, mairie, idp_filter_mode="only", scopes=["openid", "email"], **lists)
    assert {name: getattr(mairie, name) for name in lists} == lists
    assert (mairie.idp_filter_mode, set(mairie.scopes)) == ("only", {"openid", "email"})


def test_a_service_is_not_closed_to_everybody_by_an_empty_list(
    administrator: Client, mairie: ServiceProvider
) -> None:
    response = change(administrator, mairie, idp_filter_mode="only", idp_filter=None)
    assert response.context["adminform"].form.errors == {"idp_filter": [NOBODY_ACCEPTED]}
    assert mairie.idp_filter_mode == "all"
    for open_to_somebody in ("all", "all_but"):
        assert change(administrator, mairie, idp_filter_mode=open_to_somebody).status_code == 302


def test_a_value_unknown_today_is_kept(administrator: Client, mairie: ServiceProvider) -> None:
    ServiceProvider.objects.update(idp_filter=["parti"])
    change(administrator, mairie, organisation="Commune")
    assert (mairie.organisation, mairie.idp_filter) == ("Commune", ["parti"])


def test_a_relaxation_is_journalled_and_shown(
    administrator: Client, mairie: ServiceProvider
) -> None:
    response = change(administrator, mairie, nonce_policy="optional", acr_required=None)
    assert lines() == [
        ("PARTNER_CHANGED", "denis", "mairie", "acr_required nonce_policy"),
        ("POLICY_RELAXED", "denis", "mairie", "acr_required nonce_policy"),
    ]
    words = "nonce facultatif, acr_values facultatif"
    listed = administrator.get(response["Location"]).content.decode()
    assert "messagelist" in listed
    assert listed.count(words) == 2
    page = administrator.get(address(mairie)).content.decode()
    assert "bo-warning" in page
    assert "<li>nonce facultatif</li>" in page
    change(administrator, mairie, organisation="Commune")
    assert lines()[2:] == [("PARTNER_CHANGED", "denis", "mairie", "organisation")]


def test_a_strict_policy_has_no_warning(administrator: Client, mairie: ServiceProvider) -> None:
    assert "bo-warning" not in administrator.get(address(mairie)).content.decode()


def test_a_new_service_gets_a_secret_shown_once(administrator: Client) -> None:
    response = forms.submit(administrator, ADD, FORM, **NEW)
    row = ServiceProvider.objects.get()
    assert row.has_secret(shown_secret(response))
    assert len(row.client_secret) == 43
    assert "no-store" in response["Cache-Control"]
    for url in ("/", "/service_providers/serviceprovider/", address(row), "/audit/entry/"):
        assert row.client_secret not in administrator.get(url).content.decode()
    assert row.client_secret not in str(dict(administrator.session))
    assert row.client_secret not in str(administrator.cookies)
    ((event, actor, sp, fields),) = lines()
    assert (event, actor, sp) == ("PARTNER_CHANGED", "denis", row.client_id)
    assert {"name", "redirect_uris"} <= set((fields or "").split())


def test_sending_the_creation_twice_creates_once(administrator: Client) -> None:
    values = forms.read(administrator.get(ADD), FORM)
    typed = {**NEW, "client_id": "region", "change_reason": forms.REASON}
    form = {**values, **{name: [value] for name, value in typed.items()}}
    first = administrator.post(ADD, form)
    again = administrator.post(ADD, form)
    assert again.status_code == 200
    assert "errornote" in again.content.decode()
    assert ServiceProvider.objects.get().has_secret(shown_secret(first))


def test_a_renewed_secret_is_shown_once_and_kills_the_former(
    administrator: Client, mairie: ServiceProvider
) -> None:
    response = renew(administrator, mairie)
    fresh = shown_secret(response)
    mairie.refresh_from_db()
    assert mairie.has_secret(fresh)
    assert not mairie.has_secret(FS_SECRET)
    assert lines() == [("CLIENT_SECRET_ROTATED", "denis", "mairie", None)]
    assert fresh not in administrator.get(address(mairie)).content.decode()


def test_a_confirmation_sent_twice_renews_once(
    administrator: Client, mairie: ServiceProvider
) -> None:
    page = administrator.get(address(mairie, "secret")).content.decode()
    (version,) = re.findall(r'name="version" value="([^"]+)"', page)
    sent = {"version": version, "change_reason": forms.REASON}
    first = administrator.post(address(mairie, "secret"), sent)
    again = administrator.post(address(mairie, "secret"), sent)
    assert again.status_code == 302
    mairie.refresh_from_db()
    assert mairie.has_secret(shown_secret(first))
    assert len(lines()) == 1


def test_opening_the_confirmation_renews_nothing(
    administrator: Client, mairie: ServiceProvider
) -> None:
    administrator.get(address(mairie, "secret"))
    mairie.refresh_from_db()
    assert mairie.has_secret(FS_SECRET)


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uris": ""},
        {"redirect_uris": "https://region.example/*"},
        {"redirect_uris": "https://region.example/ok\r\njavascript:alert(1)"},
        {"post_logout_redirect_uris": "https://region.example/#x"},
        {"name": ""},
        {"name": "Région\u202e"},
        {"client_id": "ré gion"},
        {"scopes": ["email"]},
        {"scopes": ["openid", "inconnu"]},
        {"default_acr": "eidas2"},
        {"acr_values": []},
        {"allowed_prompts": ["register"]},
        {"idp_filter": ["inconnu"]},
        {"id_token_signed_response_alg": "none"},
        {"client_uri": "javascript:alert(1)"},
    ],
)
def test_a_wrong_value_is_refused(administrator: Client, wrong: dict[str, Any]) -> None:
    response = forms.submit(administrator, ADD, FORM, **{**NEW, **wrong})
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    assert not ServiceProvider.objects.exists()
    assert lines() == []


def test_hs256_is_refused_with_a_short_secret(
    administrator: Client, mairie: ServiceProvider
) -> None:
    ServiceProvider.objects.filter(pk=mairie.pk).update(client_secret="court")
    response = change(administrator, mairie, id_token_signed_response_alg="HS256")
    assert "renouveler d’abord le secret" in response.content.decode()
    assert mairie.id_token_signed_response_alg == "ES256"


def test_an_auditor_reads_and_cannot_write(auditor: Client, mairie: ServiceProvider) -> None:
    page = auditor.get(address(mairie)).content.decode()
    assert "https://mairie.example/callback" in page
    assert "icon-yes" not in page  # yes and no are words
    assert 'name="_save"' not in page
    assert "Renouveler le secret" not in page
    form = {"name": "Autre", "redirect_uris": "https://autre.example", "version": "x"}
    for url in (address(mairie), ADD, address(mairie, "secret")):
        assert auditor.post(url, form).status_code == 403
    mairie.refresh_from_db()
    assert mairie.name == "Mairie de Saint-Exemple"
    assert mairie.has_secret(FS_SECRET)
    assert lines() == []


def test_a_client_id_already_taken_is_said_in_our_words(
    administrator: Client, mairie: ServiceProvider
) -> None:
    response = forms.submit(administrator, ADD, FORM, **NEW, client_id=mairie.client_id)
    said = "Un fournisseur de service porte déjà ce client_id."
    assert response.context["adminform"].form.errors == {"client_id": [said]}


def test_the_client_id_never_changes(administrator: Client, mairie: ServiceProvider) -> None:
    change(administrator, mairie, client_id="autre", organisation="Commune")
    assert (mairie.client_id, mairie.organisation) == ("mairie", "Commune")


def test_an_agent_named_by_an_email_address_is_journalled_by_key(
    mairie: ServiceProvider, superuser: Client
) -> None:
    user = StaffUser.objects.get(username="racine")
    StaffUser.objects.update(username="racine@exemple.test")
    change(superuser, mairie, organisation="Commune")
    assert lines() == [("PARTNER_CHANGED", f"agent:{user.pk}", "mairie", "organisation")]
