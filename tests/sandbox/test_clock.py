"""The clock of the sandbox: days pass in one click, and the protocol does not notice."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from apps.sandbox import clock
from apps.sandbox.clock import Step, WrongStep
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from tests.sandbox import relying_party as rp
from tests.sandbox.pretend_broker import PretendBroker

MOMENT = timedelta(minutes=1)


def ahead() -> timedelta:
    return clock.now() - timezone.now()


def test_without_a_setting_the_sandbox_has_the_time_of_the_machine(db: None) -> None:
    assert abs(ahead()) < MOMENT


@pytest.mark.parametrize(
    ("step", "days"), [("+1h", 1 / 24), ("+1d", 1), ("+8d", 8), ("+8j", 8), ("8d", 8)]
)
def test_a_step_moves_the_calendar(db: None, step: str, days: float) -> None:
    clock.advance(clock.parse(step))
    assert abs(ahead() - timedelta(days=days)) < timedelta(hours=1, minutes=1)


def test_steps_add_up_and_the_present_comes_back(db: None) -> None:
    clock.advance(Step(hours=1))
    clock.advance(Step(hours=1))
    assert abs(ahead() - timedelta(hours=2)) < MOMENT
    clock.back_to_the_present()
    assert abs(ahead()) < MOMENT


def test_months_are_those_of_the_calendar() -> None:
    last_day = datetime(2024, 1, 31, 12, tzinfo=UTC)
    assert Step(months=1).after(last_day) == datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert Step(months=37).after(last_day) == datetime(2027, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "8", "+8", "-1d", "+8s", "+1d ", "+1000d", "demain"])
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(WrongStep):
        clock.parse(text)


def test_the_clock_does_not_leave_its_centuries(db: None) -> None:
    clock.advance(Step(months=999))
    clock.advance(Step(months=999))
    with pytest.raises(WrongStep, match="2200"):
        clock.advance(Step(months=999))


def test_the_command_moves_and_tells(db: None) -> None:
    said = StringIO()
    call_command("sandbox_clock", "+8d", stdout=said)
    expected = timezone.localtime(clock.now())
    assert f"{expected:%d/%m/%Y}" in said.getvalue()
    call_command("sandbox_clock", "retour", stdout=said)
    assert abs(ahead()) < MOMENT
    with pytest.raises(CommandError, match="retour"):
        call_command("sandbox_clock", "hier")


def test_the_page_moves_the_clock_without_a_script(seeded: None, broker: PretendBroker) -> None:
    browser = Client()
    assert "Avancer de 37 mois" in browser.get("/horloge/").content.decode()
    assert "Revenir au présent" not in browser.get("/horloge/").content.decode()
    answer = browser.post("/horloge/avancer", {"step": "+8d"}, follow=True)
    there = timezone.localtime(clock.now())
    assert f"{there:%d/%m/%Y}" in answer.content.decode()
    assert f"{there:%d/%m/%Y}" in browser.get("/").content.decode()
    assert "Revenir au présent" in browser.get("/horloge/").content.decode()
    browser.post("/horloge/retour")
    assert "Revenir au présent" not in browser.get("/horloge/").content.decode()
    assert browser.get("/horloge/avancer").status_code == 405
    assert "Un pas s’écrit" in browser.post("/horloge/avancer", follow=True).content.decode()


@pytest.mark.parametrize("site", ["laposte"], indirect=True)
def test_a_sign_in_keeps_the_time_of_the_machine(
    browser: Client, site: IdentityProviderSite
) -> None:
    clock.advance(Step(months=37))
    code = rp.sign_in(browser, site)["code"]
    assert rp.post_token(browser, site, code).status_code == 200


def test_a_step_comes_back_to_the_page_it_was_made_on_and_nowhere_else(db: None) -> None:
    def then(page: str) -> str:
        return Client().post("/horloge/avancer", {"step": "+1h", "page": page})["Location"]

    assert then("letterbox") == "/boite-aux-lettres/"
    assert then("sandbox_home") == "/"
    assert then("https://example.org/") == "/horloge/"
