"""What an identity provider answers to good and bad authentication requests."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AuthenticationRequest
from tests.sandbox import relying_party as rp


def test_a_good_request_leads_to_a_login_page(browser: Client, site: IdentityProviderSite) -> None:
    page = rp.open_login_page(browser)
    text = page.content.decode()
    assert page.status_code == 200
    assert site.title in text
    assert site.identifier.label in text
    assert 'type="password"' in text


def test_a_request_by_post_is_as_good(browser: Client, site: IdentityProviderSite) -> None:
    answer = browser.post("/authorize", rp.request())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "stranger"},
        {"client_id": None},
        {"redirect_uri": "http://localhost:8000/api/v2/oidc-callback/"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": None},
        {"client_id": ["franceconnect", "franceconnect"]},
    ],
)
def test_an_untrusted_request_stays_on_a_page(
    browser: Client, site: IdentityProviderSite, changes: dict[str, str | list[str] | None]
) -> None:
    answer = rp.authorize(browser, **changes)
    assert answer.status_code == 400
    assert "Location" not in answer
    assert not AuthenticationRequest.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"prompt": "login none"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://x.example"}, "request_uri_not_supported"),
        ({"nonce": ["a", "b"]}, "invalid_request"),
        ({"nonce": "a\0b"}, "invalid_request"),
    ],
)
def test_a_bad_request_goes_back_with_error_state_and_iss(
    browser: Client,
    site: IdentityProviderSite,
    changes: dict[str, str | list[str] | None],
    error: str,
) -> None:
    answer = rp.authorize(browser, **changes)
    told = rp.parameters(answer)
    assert told["error"] == error
    assert told["state"] == rp.STATE
    assert told["iss"] == site.issuer
    assert "code" not in told


def test_state_is_left_out_when_none_was_sent(browser: Client, site: IdentityProviderSite) -> None:
    assert "state" not in rp.sign_in(browser, site, state=None)


def test_the_way_back_says_access_denied(browser: Client, site: IdentityProviderSite) -> None:
    page = rp.open_login_page(browser).content.decode().replace("&amp;", "&")
    address = page.split('class="back" href="')[1].split('"')[0]
    told = parse_qs(urlsplit(address).query)
    assert told["error"] == ["access_denied"]
    assert told["state"] == [rp.STATE.replace("&", "&")]
    assert told["iss"] == [site.issuer]


def test_discovery_and_keys_agree_with_the_endpoints(
    browser: Client, site: IdentityProviderSite
) -> None:
    document = browser.get("/.well-known/openid-configuration").json()
    keys = browser.get("/jwks").json()["keys"]
    assert document["issuer"] == site.issuer
    assert document["end_session_endpoint"] == f"{site.issuer}/end_session"
    assert document["id_token_signing_alg_values_supported"] == [site.id_token_alg]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert keys[0]["alg"] == site.id_token_alg
    assert all({"kid", "alg", "use"} <= key.keys() and "d" not in key for key in keys)
