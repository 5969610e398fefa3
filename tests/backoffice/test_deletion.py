"""An identity provider is deleted when nobody uses it, and only then; its history stays."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import SignIn, SsoSession
from apps.identity_providers import history
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from tests.backoffice.conftest import FI_SECRET
from tests.backoffice.pages import address, text_of
from tests.builders import a_service_provider

pytestmark = pytest.mark.django_db

REASON = "convention terminée le 31 octobre"
LIST = "/identity_providers/identityprovider/"


@pytest.fixture
def ameli(db: None) -> IdentityProvider:
    return IdentityProvider.objects.create(
        uid="ameli", name="ameli", title="Assurance Maladie", issuer="https://ameli.example",
        client_id="fc", client_secret=FI_SECRET,
    )  # fmt: skip


def delete(client: Client, provider: IdentityProvider, reason: str = REASON) -> HttpResponse:
    page = client.get(address(provider, "delete")).content.decode()
    versions = re.findall(r'name="version" value="([^"]+)"', page)
    form = {"version": versions[0] if versions else "", "change_reason": reason}
    return client.post(address(provider, "delete"), form)


def test_a_provider_that_nobody_uses_is_deleted_with_its_reason(
    administrator: Client, auditor: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    key = ameli.pk
    response = delete(administrator, ameli)
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert list(IdentityProvider.objects.values_list("uid", flat=True)) == ["impots"]
    line = Entry.objects.get()
    told = (line.event, line.actor, line.idp, line.facts["object"])
    assert told == ("PARTNER_DELETED", "denis", "ameli", "identity_provider:ameli")
    assert REASON not in json.dumps(line.facts, ensure_ascii=False)
    last = history.states_of(IdentityProvider)._default_manager.latest("pgh_id")
    assert last.pgh_label == "deleted"  # type: ignore[attr-defined]
    for client in (administrator, auditor):
        assert "Historique – Assurance Maladie" in client.get(LIST).content.decode()
        page = client.get(f"{LIST}{key}/history/")
        assert "Cette fiche a été supprimée. Son historique est gardé." in text_of(page)
        assert REASON in text_of(page)
        assert FI_SECRET not in page.content.decode()


def test_a_service_that_gains_a_namesake_starts_a_history_of_its_own(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    delete(administrator, ameli)
    again = IdentityProvider.objects.create(
        uid="ameli", name="ameli", title="Ameli", issuer="https://ameli.example", client_id="fc"
    )
    assert "1 changement," in text_of(administrator.get(address(again, "history")))


@pytest.mark.parametrize("reason", ["", "court"])
def test_a_deletion_without_a_real_reason_is_refused(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider, reason: str
) -> None:
    response = delete(administrator, ameli, reason)
    assert response.status_code == 200
    assert "1 champ à corriger" in text_of(response)
    assert IdentityProvider.objects.count() == 2
    assert not Entry.objects.exists()


def test_looking_at_the_page_deletes_nothing(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    page = text_of(administrator.get(address(ameli, "delete")))
    assert "Personne n’utilise Assurance Maladie" in page
    assert "les usagers le voient" in page
    assert IdentityProvider.objects.count() == 2


def test_a_stale_page_deletes_nothing(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    stale = {"version": "2020-01-01", "change_reason": REASON}
    response = administrator.post(address(ameli, "delete"), stale)
    assert "Cette fiche a changé entre-temps" in response.content.decode()
    assert IdentityProvider.objects.count() == 2


USES: dict[str, tuple[dict[str, Any], str]] = {
    "allow-list": (
        {"idp_filter_mode": "only", "idp_filter": ["ameli", "impots"]},
        "le nomme parmi les seuls comptes qu’il accepte",
    ),
    "block-list": (
        {"idp_filter_mode": "all_but", "idp_filter": ["ameli"]},
        "le nomme parmi les comptes qu’il refuse",
    ),
    "list without effect": (
        {"idp_filter": ["ameli"]},
        "le nomme dans une liste de comptes qui ne sert pas aujourd’hui",
    ),
    "hint": ({"allowed_idp_hints": ["ameli"]}, "peut le désigner par idp_hint"),
    "both": (
        {"allowed_idp_hints": ["ameli"], "idp_filter_mode": "only", "idp_filter": ["ameli"]},
        "le nomme parmi les seuls comptes qu’il accepte, peut le désigner par idp_hint, "
        "n’aurait plus aucun compte utilisable",
    ),
    "inactive service": (
        {"active": False, "idp_filter_mode": "only", "idp_filter": ["ameli"]},
        "le nomme parmi les seuls comptes qu’il accepte Usagers",
    ),
}


@pytest.mark.parametrize(("service", "words"), USES.values(), ids=USES)
def test_a_provider_that_a_service_names_is_not_deleted(
    administrator: Client,
    impots: IdentityProvider,
    ameli: IdentityProvider,
    service: dict[str, Any],
    words: str,
) -> None:
    a_service_provider(**service)
    response = delete(administrator, ameli)
    assert response.status_code == 409
    assert f"Mairie de Saint-Exemple {words.removesuffix(' Usagers')}" in text_of(response)
    assert "désactivez-le" in text_of(response)
    assert 'name="change_reason"' not in response.content.decode()
    assert IdentityProvider.objects.count() == 2
    assert not Entry.objects.exists()


ALONE = "n’aurait plus aucun compte utilisable"


def test_the_only_provider_of_an_active_service_is_not_deleted(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    a_service_provider()
    a_service_provider("fermee", name="Fermée", active=False)
    assert ALONE not in text_of(administrator.get(address(ameli, "delete")))
    IdentityProvider.objects.filter(uid="impots").update(active=False)
    page = text_of(delete(administrator, ameli))
    assert f"Mairie de Saint-Exemple {ALONE}" in page
    assert "Fermée" not in page
    IdentityProvider.objects.filter(uid="ameli").update(active=False)
    assert delete(administrator, ameli).status_code == 302


def test_a_provider_is_alone_at_its_level(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    a_service_provider(acr_values=["eidas2"], default_acr="eidas2")
    assert f"Mairie de Saint-Exemple {ALONE}" in text_of(delete(administrator, impots))


def test_sign_ins_and_sessions_hold_a_provider_back_and_outlive_the_attempt(
    administrator: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=10)
    service = a_service_provider()
    for _ in range(2):
        SignIn.objects.create(
            service_provider=service, state="at_provider", request={}, fingerprint="f",
            identity_provider=ameli, expires_at=soon,
        )  # fmt: skip
    SsoSession.objects.create(
        fingerprint="f", account=Account.objects.create(identity_hash="h", last_sign_in=soon),
        identity_provider=ameli, acr="eidas1", auth_time=1, browsing_session=uuid.uuid4(),
        sealed=b"box", expires_at=soon,
    )  # fmt: skip
    page = text_of(delete(administrator, ameli))
    assert "2 connexions en cours" in page
    assert "1 session," in page
    assert (SignIn.objects.count(), SsoSession.objects.count()) == (2, 1)
    SignIn.objects.all().delete()
    SsoSession.objects.all().delete()
    assert delete(administrator, ameli).status_code == 302
    assert ServiceProvider.objects.exists()


def test_a_provider_chosen_at_the_last_moment_is_not_deleted(
    administrator: Client,
    impots: IdentityProvider,
    ameli: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from apps.backoffice import deletion

    service, look = a_service_provider(), deletion.usage_of

    def chosen_after(provider: IdentityProvider) -> deletion.Usage:
        found = look(provider)
        SignIn.objects.get_or_create(
            service_provider=service, state="at_provider", request={}, fingerprint="f",
            identity_provider=ameli, expires_at=datetime.now(UTC) + timedelta(minutes=10),
        )  # fmt: skip
        return found

    version = IdentityProvider.objects.get(pk=ameli.pk).updated_at.isoformat()
    monkeypatch.setattr(deletion, "usage_of", chosen_after)
    administrator.post(address(ameli, "delete"), {"version": version, "change_reason": REASON})
    assert IdentityProvider.objects.filter(uid="ameli").exists()
    assert not Entry.objects.exists()


def test_an_auditor_deletes_nothing(
    auditor: Client, impots: IdentityProvider, ameli: IdentityProvider
) -> None:
    assert auditor.get(address(ameli, "delete")).status_code == 403
    form = {"version": ameli.updated_at.isoformat(), "change_reason": REASON}
    assert auditor.post(address(ameli, "delete"), form).status_code == 403
    assert "deletelink" not in auditor.get(address(ameli, "change")).content.decode()
    assert IdentityProvider.objects.count() == 2


def test_the_page_of_a_provider_leads_to_its_deletion(
    administrator: Client, impots: IdentityProvider
) -> None:
    page = administrator.get(address(impots, "change")).content.decode()
    assert f'href="{address(impots, "delete")}"' in page
