"""What a service may send to /authorize, and where each error goes."""

from typing import Any

import pytest

from apps.audit.models import Entry
from apps.broker.models import SignIn
from apps.service_providers.models import NoncePolicy, ServiceProvider
from tests.builders import CALLBACK
from tests.driver import STATE, Browser, query_of

pytestmark = pytest.mark.django_db

PAGES: dict[str, tuple[dict[str, Any], str]] = {
    "RFC 6749 §4.1.2.1 unknown client": ({"client_id": "nobody"}, "Y04EA6EF"),
    "RFC 6749 §3.1 no client_id": ({"client_id": None}, "Y030007"),
    "RFC 9700 §4.1.3 unregistered": ({"redirect_uri": "https://evil.example/"}, "Y04C013C"),
    "RFC 9700 §4.1.3 trailing slash": ({"redirect_uri": CALLBACK + "/"}, "Y04C013C"),
    "RFC 9700 §4.1.3 added query": ({"redirect_uri": CALLBACK + "?a=1"}, "Y04C013C"),
    "RFC 9700 §4.1.3 other case": ({"redirect_uri": CALLBACK.upper()}, "Y04C013C"),
    "RFC 9700 §4.1.3 explicit port": (
        {"redirect_uri": "https://mairie.example:443/callback"},
        "Y04C013C",
    ),
    "S-010 monstrous address": ({"redirect_uri": "http://[::::" + "a" * 100_000}, "Y030007"),
    "S-011 the address is judged before the scope": (
        {"redirect_uri": "https://evil.example/", "scope": "nothing"},
        "Y04C013C",
    ),
    "RFC 6749 §3.1 repeated client_id": ({"client_id": ["mairie", "mairie"]}, "Y030007"),
}

REDIRECTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "B02 no response_type": ({"response_type": None}, "invalid_request", "Y048017B"),
    "S-012 token": ({"response_type": "token"}, "unsupported_response_type", "Y0411646"),
    "S-012 code token": ({"response_type": "code token"}, "unsupported_response_type", "Y0411646"),
    "S-012 fragment": ({"response_mode": "fragment"}, "invalid_request", "Y039002"),
    "OIDC Core §3.1.2.1 no openid": ({"scope": "email"}, "invalid_request", "Y04EE963"),
    "S-016 scope not granted": ({"scope": "openid birthdate"}, "invalid_scope", "Y044D706"),
    "S-020 no nonce": ({"nonce": None}, "invalid_request", "Y039004"),
    "S-020 21 characters": ({"nonce": "n" * 21}, "invalid_request", "Y039004"),
    "FranceConnect no acr_values": ({"acr_values": None}, "invalid_request", "Y039007"),
    "S-015 level not served": ({"acr_values": "eidas3"}, "invalid_acr", "Y0451265"),
    "B18 prompt none not allowed": ({"prompt": "none"}, "invalid_request", "Y039005"),
    "S-014 prompt none login": ({"prompt": "none login"}, "invalid_request", "Y039005"),
    "S-014 max_age negative": ({"max_age": "-1"}, "invalid_request", "Y039006"),
    "S-018 request": ({"request": "a.b.c"}, "request_not_supported", "Y039010"),
    "S-018 request_uri": (
        {"request_uri": "http://127.0.0.1/"},
        "request_uri_not_supported",
        "Y039011",
    ),
    "S-017 claims": ({"claims": "{"}, "invalid_request", "Y0485169"),
    "OIDC Core §5.5 amr not granted": (
        {"claims": '{"id_token":{"amr":null}}'},
        "invalid_request",
        "Y100009",
    ),
    "S-066 plain": (
        {"code_challenge": "c" * 43, "code_challenge_method": "plain"},
        "invalid_request",
        "Y039008",
    ),
    "FranceConnect §2.7 hint": ({"idp_hint": "impots"}, "invalid_idp_hint", "Y030032"),
    "RFC 6749 §3.1 repeated scope": (
        {"scope": ["openid", "openid"]},
        "invalid_request",
        "Y0496E4A",
    ),
}


@pytest.mark.parametrize(("sent", "code"), PAGES.values(), ids=PAGES)
def test_an_untrusted_address_is_never_redirected_to(
    sent: dict[str, Any], code: str, browser: Browser
) -> None:
    response = browser.ask(**sent)
    assert response.status_code == 400
    assert code in response.content.decode()
    assert "Location" not in response
    assert not SignIn.objects.exists()
    assert Entry.objects.get().code == code


@pytest.mark.parametrize(("sent", "error", "code"), REDIRECTS.values(), ids=REDIRECTS)
def test_every_other_error_goes_back_with_state_and_iss(
    sent: dict[str, Any], error: str, code: str, browser: Browser
) -> None:
    response = browser.ask(**sent)
    assert response.status_code == 303
    assert response["Location"].startswith(CALLBACK + "?")
    answer = query_of(response["Location"])
    assert answer["error"] == error
    assert code in answer["error_description"]
    assert answer["state"] == STATE
    assert answer["iss"] == "http://localhost:8000/api/v2"
    assert not SignIn.objects.exists()


def test_an_error_without_state_carries_none(browser: Browser) -> None:
    assert "state" not in query_of(browser.ask(state=None, scope="email")["Location"])


def test_a_disabled_service_is_unknown(browser: Browser) -> None:
    ServiceProvider.objects.update(active=False)
    assert "Y04EA6EF" in browser.ask().content.decode()


def test_B22_unknown_parameters_are_ignored(browser: Browser) -> None:
    response = browser.ask(extra="foobar", login_hint="x", ui_locales="fr", display="page")
    assert "/interaction/" in response["Location"]


def test_B31_a_request_by_post_succeeds_from_another_site(browser: Browser) -> None:
    form = {
        "response_type": "code", "client_id": "mairie", "redirect_uri": CALLBACK, "scope": "openid",
        "state": "s" * 32, "nonce": "n" * 32, "acr_values": "eidas1",
    }  # fmt: skip
    response = browser.client.post(
        "/api/v2/authorize", form, headers={"Origin": "https://mairie.example"}
    )
    assert response.status_code == 303
    assert "/interaction/" in response["Location"]


def test_B08_no_nonce_passes_when_the_policy_of_the_service_says_so(browser: Browser) -> None:
    ServiceProvider.objects.update(nonce_policy=NoncePolicy.OPTIONAL, acr_required=False)
    assert "/interaction/" in browser.ask(nonce=None, acr_values=None)["Location"]


def test_a_redirect_uri_may_carry_a_query(browser: Browser) -> None:
    ServiceProvider.objects.update(redirect_uris="https://mairie.example/?openidconnectcallback=1")
    address = "https://mairie.example/?openidconnectcallback=1"
    location = browser.sign_in(redirect_uri=address)
    assert location.startswith(address + "&")
    assert query_of(location)["openidconnectcallback"] == "1"


def test_unknown_scopes_are_ignored(browser: Browser) -> None:
    assert "/interaction/" in browser.ask(scope="unknown email openid")["Location"]


@pytest.mark.parametrize("values", ["eidas1 eidas2 eidas3", "unknown", "eidas2 eidas1"])
def test_the_lowest_known_level_counts(values: str, browser: Browser) -> None:
    browser.ask(acr_values=values)
    assert SignIn.objects.get().request["acr"] == "eidas1"


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_S_022_other_methods_are_refused(method: str, browser: Browser) -> None:
    assert getattr(browser.client, method)("/api/v2/authorize").status_code == 405
