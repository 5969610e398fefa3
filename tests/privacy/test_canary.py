"""S-192, S-132: a citizen goes through the platform; nothing of them is at rest anywhere.

One scenario a test, so that a failure names what was being lived when the leak was made. The search
follows at once: sessions are open, identities wait sealed, messages are not all delivered.
"""

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.backoffice.privacy.place import Area
from apps.broker.models import AccessToken, Grant, SignIn, SsoSession
from apps.notifications import delivery
from apps.notifications.models import Message
from tests.builders import LOGGED_OUT
from tests.driver import Browser, query_of, read_userinfo, redeem
from tests.notifications.relay import Relay
from tests.privacy.canary import NOWHERE, PERSON, TOLD
from tests.privacy.conftest import Search
from tests.programmable_idp import Canned

Unkind = Callable[[Browser], None]
SCOPE = "openid identite_pivot email preferred_username"


def check_nothing_is_found(search: Search, **secrets: str) -> None:
    found = search(**secrets)
    assert not found.unread
    assert not [str(leak) for leak in found.leaks]
    assert found.counts[Area.TABLES].items > 0


def return_of(browser: Browser, **overrides: Any) -> HttpResponse:
    """Go to the provider and come back."""
    departure = browser.choose(browser.ask(scope=SCOPE)["Location"])
    return browser.come_back(departure, **overrides)


def read_jws(content: bytes) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(content.split(b".")[1] + b"=="))
    return claims


# --- Sign-ins that succeed --------------------------------------------------------------------------


def test_a_whole_sign_in_keeps_nothing(
    browser: Browser, relay: Relay, queue: Callable[[], int], search: Search
) -> None:
    code = query_of(browser.sign_in(scope=SCOPE))["code"]
    tokens = redeem(code).json()
    claims = read_jws(read_userinfo(tokens["access_token"]).content)
    assert {name: claims[name] for name in PERSON if name != "sub"} == {
        name: value for name, value in PERSON.items() if name != "sub"
    }
    assert queue() == 1
    assert delivery.deliver_due() == 1
    assert [mail["To"] for mail in relay.received] == [PERSON["email"]]
    check_nothing_is_found(search)
    assert Account.objects.count() == SsoSession.objects.count() == 1
    assert Entry.objects.filter(step="7.3.0").exists()


def test_what_waits_is_sealed_under_secrets_that_are_nowhere(
    browser: Browser, search: Search
) -> None:
    token = redeem(query_of(browser.sign_in(scope=SCOPE))["code"]).json()["access_token"]
    page = browser.open(browser.ask(scope=SCOPE))["Location"]
    code = query_of(browser.go_on(page)["Location"])["code"]
    browser.open(browser.ask(scope=SCOPE))
    cookies = {
        name: cookie.value for name, cookie in browser.client.cookies.items() if "csrf" not in name
    }
    assert len(cookies) == 4
    check_nothing_is_found(search, code=code, access_token=token, **cookies)
    assert SignIn.objects.exclude(sealed=None).exists()
    assert SsoSession.objects.exclude(sealed=None).exists()
    assert Grant.objects.exclude(sealed=None).exists()
    assert AccessToken.objects.exclude(sealed=None).exists()
    assert Message.objects.exclude(recipient=None).count() == 2


def test_sso_consent_and_logout_keep_nothing(browser: Browser, search: Search) -> None:
    hint = redeem(query_of(browser.sign_in(scope=SCOPE))["code"]).json()["id_token"]
    for client_id in ("region", "eau"):
        page = browser.open(browser.ask(client_id=client_id, scope=SCOPE))["Location"]
        assert "code=" in browser.go_on(page, consent="true")["Location"]
    leaving = {"id_token_hint": hint, "post_logout_redirect_uri": LOGGED_OUT}
    gone = browser.client.get("/api/v2/session/end", leaving)
    state = query_of(gone["Location"])["state"]
    browser.client.get("/api/v2/client/logout-callback", {"state": state})
    assert delivery.deliver_due() == 3
    check_nothing_is_found(search)
    assert not SsoSession.objects.exists()


# --- Sign-ins that stop on the way ------------------------------------------------------------------


def test_an_identity_left_on_the_information_page_is_sealed(
    browser: Browser, search: Search
) -> None:
    page = browser.to_information(scope=SCOPE)
    shown = html.unescape(browser.client.get(page).content.decode())
    assert PERSON["family_name"] in shown
    check_nothing_is_found(search)
    assert SignIn.objects.exclude(sealed=None).count() == 1


@pytest.mark.parametrize("gesture", ["abandon", "not-me"])
def test_turning_back_on_the_information_page_keeps_nothing(
    gesture: str, browser: Browser, search: Search
) -> None:
    page = browser.to_information(scope=SCOPE)
    token = browser.csrf(browser.client.get(page))
    action = page.replace("/consent", f"/{gesture}")
    assert browser.client.post(action, {"csrfmiddlewaretoken": token}).status_code == 303
    check_nothing_is_found(search)


@pytest.mark.parametrize(
    "person",
    [
        {"birthplace": NOWHERE}, {"birthdate": NOWHERE}, {"gender": NOWHERE}, {"email": NOWHERE},
        {"email": None}, {"given_name": {"fr": PERSON["given_name"]}}, {"sub": "é" + PERSON["sub"]},
    ],
    ids=lambda person: " ".join(person),
)  # fmt: skip
def test_an_identity_that_is_refused_is_not_told(
    person: dict[str, Any], browser: Browser, search: Search
) -> None:
    browser.idp.person |= person
    assert return_of(browser).status_code >= 400
    check_nothing_is_found(search)
    assert not Account.objects.exists()


# --- Partners that tell too much --------------------------------------------------------------------


def test_an_error_of_the_provider_is_not_repeated(browser: Browser, search: Search) -> None:
    told = {"code": None, "error": "server_error", "error_description": TOLD, "error_uri": TOLD}
    assert return_of(browser, **told).status_code == 303
    check_nothing_is_found(search)


def whole_person_in(name: str, status: int = 200) -> Unkind:
    """Return a provider whose /token answers the whole person, in the form of a name."""
    bodies = {
        "text": TOLD.encode(),
        "JSON": json.dumps({"error": "invalid_grant", "error_description": TOLD}).encode(),
        "list": json.dumps([PERSON], ensure_ascii=False).encode(),
        "token": json.dumps({"id_token": TOLD, "access_token": "at"}).encode(),
    }

    def tell(browser: Browser) -> None:
        browser.idp.canned["/token"] = Canned(bodies[name], status)

    return tell


def in_id_token(**claims: Any) -> Unkind:
    def tell(browser: Browser) -> None:
        browser.idp.alter_id_token = lambda honest: {**honest, **PERSON, **claims}

    return tell


def in_userinfo(**claims: Any) -> Unkind:
    def tell(browser: Browser) -> None:
        browser.idp.alter_userinfo = lambda honest: {**honest, **claims}

    return tell


def userinfo_announced_as(content_type: str) -> Unkind:
    def tell(browser: Browser) -> None:
        browser.idp.userinfo_type = content_type

    return tell


UNKIND: dict[str, Unkind] = {
    "token answers text": whole_person_in("text"),
    "token answers an error": whole_person_in("JSON", 400),
    "token answers 500": whole_person_in("text", 500),
    "token answers a list": whole_person_in("list"),
    "ID token that is no token": whole_person_in("token"),
    "ID token for somebody else": in_id_token(aud=TOLD),
    "ID token of another issuer": in_id_token(iss=TOLD),
    "ID token with another nonce": in_id_token(nonce=TOLD),
    "ID token with dates in words": in_id_token(exp=TOLD),
    "level in words": in_id_token(acr=TOLD),
    "userinfo of somebody else": in_userinfo(sub=TOLD),
    "userinfo announced as a page": userinfo_announced_as("text/html"),
    "userinfo announced as signed": userinfo_announced_as("application/jwt"),
}


@pytest.mark.parametrize("way", UNKIND)
def test_what_an_unkind_provider_tells_is_not_repeated(
    way: str, browser: Browser, search: Search
) -> None:
    UNKIND[way](browser)
    assert return_of(browser).status_code >= 400
    check_nothing_is_found(search)


# --- Failures of ours -------------------------------------------------------------------------------


def test_a_message_that_cannot_leave_keeps_its_recipient_sealed(
    browser: Browser, relay: Relay, search: Search
) -> None:
    relay.stop()
    browser.sign_in(scope=SCOPE)
    assert delivery.deliver_due() == 0
    message = Message.objects.get()
    assert (message.sent_at, message.open_recipient()) == (None, PERSON["email"])
    assert message.last_error
    check_nothing_is_found(search)


@pytest.mark.parametrize("reply", ["451 Later", "550 No such user"])
def test_a_relay_that_quotes_the_recipient_is_not_repeated(
    reply: str, browser: Browser, relay: Relay, search: Search
) -> None:
    relay.to_recipient.append(f"{reply} <{PERSON['email']}>")
    browser.sign_in(scope=SCOPE)
    assert delivery.deliver_due() == 0
    assert Message.objects.get().last_error.startswith("SMTPRecipientsRefused")
    check_nothing_is_found(search)


def test_a_failure_of_ours_with_the_identity_in_hand_is_not_told(
    browser: Browser, settings: Settings, search: Search, log: Path
) -> None:
    settings.IDENTITY_HASH_KEY = b"short"
    assert return_of(browser).status_code == 500
    assert "unexpected" in log.read_text()
    check_nothing_is_found(search)


def test_a_failure_of_ours_at_the_token_endpoint_is_not_told(
    browser: Browser, settings: Settings, search: Search, log: Path
) -> None:
    code = query_of(browser.sign_in(scope=SCOPE))["code"]
    settings.SUBJECT_SECRET = b"short"
    assert redeem(code).status_code == 500
    assert "unexpected" in log.read_text()
    check_nothing_is_found(search)
