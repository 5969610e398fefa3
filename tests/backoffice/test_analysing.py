"""« Analyser » in the back-office: against a real provider, with nothing saved."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import StaffUser
from apps.audit.models import Entry
from apps.identity_providers.analysis import asking
from apps.identity_providers.models import IdentityProvider
from tests.backoffice import forms
from tests.backoffice.pages import address
from tests.identity_providers.faulty_provider import CONFIGURATION, FaultyProvider

pytestmark = pytest.mark.django_db

PAGE = "/identity_providers/identityprovider/analyse/"
ADD = "/identity_providers/identityprovider/add/"
LIST = "/identity_providers/identityprovider/"
FORM = "identityprovider_form"
WITHOUT_LEVELS = {"acr_values_supported": None}


@pytest.fixture
def provider() -> Iterator[FaultyProvider]:
    running = FaultyProvider()
    yield running
    running.stop()


@pytest.fixture
def row(provider: FaultyProvider) -> IdentityProvider:
    return IdentityProvider.objects.create(
        uid="departement",
        name="departement",
        title="Département",
        issuer=provider.issuer,
        client_id="franceconnect",
        client_secret="a-secret-of-at-least-thirty-two-characters",
        active=False,
        display=False,
    )


def lines() -> list[dict[str, Any]]:
    return [{"event": e.event, "actor": e.actor, **e.facts} for e in Entry.objects.order_by("id")]


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def activate(client: Client, row: IdentityProvider, **changes: object) -> HttpResponse:
    response = forms.submit(client, address(row), FORM, active="on", **changes)
    row.refresh_from_db()
    return response


def test_an_issuer_is_analysed_and_nothing_is_saved(
    administrator: Client, provider: FaultyProvider
) -> None:
    provider.changes = {**WITHOUT_LEVELS, "end_session_endpoint": None}
    response = forms.submit(administrator, PAGE, "analyse_form", issuer=provider.issuer)
    shown = text(response)
    assert "Résultat\u202f: bloquant. 1 bloquant, 1 à vérifier" in shown
    assert "Rien n’a été enregistré" in shown
    assert shown.count("Comment corriger") == 2
    assert not IdentityProvider.objects.exists()


def test_what_the_analysis_did_not_reach_is_one_line(
    administrator: Client, provider: FaultyProvider
) -> None:
    shown = text(administrator.post(PAGE, {"issuer": provider.issuer}))
    assert "bo-unreached" not in shown
    provider.answers[CONFIGURATION] = lambda sent: (404, {}, b"")
    shown = text(administrator.post(PAGE, {"issuer": provider.issuer}))
    (line, listed), *others = re.findall(
        r'<details class="bo-unreached">\s*<summary>(.*?)</summary>(.*?)</details>',
        shown,
        re.DOTALL,
    )
    assert not others
    count = listed.count("<li>")
    assert count > 20
    assert line.strip().startswith(f"{count} points non vérifiés")
    assert "<li>Émetteur publié</li>" in listed
    assert shown.count("Émetteur publié") == 1


def test_the_analysis_is_journalled_with_the_host_and_the_outcome(
    administrator: Client, provider: FaultyProvider
) -> None:
    administrator.post(PAGE, {"issuer": provider.issuer})
    assert lines() == [
        {
            "event": "IDENTITY_PROVIDER_ANALYSED",
            "actor": "denis",
            "object": "issuer:127.0.0.1",
            "outcome": "conform",
        }
    ]


def test_opening_the_page_calls_nobody(administrator: Client, provider: FaultyProvider) -> None:
    assert administrator.get(PAGE).status_code == 200
    assert provider.calls == []
    assert not Entry.objects.exists()


def test_what_is_not_an_issuer_is_refused_and_kept_in_the_field(administrator: Client) -> None:
    response = administrator.post(PAGE, {"issuer": "https://compte.example/#x"})
    assert "Corrigez 1 erreur" in text(response)
    assert forms.read(response, "analyse_form")["issuer"] == ["https://compte.example/#x"]
    assert not Entry.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_auditor_analyses_nothing(
    auditor: Client, provider: FaultyProvider, row: IdentityProvider, method: str
) -> None:
    for url in (PAGE, address(row, "analyse")):
        assert getattr(auditor, method)(url, {"issuer": provider.issuer}).status_code == 403
    assert "Analyser" not in text(auditor.get(LIST))
    assert provider.calls == []


def test_an_analysis_asked_from_another_site_is_refused(
    administrator: Client, provider: FaultyProvider
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(StaffUser.objects.get(username="denis"))
    assert strict.post(PAGE, {"issuer": provider.issuer}).status_code == 403
    assert provider.calls == []


def test_the_list_and_the_form_lead_to_the_analysis(
    administrator: Client, row: IdentityProvider
) -> None:
    assert f'href="{PAGE}"' in text(administrator.get(LIST))
    assert f'href="{address(row, "analyse")}"' in text(administrator.get(address(row)))


def test_a_new_provider_is_proposed_and_saved_only_by_its_form(
    administrator: Client, provider: FaultyProvider
) -> None:
    provider.changes = {
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "acr_values_supported": ["eidas2"],
        "userinfo_signing_alg_values_supported": ["RS256"],
    }
    page = text(administrator.post(PAGE, {"issuer": provider.issuer}))
    link = re.search(rf'href="({ADD}\?proposal=[^"]+)"', page)
    assert link
    values = forms.read(administrator.get(link[1]), FORM)
    assert values["issuer"] == [provider.issuer]
    assert values["id_token_signed_response_alg"] == ["RS256"]
    assert values["userinfo_signed_response_alg"] == ["RS256"]
    assert values["token_endpoint_auth_method"] == ["client_secret_basic"]
    assert values["allowed_acr"] == ["eidas2"]
    assert values["title"] == [""]
    assert not {"active", "display"} & values.keys()
    assert not IdentityProvider.objects.exists()
    named = {"title": "Compte", "name": "compte", "uid": "compte", "client_id": "fc"}
    response = forms.submit(administrator, link[1], FORM, new_client_secret="x" * 40, **named)
    assert response.status_code == 302
    saved = IdentityProvider.objects.get()
    assert (saved.issuer, saved.allowed_acr) == (provider.issuer, ["eidas2"])


def test_the_issuer_that_the_document_names_is_analysed_instead(
    administrator: Client, provider: FaultyProvider
) -> None:
    response = administrator.post(PAGE, {"issuer": f"{provider.issuer}/"})
    assert f"Analyser {provider.issuer}<" in text(response)
    assert "Créer ce fournisseur" not in text(response)
    published = forms.read(response, "published_form")
    assert published["issuer"] == [provider.issuer]
    shown = text(administrator.post(PAGE, published))
    assert "Créer ce fournisseur" in shown
    assert "published_form" not in shown


@pytest.mark.parametrize(
    "published", ["ftp://compte.example", "https://compte.example/" + "x" * 600, "<b>"]
)
def test_an_issuer_that_may_not_be_analysed_is_not_offered(
    administrator: Client, provider: FaultyProvider, published: str
) -> None:
    provider.changes = {"issuer": published}
    shown = text(administrator.post(PAGE, {"issuer": provider.issuer}))
    assert "published_form" not in shown
    assert "Créer ce fournisseur" not in shown


def test_a_forged_proposal_is_ignored(administrator: Client) -> None:
    response = administrator.get(f"{ADD}?proposal=forged")
    assert "Cette proposition a expiré" in text(response)
    assert forms.read(response, FORM)["issuer"] == [""]


def test_a_registered_issuer_is_compared_with_its_row(
    administrator: Client, row: IdentityProvider, provider: FaultyProvider
) -> None:
    IdentityProvider.objects.update(allowed_acr=["eidas1", "eidas3"])
    for url in (address(row, "analyse"), PAGE):
        shown = text(administrator.post(url, {"issuer": provider.issuer}))
        assert "habilité, non annoncé par le fournisseur\u202f: eidas3" in shown
        assert "Créer ce fournisseur" not in shown
    assert {line["idp_label"] for line in lines()} == {"Département"}


def test_a_provider_without_fault_is_activated(
    administrator: Client, row: IdentityProvider
) -> None:
    assert activate(administrator, row).status_code == 302
    assert row.active
    assert [line["event"] for line in lines()] == ["IDENTITY_PROVIDER_ANALYSED", "PARTNER_CHANGED"]


def test_a_blocking_finding_refuses_the_activation_and_lists_what_to_mend(
    administrator: Client, row: IdentityProvider, provider: FaultyProvider
) -> None:
    provider.changes = WITHOUT_LEVELS
    response = activate(administrator, row, title="Département 99")
    shown = text(response)
    assert response.status_code == 200
    assert "L’analyse a trouvé 1 point bloquant" in shown
    assert "acr_values_supported absent du document" in shown
    assert forms.read(response, FORM)["title"] == ["Département 99"]
    assert (row.active, row.title) == (False, "Département")
    assert [line["event"] for line in lines()] == ["IDENTITY_PROVIDER_ANALYSED"]


def test_a_provider_with_blocking_findings_can_be_saved_without_being_activated(
    administrator: Client, row: IdentityProvider, provider: FaultyProvider
) -> None:
    provider.changes = WITHOUT_LEVELS
    assert forms.submit(administrator, address(row), FORM, title="Dép.").status_code == 302
    assert provider.calls == []


def test_activating_all_the_same_needs_a_reason_and_is_journalled(
    administrator: Client, row: IdentityProvider, provider: FaultyProvider
) -> None:
    provider.changes = WITHOUT_LEVELS
    response = activate(administrator, row, activate_anyway="on")
    assert "Choisissez un motif" in text(response)
    assert not row.active
    response = activate(administrator, row, activate_anyway="on", override_reason="trial")
    assert response.status_code == 302
    assert row.active
    assert lines()[-1] == {
        "event": "BLOCKING_FINDINGS_OVERRIDDEN",
        "actor": "denis",
        "object": "identity_provider:departement",
        "idp_label": "Département",
        "fields": "acr",
        "reason": "trial",
    }
    assert lines()[-2]["fields"] == "active"


@pytest.mark.parametrize(
    "changes",
    [
        {"id_token_signed_response_alg": "HS256"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {
            "id_token_encrypted_response_alg": "ECDH-ES",
            "id_token_encrypted_response_enc": "A256GCM",
        },
        {"issuer": "http://127.0.0.1:1"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_active_provider_is_analysed_before_it_is_moved(
    administrator: Client, row: IdentityProvider, changes: dict[str, str]
) -> None:
    IdentityProvider.objects.update(active=True)
    before = IdentityProvider.objects.values().get()
    assert "1 point bloquant" in text(activate(administrator, row, **changes))
    assert IdentityProvider.objects.values().get() == before
    knowingly = {"activate_anyway": "on", "override_reason": "service_continuity"}
    assert activate(administrator, row, **changes, **knowingly).status_code == 302
    assert {name: getattr(row, name) for name in changes} == changes
    assert lines()[-1]["event"] == "BLOCKING_FINDINGS_OVERRIDDEN"


def test_a_moved_provider_with_warnings_is_said_to_be_changed(
    administrator: Client, row: IdentityProvider, provider: FaultyProvider
) -> None:
    IdentityProvider.objects.update(active=True)
    provider.changes = {"end_session_endpoint": None}
    response = forms.submit(administrator, address(row), FORM, id_token_signed_response_alg="RS256")
    shown = text(administrator.get(response["Location"]))
    assert "Fournisseur modifié. À corriger ou à vérifier : Déconnexion" in shown


def test_an_active_provider_is_renamed_without_an_analysis(
    administrator: Client, row: IdentityProvider, provider: FaultyProvider
) -> None:
    IdentityProvider.objects.update(active=True)
    assert activate(administrator, row, title="Dép.").status_code == 302
    assert provider.calls == []


def test_a_provider_added_as_usable_is_analysed_too(
    administrator: Client, provider: FaultyProvider
) -> None:
    provider.changes = WITHOUT_LEVELS
    named = {"title": "Compte", "name": "compte", "uid": "compte", "client_id": "fc"}
    fields = {**named, "new_client_secret": "x" * 40, "issuer": provider.issuer, "active": "on"}
    response = forms.submit(administrator, ADD, FORM, **fields)
    assert "1 point bloquant" in text(response)
    assert not IdentityProvider.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_call_to_a_provider_happens_in_a_transaction(
    administrator: Client, row: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    get = asking.wire.get

    def watched(url: str, **options: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return get(url, **options)

    monkeypatch.setattr(asking.wire, "get", watched)
    assert activate(administrator, row).status_code == 302
    assert seen == [False, False, False]


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [({}, 0, "conforme"), ({"end_session_endpoint": None}, 1, "à vérifier"), (WITHOUT_LEVELS, 2, "bloquant")],
)  # fmt: skip
def test_the_command_says_the_worst_by_its_exit_code(
    provider: FaultyProvider,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    code: int,
    word: str,
) -> None:
    provider.changes = changes
    given = 0
    try:
        call_command("analyse_identity_provider", provider.issuer)
    except SystemExit as exit_:
        given = int(exit_.code or 0)
    printed = capsys.readouterr().out
    assert given == code
    assert f"Résultat\u202f: {word}." in printed
    assert printed.rstrip().endswith("Rien n’a été enregistré.")
    assert lines()[0]["actor"] == "manage.py:analyse_identity_provider"


def test_one_request_is_told_in_the_singular(
    provider: FaultyProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call_command("analyse_identity_provider", f"{provider.issuer}/nowhere")
    assert " 1 requête en " in capsys.readouterr().out


def test_the_command_speaks_json(
    provider: FaultyProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.answers[CONFIGURATION] = lambda sent: (404, {}, b"")
    with pytest.raises(SystemExit):
        call_command("analyse_identity_provider", provider.issuer, "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "blocking"
    severities = {finding["check"]: finding["severity"] for finding in report["findings"]}
    assert (severities["http"], severities["jwks"]) == ("blocking", "unchecked")
