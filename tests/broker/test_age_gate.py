"""The age gate: adults only, on the civil day of Paris, at the first service and at the next."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker import age_gate
from apps.broker.models import SignIn
from apps.protocol.discovery import origin
from apps.service_providers.models import ServiceProvider
from tests.builders import CALLBACK, a_service_provider
from tests.driver import STATE, Browser, query_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)
ADULTS = "FranceConnect est réservé aux personnes majeures"


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the age gate stands still."""
    monkeypatch.setattr(age_gate, "today", lambda: TODAY)


def comes_back(browser: Browser, birthdate: str, **asked: Any) -> Any:
    browser.idp.person["birthdate"] = birthdate
    return browser.come_back(browser.choose(browser.ask(**asked)["Location"]))


@pytest.mark.parametrize("birthdate", ["2008-11-26", "2008-10-00", "2007-00-00", "1985-03-12"])
def test_who_is_eighteen_today_signs_in(browser: Browser, birthdate: str) -> None:
    assert comes_back(browser, birthdate)["Location"].endswith("/consent")


@pytest.mark.parametrize("birthdate", ["2008-11-27", "2008-11-00", "2008-00-00", "2026-11-26"])
def test_who_is_not_certainly_eighteen_is_refused(browser: Browser, birthdate: str) -> None:
    page = comes_back(browser, birthdate)
    assert page.status_code == 403
    text = page.content.decode()
    assert ADULTS in text
    assert "Y109001" in text
    assert "Choisir un autre compte" not in text


def test_a_minor_goes_back_to_the_service_with_access_denied(browser: Browser) -> None:
    page = comes_back(browser, "2010-01-01")
    assert page["Content-Security-Policy"].endswith(f"form-action 'self' {origin(CALLBACK)}")
    sign_in = SignIn.objects.get()
    response = browser.client.post(
        f"/api/v2/interaction/{sign_in.pk}/abandon", {"csrfmiddlewaretoken": browser.csrf(page)}
    )
    assert response["Location"].startswith(CALLBACK)
    answer = query_of(response["Location"])
    assert (answer["error"], answer["state"]) == ("access_denied", STATE)
    assert "age" not in answer["error_description"].lower()


def test_nothing_is_kept_of_a_minor_but_the_code_of_the_refusal(browser: Browser) -> None:
    comes_back(browser, "2010-01-02")
    assert not Account.objects.exists()
    sign_in = SignIn.objects.get()
    assert (sign_in.sealed, sign_in.account_id) == (None, None)
    lines = list(Entry.objects.order_by("id"))
    assert [line.event for line in lines][-4:] == [
        "IDP_CALLEDBACK",
        "FC_REQUESTED_IDP_TOKEN",
        "FC_REQUESTED_IDP_USERINFO",
        "SIGN_IN_REFUSED",
    ]
    assert lines[-1].code == "Y109001"
    assert "2010" not in str([line.facts for line in lines])


def test_the_platform_may_ask_another_age_or_none(browser: Browser, settings: Any) -> None:
    settings.AGE_MINIMUM = 15
    assert comes_back(browser, "2011-11-26").status_code == 303
    page = comes_back(browser, "2011-11-27").content.decode()
    assert "Ce service n’est pas ouvert à votre âge" in page
    assert "Y109002" in page
    settings.AGE_MINIMUM = 0
    assert comes_back(browser, "2026-11-26").status_code == 303


@pytest.mark.parametrize(("minimum", "status"), [(None, 403), (18, 403), (17, 303), (0, 303)])
def test_a_service_may_ask_its_own_age(browser: Browser, minimum: int | None, status: int) -> None:
    ServiceProvider.objects.update(age_minimum=minimum)
    assert comes_back(browser, "2009-01-01").status_code == status


def test_a_session_serves_no_service_that_asks_more(browser: Browser) -> None:
    ServiceProvider.objects.update(age_minimum=0)
    a_service_provider("region", name="Région Exemple")
    a_service_provider("loto", name="Loto", age_minimum=21)
    browser.idp.person["birthdate"] = "2009-01-01"
    browser.sign_in()
    for client_id, code in (("region", "Y109001"), ("loto", "Y109002")):
        page = browser.open(browser.ask(client_id=client_id))
        assert page.status_code == 403
        assert code in page.content.decode()
    events = list(Entry.objects.values_list("event", flat=True))
    assert "FC_SSO_INITIATED" not in events
    assert browser.open(browser.ask())["Location"].endswith("/consent")


def test_a_silent_request_is_told_nothing_of_the_age(browser: Browser) -> None:
    ServiceProvider.objects.update(age_minimum=0)
    a_service_provider("region", name="Région", allowed_prompts=["none", "login"])
    browser.idp.person["birthdate"] = "2009-01-01"
    browser.sign_in()
    answer = query_of(browser.open(browser.ask(client_id="region", prompt="none"))["Location"])
    assert answer["error"] == "login_required"


def test_the_civil_day_is_that_of_paris(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert age_gate.today() == date(2027, 1, 1)
