"""« Continuer », pressed twice or too late; « Ce n’est pas moi »; and what logging out ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.audit.models import Entry
from apps.broker.models import Grant, SignIn, SsoSession
from apps.notifications.models import Message
from apps.protocol import jose
from tests.driver import Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db


def press_twice(browser: Browser) -> tuple[HttpResponse, Callable[[], HttpResponse]]:
    """Return the answer to « Continuer », and what presses it again on the same page."""
    information = browser.to_information(prompt="login")
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(information))}

    def press() -> HttpResponse:
        return browser.client.post(information.replace("/consent", "/login"), form)

    return press(), press


def test_S_200_going_on_twice_gives_one_code_one_message_and_the_same_answer(
    browser: Browser,
) -> None:
    first, press_again = press_twice(browser)
    del browser.client.cookies["fc_session"]  # what came with the answer that the browser dropped
    second = press_again()
    assert first.status_code == second.status_code == 303
    assert second["Location"] == first["Location"]
    assert second.cookies["fc_session"].value == first.cookies["fc_session"].value
    assert Grant.objects.count() == Message.objects.count() == SsoSession.objects.count() == 1
    assert redeem(query_of(second["Location"])["code"]).status_code == 200


def test_S_200_a_press_judged_during_the_first_follows_its_answer(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    information = browser.to_information()
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(information))}
    action, other = information.replace("/consent", "/login"), Client()
    other.cookies = browser.client.cookies
    first: list[HttpResponse] = []
    draw = jose.random_token

    def meanwhile() -> str:
        """Answer another press while this one draws the secret of its session."""
        monkeypatch.setattr(jose, "random_token", draw)
        first.append(other.post(action, form))
        return draw()

    monkeypatch.setattr(jose, "random_token", meanwhile)
    second = browser.client.post(action, form)
    assert second["Location"] == first[0]["Location"]
    assert Grant.objects.count() == Message.objects.count() == 1


def test_S_200_a_code_that_was_used_is_not_sent_again(browser: Browser) -> None:
    first, press_again = press_twice(browser)
    tokens = redeem(query_of(first["Location"])["code"])
    assert "Vous avez déjà continué" in press_again().content.decode()
    assert read_userinfo(tokens.json()["access_token"]).status_code == 200


def test_a_code_that_expired_is_not_sent_again(browser: Browser) -> None:
    _, press_again = press_twice(browser)
    Grant.objects.update(expires=datetime.now(UTC))
    assert "Vous avez déjà continué" in press_again().content.decode()


def test_not_me_forgets_the_identity_and_the_session_and_offers_the_accounts(
    browser: Browser,
) -> None:
    browser.sign_in()
    information = browser.open(browser.ask())["Location"]
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(information))}
    response = browser.client.post(information.replace("/consent", "/not-me"), form)
    assert not SsoSession.objects.exists()
    assert Entry.objects.filter(step="9.1.1").count() == 1
    sign_in = SignIn.objects.latest("created_at")
    assert (sign_in.sealed, sign_in.account, sign_in.is_sso) == (None, None, False)
    assert browser.open(response).status_code == 200
    assert "ORDINAIRE" not in browser.client.get(information).content.decode()
    refused = browser.client.post(information.replace("/consent", "/login"), form)
    assert "Y190004" in refused.content.decode()


def recognised(browser: Browser, **asked: Any) -> tuple[str, dict[str, str]]:
    """Return the information page of a recognised citizen, and its form."""
    information = browser.open(browser.ask(**asked))["Location"]
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(information))}
    return information.replace("/consent", "/login"), form


def log_out(browser: Browser, code: str) -> None:
    hint = redeem(code).json()["id_token"]
    assert browser.client.get("/api/v2/session/end", {"id_token_hint": hint}).status_code == 302


def test_S_130_logging_out_ends_the_sign_ins_of_the_browser(browser: Browser) -> None:
    code = query_of(browser.sign_in())["code"]
    action, form = recognised(browser)
    fresh = browser.to_information(prompt="login")
    log_out(browser, code)
    for left in (action, fresh.replace("/consent", "/login")):
        assert browser.client.post(left, form).status_code >= 400
    assert Grant.objects.count() == 1
    assert not SsoSession.objects.exists()
    assert Entry.objects.filter(step="9.1.0").count() == 2


def test_S_130_an_answer_is_not_given_again_after_logging_out(browser: Browser) -> None:
    code = query_of(browser.sign_in())["code"]
    _, press_again = press_twice(browser)
    log_out(browser, code)
    assert "Vous avez déjà continué" in press_again().content.decode()


def test_S_130_a_session_closed_elsewhere_gives_no_code(browser: Browser) -> None:
    browser.sign_in()
    action, form = recognised(browser)
    SsoSession.objects.all().delete()
    assert "Y190001" in browser.client.post(action, form).content.decode()
    assert Grant.objects.count() == 1


def test_a_recognised_citizen_prolongs_no_session_but_their_own(browser: Browser) -> None:
    """Somebody else signs in, in another tab, between the page and « Continuer »."""
    browser.sign_in()
    action, form = recognised(browser)
    browser.idp.person |= {"given_name": "Bob", "sub": "bob"}
    browser.sign_in(prompt="login")
    assert "Y190001" in browser.client.post(action, form).content.decode()
    assert [session.services for session in SsoSession.objects.all()] == [["mairie"], ["mairie"]]


def test_a_service_visited_twice_is_counted_once(browser: Browser) -> None:
    browser.sign_in()
    for _ in range(2):
        browser.client.post(*recognised(browser))
    assert SsoSession.objects.get().services == ["mairie"]


def test_S_125_the_secret_of_a_sign_in_is_renewed_when_a_session_recognises(
    browser: Browser,
) -> None:
    browser.sign_in()
    verify_url = browser.ask()["Location"]
    name = f"fc_signin_{SignIn.objects.latest('created_at').pk.hex}"
    planted = browser.client.cookies[name].value
    information = browser.client.get(verify_url)["Location"]
    assert browser.client.get(information).status_code == 200
    thief = Client()
    thief.cookies[name] = planted
    assert thief.get(information).status_code == 401


def test_going_back_twice_gives_the_same_answer_and_one_line(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(page_url))}
    first, second = (browser.client.post(f"{page_url}/abandon", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Entry.objects.filter(step="9.1.0").count() == 1
