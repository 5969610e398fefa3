"""Logging out: the service, us, the identity provider, and back."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.audit.models import Entry
from apps.broker.models import SsoSession
from apps.protocol import jose
from tests.builders import LOGGED_OUT, a_service_provider
from tests.driver import Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db
STATE = "état à rendre, octet pour octet : %20+&"


def hint_of(browser: Browser, **asked: Any) -> str:
    token: str = redeem(query_of(browser.sign_in(**asked))["code"]).json()["id_token"]
    return token


def leave(browser: Browser, **parameters: str) -> Any:
    return browser.client.get("/api/v2/session/end", parameters)


def test_L02_logging_out_goes_by_the_provider_and_back_to_the_service(browser: Browser) -> None:
    hint = hint_of(browser)
    response = leave(browser, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT, state=STATE)
    assert response["Location"].startswith(browser.idp.issuer + "/logout?")
    asked = query_of(response["Location"])
    assert (
        asked["post_logout_redirect_uri"] == "http://localhost:8000/api/v2/client/logout-callback"
    )
    assert asked["id_token_hint"] != hint
    assert not SsoSession.objects.exists()
    back = browser.client.get("/api/v2/client/logout-callback", {"state": asked["state"]})
    assert back["Location"].startswith(LOGGED_OUT)
    assert query_of(back["Location"]) == {"state": STATE}
    steps = list(Entry.objects.order_by("id").values_list("step", flat=True))
    assert steps[-3:] == ["8.0.0", "8.1.0", "8.2.0"]
    ends = Entry.objects.filter(step__startswith="8.")
    assert len({(line.sp, line.idp, line.browsing_session) for line in ends}) == 1
    assert not browser.ask()["Location"].endswith("/verify")


def test_a_provider_without_logout_is_left_aside(browser: Browser) -> None:
    browser.idp.alter_configuration = lambda c: {
        name: value for name, value in c.items() if name != "end_session_endpoint"
    }
    response = leave(browser, id_token_hint=hint_of(browser), post_logout_redirect_uri=LOGGED_OUT)
    assert response["Location"] == LOGGED_OUT
    assert not Entry.objects.filter(step="8.1.0").exists()


def test_L08_no_state_is_given_back_when_none_came(browser: Browser) -> None:
    hint = hint_of(browser)
    SsoSession.objects.all().delete()
    response = leave(browser, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT)
    assert response["Location"] == LOGGED_OUT


BAD_ADDRESSES = {
    "L03 unregistered": "https://evil.example/",
    "L10 added query": LOGGED_OUT + "?foo=bar",
    "S-138 prefix": "https://mairie.example/",
    "S-138 script": "javascript:alert(1)",
    "S-138 scheme-relative": "//evil.example",
}


@pytest.mark.parametrize("address", BAD_ADDRESSES.values(), ids=BAD_ADDRESSES)
def test_an_unregistered_address_is_not_gone_to(address: str, browser: Browser) -> None:
    hint = hint_of(browser)
    SsoSession.objects.all().delete()
    response = leave(browser, id_token_hint=hint, post_logout_redirect_uri=address)
    assert response.status_code == 200
    assert "Vous êtes déconnecté" in response.content.decode()


def bad_hints(browser: Browser) -> dict[str, str]:
    hint = hint_of(browser)
    stranger = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    claims = jose.unverified_claims(hint)
    tokens = redeem(query_of(browser.sign_in(prompt="login"))["code"]).json()
    return {
        "L04 alg none": "eyJhbGciOiJub25lIn0." + hint.split(".")[1] + ".",
        "L11 signed by somebody else": jose.sign(claims, stranger.keys[0]),
        "S-041 a userinfo JWT": read_userinfo(tokens["access_token"]).content.decode(),
        "garbage": "garbage",
    }


def test_a_bad_hint_asks_for_a_confirmation_and_goes_nowhere(browser: Browser) -> None:
    for name, hint in bad_hints(browser).items():
        response = leave(browser, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT)
        assert response.status_code == 200, name
        assert "Voulez-vous vous déconnecter" in response.content.decode(), name
        assert SsoSession.objects.exists(), name


def test_S_140_without_hint_the_citizen_confirms(browser: Browser) -> None:
    browser.sign_in()
    page = leave(browser, post_logout_redirect_uri=LOGGED_OUT)
    assert SsoSession.objects.exists()
    form = {"csrfmiddlewaretoken": browser.csrf(page), "post_logout_redirect_uri": LOGGED_OUT}
    response = browser.client.post("/api/v2/session/end/confirm", form)
    assert response["Location"].startswith(browser.idp.issuer)
    assert not SsoSession.objects.exists()
    state = query_of(response["Location"])["state"]
    end = browser.client.get("/api/v2/client/logout-callback", {"state": state})
    assert "Vous êtes déconnecté" in end.content.decode()  # L05: no hint, no redirect


def test_a_hint_of_somebody_else_asks_for_a_confirmation(browser: Browser) -> None:
    hint = hint_of(browser)
    browser.idp.person |= {"given_name": "Paul", "sub": "paul"}
    browser.sign_in(prompt="login")
    assert "Voulez-vous" in leave(browser, id_token_hint=hint).content.decode()
    assert SsoSession.objects.exists()


def test_S_139_an_expired_hint_still_serves(browser: Browser) -> None:
    from apps.broker.op import keys

    claims = {**jose.unverified_claims(hint_of(browser)), "exp": 1_000_000_000, "iat": 999_999_940}
    old = jose.sign(claims, keys.ours().for_alg(jose.Alg.ES256))
    assert leave(browser, id_token_hint=old)["Location"].startswith(browser.idp.issuer)


def test_logging_out_after_the_session_ended_still_goes_back(browser: Browser) -> None:
    hint = hint_of(browser)
    response = Client().get(
        "/api/v2/session/end",
        {"id_token_hint": hint, "post_logout_redirect_uri": LOGGED_OUT, "state": "s"},
    )
    assert response["Location"] == LOGGED_OUT + "?state=s"


def test_a_logout_return_with_another_state_goes_nowhere(browser: Browser) -> None:
    hint = hint_of(browser)
    leave(browser, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT)
    response = browser.client.get("/api/v2/client/logout-callback", {"state": "forged"})
    assert response.status_code == 200
    assert "Location" not in response


def test_the_other_services_are_named(browser: Browser) -> None:
    a_service_provider("region", name="Région Exemple")
    browser.idp.alter_configuration = lambda c: {
        k: v for k, v in c.items() if "end_session" not in k
    }
    hint = hint_of(browser)
    browser.go_on(browser.open(browser.ask(client_id="region"))["Location"])
    assert "Région Exemple" in leave(browser, id_token_hint=hint).content.decode()


def test_unknown_logout_parameters_are_ignored(browser: Browser) -> None:
    hint = hint_of(browser)
    SsoSession.objects.all().delete()
    response = leave(
        browser, id_token_hint=hint, client_id="mairie", logout_hint="x", ui_locales="fr",
        post_logout_redirect_uri=LOGGED_OUT,
    )  # fmt: skip
    assert response["Location"] == LOGGED_OUT


def test_the_discovery_document_announces_what_exists(browser: Browser) -> None:
    document = json.loads(browser.client.get("/api/v2/.well-known/openid-configuration").content)
    assert document["issuer"] == "http://localhost:8000/api/v2"
    assert document["end_session_endpoint"] == document["issuer"] + "/session/end"
    assert document["userinfo_signing_alg_values_supported"] == ["ES256", "RS256", "HS256"]
    assert "RS256" in document["id_token_signing_alg_values_supported"]
    keys = json.loads(browser.client.get("/api/v2/jwks").content)["keys"]
    assert [key["alg"] for key in keys] == ["ES256", "RS256"]
    assert all({"kid", "use", "alg", "kty"} <= key.keys() and "d" not in key for key in keys)
