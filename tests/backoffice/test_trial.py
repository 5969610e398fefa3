"""« Connexion d’essai » in the back-office: who may begin one, where it leads, what the report says."""

from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import StaffUser
from apps.audit.models import Entry
from apps.identity_providers import circuit, metadata
from apps.identity_providers.models import IdentityProvider, Trial
from franceconnect.settings import backoffice, broker
from tests.backoffice import forms
from tests.backoffice.pages import address, text_of
from tests.builders import an_identity_provider
from tests.driver import query_of
from tests.programmable_idp import ANGELE, Canned, ProgrammableIdp

pytestmark = pytest.mark.django_db

ISSUER = "http://localhost:8000/api/v2"


@pytest.fixture
def idp() -> Iterator[ProgrammableIdp]:
    metadata.forget()
    circuit.forget()
    running = ProgrammableIdp()
    yield running
    running.stop()


@pytest.fixture
def row(idp: ProgrammableIdp) -> IdentityProvider:
    return an_identity_provider(
        idp, active=False, display=False, allowed_acr=["eidas1", "eidas2"], amr=["pwd"]
    )


@pytest.fixture
def another(db: None) -> IdentityProvider:
    return IdentityProvider.objects.create(
        uid="autre", name="autre", title="Autre", issuer="https://autre.example", client_id="x"
    )


def play(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp, settings: Settings
) -> str:
    """Begin a trial here, play it at the broker, and return the address of its report."""
    link = forms.submit(administrator, address(row, "trial"), "trial_form")["Location"]
    settings.ROOT_URLCONF, settings.MIDDLEWARE = broker.ROOT_URLCONF, broker.MIDDLEWARE
    browser = Client()
    departure = browser.get(urlsplit(link).path)
    if departure["Location"].startswith(idp.issuer):
        state = query_of(departure["Location"])["state"]
        answer = {"code": idp.authorize(departure["Location"]), "state": state}
        browser.get("/api/v2/oidc-callback", answer)
    settings.ROOT_URLCONF, settings.MIDDLEWARE = backoffice.ROOT_URLCONF, backoffice.MIDDLEWARE
    return urlsplit(Trial.objects.latest("created_at").report_url).path


def test_a_trial_begins_with_a_link_of_the_broker_and_a_line_of_the_journal(
    administrator: Client, row: IdentityProvider
) -> None:
    response = forms.submit(administrator, address(row, "trial"), "trial_form", level="eidas2")
    assert response.status_code == 303
    assert response["Location"].startswith(f"{ISSUER}/essai/")
    trial = Trial.objects.get()
    assert (trial.agent, trial.acr, trial.status) == ("denis", "eidas2", "waiting")
    assert trial.report_url.startswith("http://localhost:8002/identity_providers/")
    token = response["Location"].rpartition("/")[2]
    assert token not in str(Trial.objects.values().get())
    line = Entry.objects.get()
    assert (line.event, line.actor, line.idp) == (
        "IDENTITY_PROVIDER_TRIAL_BEGUN", "denis", "impots",
    )  # fmt: skip


def test_the_lowest_level_is_proposed_and_another_than_the_providers_is_refused(
    administrator: Client, row: IdentityProvider
) -> None:
    assert forms.read(administrator.get(address(row, "trial")), "trial_form")["level"] == ["eidas1"]
    for level in ("", "eidas3"):
        response = administrator.post(address(row, "trial"), {"level": level})
        assert response.status_code == 200
        assert "Corrigez 1 erreur" in text_of(response)
    assert not Trial.objects.exists()


def test_the_page_names_the_broker_and_the_provider_as_where_its_form_may_end(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp
) -> None:
    policy = administrator.get(address(row, "trial"))["Content-Security-Policy"]
    directive = next(d for d in policy.split(";") if d.strip().startswith("form-action"))
    assert set(directive.split()[1:]) == {"'self'", "http://localhost:8000", idp.issuer}
    assert "form-action 'self';" in administrator.get(address(row))["Content-Security-Policy"] + ";"


def test_a_trial_asked_from_another_site_is_refused(
    administrator: Client, row: IdentityProvider
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(StaffUser.objects.get(username="denis"))
    assert strict.post(address(row, "trial"), {"level": "eidas1"}).status_code == 403
    assert not Trial.objects.exists()


def test_an_auditor_reads_trials_and_begins_none(
    administrator: Client, auditor: Client, row: IdentityProvider, idp: ProgrammableIdp,
    settings: Settings,
) -> None:  # fmt: skip
    report = play(administrator, row, idp, settings)
    shown = auditor.get(address(row, "trial"))
    assert "Commencer l’essai" not in text_of(shown)
    assert f'href="{report}"' in shown.content.decode()
    assert "tout est conforme" in text_of(auditor.get(report))
    assert auditor.post(address(row, "trial"), {"level": "eidas1"}).status_code == 403
    assert Trial.objects.count() == 1


def test_the_report_says_claim_by_claim_what_was_received_and_no_value(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp, settings: Settings
) -> None:
    idp.person |= {"nir": "1850375056001", "preferred_username": "QUOTIDIEN"}
    response = administrator.get(play(administrator, row, idp, settings))
    shown = text_of(response)
    assert "✔ FranceConnect accepterait cette identité : tout est conforme" in shown
    assert "2 mots, capitales et minuscules avec accents, séparateur : espace" in shown
    assert "code COG d’une commune, qui existait à cette date" in shown
    assert "nir" in shown
    assert "ID token signé en ES256, non chiffré ; userinfo JSON non signé" in shown
    values = {*ANGELE.values(), "QUOTIDIEN", "1850375056001"} - {"female", "99100"}
    assert not [value for value in values if value in unescape(response.content.decode())]


def test_the_report_says_what_to_mend(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp, settings: Settings
) -> None:
    idp.person |= {"birthdate": "12/03/1985", "given_name": "Angèle, Claire", "gender": None}
    page = administrator.get(play(administrator, row, idp, settings))
    shown = text_of(page)
    assert (
        "FranceConnect refuserait cette identité : 2 points bloquants, 1 point à vérifier" in shown
    )
    assert "chiffres et signes, de la forme 99/99/9999" in shown
    for name in ("birthdate", "given_name", "gender"):
        assert f'href="#ligne-{name}"' in page.content.decode()
        assert f'id="ligne-{name}"' in page.content.decode()


def test_the_report_says_where_a_trial_stopped(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp, settings: Settings
) -> None:
    idp.canned["/userinfo"] = Canned(status=500)
    shown = text_of(administrator.get(play(administrator, row, idp, settings)))
    assert "✖ Essai interrompu : l’identité n’a pas été reçue" in shown
    assert "Y020027 idp_userinfo_failed" in shown
    assert "HTTP status 500" in shown
    assert "Identité reçue (/userinfo) ✖ arrêtée" in shown


def test_a_trial_on_its_way_and_one_that_was_dropped_say_so(
    administrator: Client, row: IdentityProvider
) -> None:
    forms.submit(administrator, address(row, "trial"), "trial_form")
    url = urlsplit(Trial.objects.get().report_url).path
    assert "en cours" in text_of(administrator.get(url))
    Trial.objects.update(expires_at=Trial.objects.get().created_at)
    assert "n’est pas terminé" in text_of(administrator.get(url))
    assert "non terminé" in text_of(administrator.get(address(row, "trial")))


def test_the_form_says_whether_a_trial_succeeded_with_the_present_configuration(
    administrator: Client, auditor: Client, row: IdentityProvider, idp: ProgrammableIdp,
    settings: Settings,
) -> None:  # fmt: skip
    none = "Aucune connexion d’essai réussie avec l’émetteur et le client_id actuels"
    assert none in text_of(administrator.get(address(row)))
    idp.person["gender"] = None
    play(administrator, row, idp, settings)
    assert none in text_of(administrator.get(address(row)))
    idp.person["gender"] = "female"
    report = play(administrator, row, idp, settings)
    for agent in (administrator, auditor):
        page = agent.get(address(row))
        assert "Dernière connexion d’essai réussie" in text_of(page)
        assert f'href="{report}"' in page.content.decode()
    IdentityProvider.objects.update(client_id="another")
    assert none in text_of(administrator.get(address(row)))
    assert "ont changé depuis" in text_of(administrator.get(report))


def test_the_ten_last_trials_are_listed(administrator: Client, row: IdentityProvider) -> None:
    for _ in range(11):
        forms.submit(administrator, address(row, "trial"), "trial_form")
    assert text_of(administrator.get(address(row, "trial"))).count("en cours") == 10


@pytest.mark.parametrize("of", ["another provider", "nobody"])
def test_a_report_is_read_under_its_provider_alone(
    of: str, administrator: Client, row: IdentityProvider, another: IdentityProvider
) -> None:
    trial, _ = Trial.begun(row, agent="denis", level=next(iter(row.levels)), report_url=str)
    key: Any = another.pk if of == "another provider" else 0
    name = "admin:identity_providers_identityprovider_report"
    assert administrator.get(reverse(name, args=[key, trial.pk])).status_code == 404


def log_out_of(report: str) -> str:
    return f"{report}deconnexion/"


def test_the_agent_of_a_trial_logs_out_of_the_provider_and_comes_back_by_the_broker(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp, settings: Settings
) -> None:
    report = play(administrator, row, idp, settings)
    page = administrator.get(report)
    directive = next(
        d for d in page["Content-Security-Policy"].split(";") if d.strip().startswith("form-action")
    )
    assert set(directive.split()[1:]) == {"'self'", "http://localhost:8000", idp.issuer}
    assert f'action="{log_out_of(report)}"' in page.content.decode()
    response = administrator.post(log_out_of(report))
    assert response.status_code == 303
    assert response["Location"].startswith(f"{idp.issuer}/logout?")
    assert query_of(response["Location"]) == {
        "client_id": row.client_id,
        "post_logout_redirect_uri": f"{ISSUER}/client/logout-callback",
        "state": Trial.objects.get().pk.hex,
    }


def test_an_auditor_is_not_offered_the_logout_of_somebody_else(
    administrator: Client, auditor: Client, row: IdentityProvider, idp: ProgrammableIdp,
    settings: Settings,
) -> None:  # fmt: skip
    report = play(administrator, row, idp, settings)
    page = auditor.get(report)
    assert "Se déconnecter de" not in text_of(page)
    assert "fermez-la sur son site" not in text_of(page)
    assert "form-action 'self';" in page["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("change", ["no address", "another issuer", "another client_id"])
def test_a_provider_where_one_cannot_log_out_is_said_to_need_closing_there(
    change: str, administrator: Client, row: IdentityProvider, idp: ProgrammableIdp,
    settings: Settings,
) -> None:  # fmt: skip
    if change == "no address":
        idp.alter_configuration = lambda document: {**document, "end_session_endpoint": None}
    report = play(administrator, row, idp, settings)
    if change == "another issuer":
        IdentityProvider.objects.update(issuer="https://elsewhere.example")
    if change == "another client_id":
        IdentityProvider.objects.update(client_id="another")
    shown = text_of(administrator.get(report))
    assert "fermez-la sur son site" in shown
    assert "Se déconnecter de" not in shown
    assert administrator.post(log_out_of(report))["Location"].endswith(report)


def test_a_logout_is_asked_by_a_form_of_ours_alone(
    administrator: Client, row: IdentityProvider, idp: ProgrammableIdp, settings: Settings
) -> None:
    address = log_out_of(play(administrator, row, idp, settings))
    assert administrator.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(StaffUser.objects.get(username="denis"))
    assert strict.post(address).status_code == 403
