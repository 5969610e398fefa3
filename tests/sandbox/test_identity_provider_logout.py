"""RP-Initiated Logout 1.0 at the identity providers."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.registration import CLIENT_ID
from tests.sandbox import relying_party as rp


def id_token(browser: Client, site: IdentityProviderSite) -> str:
    return rp.post_token(browser, site, rp.sign_in(browser, site)["code"]).json()["id_token"]


def return_address() -> str:
    return f"{settings.BROKER_URL}/api/v2/client/logout-callback"


def is_signed_in(browser: Client) -> bool:
    return "code" in rp.parameters(rp.authorize(browser, prompt="none"))


def test_a_logout_with_our_id_token_asks_nothing_and_goes_back_with_state(
    browser: Client, site: IdentityProviderSite
) -> None:
    hint = id_token(browser, site)
    asked = {
        "id_token_hint": hint,
        "post_logout_redirect_uri": return_address(),
        "state": rp.STATE,
    }
    answer = browser.get("/end_session", asked)
    assert answer["Location"].startswith(return_address() + "?")
    assert rp.parameters(answer) == {"state": rp.STATE}
    assert not is_signed_in(browser)


@pytest.mark.parametrize("address", ["https://evil.example/", "", "PREFIX"])
def test_an_unregistered_address_is_not_followed(
    browser: Client, site: IdentityProviderSite, address: str
) -> None:
    asked = {
        "id_token_hint": id_token(browser, site),
        "post_logout_redirect_uri": address.replace("PREFIX", return_address() + "?a=b"),
    }
    answer = browser.get("/end_session", asked)
    assert answer.status_code == 200
    assert "Location" not in answer
    assert not is_signed_in(browser)


@pytest.mark.parametrize("hint", ["", "garbage", "e30.e30.e30"])
def test_without_our_id_token_the_citizen_is_asked(
    browser: Client, site: IdentityProviderSite, hint: str
) -> None:
    rp.sign_in(browser, site)
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": return_address()}
    page = browser.get("/end_session", asked)
    assert page.status_code == 200
    assert is_signed_in(browser)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    browser.post("/deconnexion", {"csrfmiddlewaretoken": token[1]})
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    ("asked", "ends_at"),
    [
        ({"client_id": CLIENT_ID}, CLIENT_ID),
        ({"client_id": "somebody"}, "/"),
        ({"client_id": CLIENT_ID, "post_logout_redirect_uri": "https://evil.example/"}, "/"),
        ({}, "/"),
    ],
)
def test_a_citizen_who_said_yes_goes_back_where_a_client_registered(
    browser: Client, site: IdentityProviderSite, asked: dict[str, str], ends_at: str
) -> None:
    rp.sign_in(browser, site)
    asked = {"post_logout_redirect_uri": return_address(), "state": rp.STATE, **asked}
    page = browser.get("/end_session", asked)
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page.content.decode()))
    assert (set(kept) > set(asked)) == (ends_at != "/")
    may_leave = f"form-action 'self' {settings.BROKER_URL}" in page["Content-Security-Policy"]
    assert may_leave == (ends_at != "/")
    answer = browser.post("/deconnexion", {name: unescape(value) for name, value in kept.items()})
    if ends_at == "/":
        assert answer["Location"] == "/"
    else:
        assert answer["Location"].startswith(return_address() + "?")
        assert rp.parameters(answer) == {"state": rp.STATE}
    assert not is_signed_in(browser)


def test_the_hint_of_somebody_else_leaves_the_session_alone(
    site: IdentityProviderSite,
) -> None:
    first, second = Client(), Client()
    hint = id_token(first, site)
    page = rp.open_login_page(second)
    other = {"impots": "rita-usage", "ameli": "paul-foyer", "laposte": "rita-usage"}[site.slug]
    rp.post_login(second, page, rp.identifier_of(site, other), "chateau-de-sable")
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": return_address()}
    assert second.get("/end_session", asked)["Location"] == return_address()
    assert is_signed_in(second)
