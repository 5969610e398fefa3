"""An account that is not verified: it signs nobody in, says what remains to do, and tells the broker."""

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AccountState, Grant, IdentityAccount
from tests.sandbox import relying_party as rp

PASSWORD = "chateau-de-sable"
NOT_VERIFIED = [state for state in AccountState.values if state != "verified"]


def in_state(site: IdentityProviderSite, state: str) -> None:
    """Put Angèle's account in a state."""
    found = IdentityAccount.objects.filter(site=site.slug, claims__birthdate="1985-03-14")
    assert found.update(state=state) == 1


def sign_in(browser: Client, site: IdentityProviderSite) -> HttpResponse:
    """Type the right password; the answer is the page that follows."""
    page = rp.open_login_page(browser)
    answer = rp.post_login(browser, page, rp.identifier_of(site), PASSWORD)
    assert answer.status_code == 303
    return browser.get(answer["Location"])


def way_back(page: HttpResponse) -> str:
    found = re.search(r'href="([^"]+)">Revenir à FranceConnect', page.content.decode())
    assert found
    return unescape(found[1])


@pytest.mark.parametrize("state", NOT_VERIFIED)
def test_an_account_that_is_not_verified_gets_no_code(
    browser: Client, site: IdentityProviderSite, state: str
) -> None:
    in_state(site, state)
    page = sign_in(browser, site)
    assert page.status_code == 200
    assert "ne permet pas de se connecter" in page.content.decode()
    assert not Grant.objects.exists()


def test_the_broker_is_told_by_the_error_code_of_the_standard(
    browser: Client, site: IdentityProviderSite
) -> None:
    in_state(site, "to_verify")
    address = way_back(sign_in(browser, site))
    assert address.startswith(rp.redirect_uri() + "?")
    told = rp.parameters({"Location": address})
    assert told["error"] == "unmet_authentication_requirements"
    assert told["state"] == rp.STATE
    assert told["iss"] == site.issuer


def test_a_wrong_password_does_not_tell_the_state(
    browser: Client, site: IdentityProviderSite
) -> None:
    in_state(site, "closed")
    page = rp.open_login_page(browser)
    answer = rp.post_login(browser, page, rp.identifier_of(site), "pas-le-bon")
    assert answer.status_code == 200
    assert "ne correspondent pas" in answer.content.decode()


def test_a_session_that_was_open_answers_no_more_once_the_account_is_closed(
    browser: Client, site: IdentityProviderSite
) -> None:
    rp.sign_in(browser, site)
    in_state(site, "closed")
    told = rp.parameters(rp.authorize(browser, prompt="none"))
    assert told["error"] == "unmet_authentication_requirements"
    assert "/a-terminer" in rp.authorize(browser, prompt=None)["Location"]


def test_once_verified_the_same_form_goes_on(browser: Client, site: IdentityProviderSite) -> None:
    in_state(site, "to_verify")
    page = rp.open_login_page(browser)
    assert (
        "/a-terminer" in rp.post_login(browser, page, rp.identifier_of(site), PASSWORD)["Location"]
    )
    in_state(site, "verified")
    answer = rp.post_login(browser, page, rp.identifier_of(site), PASSWORD)
    assert answer["Location"].startswith(rp.redirect_uri() + "?")


def test_failures_count_for_the_address_whatever_the_identifier(
    browser: Client, site: IdentityProviderSite
) -> None:
    unknown = {
        "impots": "00099999999{:02}",
        "ameli": "14805999993{:02}",
        "laposte": "qui{}@example.org",
    }
    page = rp.open_login_page(browser)
    for number in range(5):
        typed = unknown[site.slug].format(number)
        assert rp.post_login(browser, page, typed, "pas-le-bon").status_code == 200
    answer = rp.post_login(browser, page, rp.identifier_of(site), PASSWORD)
    assert answer.status_code == 429
    elsewhere = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.7")
    page = rp.open_login_page(elsewhere)
    assert rp.post_login(elsewhere, page, rp.identifier_of(site), PASSWORD).status_code == 303
