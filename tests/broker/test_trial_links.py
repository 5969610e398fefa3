"""What serves once in a trial: the link, the return; and in one browser, for a quarter of an hour."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.models import IdentityProvider, Trial
from tests.broker.a_trial import begin, report_of
from tests.driver import Browser
from tests.programmable_idp import ProgrammableIdp

pytestmark = pytest.mark.django_db

RETURN = "/api/v2/oidc-callback"


LOGGED_OUT = "/api/v2/client/logout-callback"


def code_of(response: HttpResponse) -> str:
    page = unescape(response.content.decode())
    code = Entry.objects.filter(event="SIGN_IN_REFUSED").latest("id").code
    assert code in page
    return str(code)


def test_a_link_serves_once(agent: Browser, provider: IdentityProvider) -> None:
    _, link = begin(provider)
    assert agent.client.get(link).status_code == 303
    again = Client().get(link)
    assert again.status_code == 410
    assert code_of(again) == "Y199002"
    assert "Ce lien d’essai ne sert plus" in unescape(again.content.decode())


@pytest.mark.parametrize("token", ["inconnu", "%00", "é" * 500])
def test_an_unknown_link_leads_nowhere(token: str, agent: Browser) -> None:
    assert agent.client.get(f"/api/v2/essai/{token}").status_code == 410


def test_a_link_is_good_for_fifteen_minutes(agent: Browser, provider: IdentityProvider) -> None:
    trial, link = begin(provider)
    assert trial.expires_at <= datetime.now(UTC) + timedelta(minutes=15)
    Trial.objects.update(expires_at=datetime.now(UTC))
    assert agent.client.get(link).status_code == 410
    assert agent.idp.calls == []


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_S_209_what_a_machine_reads_ahead_uses_nothing_up(
    headers: dict[str, str], agent: Browser, provider: IdentityProvider
) -> None:
    _, link = begin(provider)
    assert agent.client.get(link, headers=headers).status_code == 503
    assert agent.client.head(link).status_code == 200
    assert agent.client.get(link).status_code == 303


def test_a_return_is_taken_back_in_the_browser_that_left(
    agent: Browser, provider: IdentityProvider
) -> None:
    trial, link = begin(provider)
    departure = agent.client.get(link)
    other = Browser(agent.idp)
    assert code_of(other.come_back(departure)) == "Y020022"
    other.client.get(begin(provider)[1])  # a browser that tries something of its own
    assert code_of(other.come_back(departure)) == "Y020022"
    assert "/token" not in agent.idp.calls
    assert agent.come_back(departure).status_code == 200
    assert report_of(trial).verdict is Severity.CONFORM


def test_a_return_is_used_once(agent: Browser, provider: IdentityProvider) -> None:
    trial, link = begin(provider)
    departure = agent.client.get(link)
    cookies = {name: cookie.value for name, cookie in agent.client.cookies.items()}
    agent.come_back(departure)
    kept = report_of(trial)
    agent.client.cookies.load(cookies)
    assert code_of(agent.come_back(departure)) == "Y020022"
    assert report_of(trial) == kept
    assert agent.idp.calls.count("/token") == 1


def test_a_return_that_comes_too_late_is_refused(
    agent: Browser, provider: IdentityProvider
) -> None:
    trial, link = begin(provider)
    departure = agent.client.get(link)
    Trial.objects.update(expires_at=datetime.now(UTC))
    assert code_of(agent.come_back(departure)) == "Y020022"
    trial.refresh_from_db()
    assert trial.is_lost


def test_two_trials_of_one_browser_come_back_each_to_its_own(
    agent: Browser, provider: IdentityProvider
) -> None:
    trials = [begin(provider) for _ in range(2)]
    departures = [agent.client.get(link) for _, link in trials]
    for (trial, _), departure in zip(trials, departures, strict=True):
        assert trial.report_url in agent.come_back(departure)["Refresh"]


def test_a_return_that_is_nobodys_costs_one_statement_and_its_line(browser: Browser) -> None:
    """An attacker's invented state is looked for among sign-ins alone."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.client.get(RETURN, {"state": "0" * 64}).status_code == 403
    assert not [q for q in captured.captured_queries if "_trial" in q["sql"]]


def test_a_real_sign_in_never_looks_for_a_trial(browser: Browser) -> None:
    provider = IdentityProvider.objects.get()
    browser.client.get(begin(provider)[1])
    departure = browser.choose(browser.ask()["Location"])
    with CaptureQueriesContext(connection) as captured:
        assert browser.come_back(departure)["Location"].endswith("/consent")
    assert not [q for q in captured.captured_queries if "_trial" in q["sql"]]


def test_a_trial_lends_its_return_to_no_sign_in(browser: Browser, idp: ProgrammableIdp) -> None:
    provider = IdentityProvider.objects.get()
    departure = browser.client.get(begin(provider)[1])
    sign_in = browser.choose(browser.ask()["Location"])
    code = idp.authorize(departure["Location"])
    stolen = browser.come_back(sign_in, code=code)
    assert stolen.status_code >= 400
    assert not Account.objects.exists()


def test_an_agent_who_comes_back_from_a_logout_is_led_to_the_report(
    agent: Browser, provider: IdentityProvider
) -> None:
    trial, _ = begin(provider)
    before = Trial.objects.values().get()
    response = agent.client.get(LOGGED_OUT, {"state": trial.pk.hex})
    assert response.headers["Refresh"] == f"0; url={trial.report_url}"
    assert trial.report_url in response.content.decode()
    assert Trial.objects.values().get() == before
    assert not Entry.objects.exists()


@pytest.mark.parametrize("state", ["0" * 32, "\x00", "é" * 32, "abc"])
def test_a_logout_that_is_of_no_trial_leads_nowhere(
    state: str, agent: Browser, provider: IdentityProvider
) -> None:
    begin(provider)
    response = agent.client.get(LOGGED_OUT, {"state": state})
    assert response.status_code == 200
    assert "Refresh" not in response.headers
