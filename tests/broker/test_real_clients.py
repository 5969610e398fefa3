"""What made real FranceConnect and OpenID Connect clients refuse a sign-in, one test each.

Twelve clients were watched; the number in a name is the rank of the detail, by how many refused.
"""

import json
import time
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.broker.models import SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from apps.service_providers.models import ServiceProvider
from tests.builders import CALLBACK, LOGGED_OUT, SECRET, a_service_provider
from tests.driver import Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db

ISSUER = "http://localhost:8000/api/v2"
STATES = [
    "s" * 43,
    "0123456789ab:Zm9v-bar_baz~",  # Les emplois
    "https://review.example/retour?x=1&y=%20#z",  # AMI behind its proxy
    "a state with spaces and https://example.org/",  # authentic2
    "token%3D%7BTkn%7D",  # Klee, encoded twice
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "a+b/c==",
]


def published(path: str) -> Any:
    return json.loads(Client().get("/api/v2" + path).content)


def keys() -> jose.KeySet:
    return jose.load_public_keys(published("/jwks"))


def tokens_of(browser: Browser, **asked: Any) -> dict[str, Any]:
    answer = redeem(query_of(browser.sign_in(**asked))["code"])
    assert answer.status_code == 200, answer.content
    tokens: dict[str, Any] = answer.json()
    return tokens


def claims_of(token: str, alg: str = "ES256") -> dict[str, Any]:
    return jose.verify(token, keys=keys(), alg=jose.Alg(alg))


def userinfo_of(tokens: dict[str, Any], alg: str = "ES256") -> dict[str, Any]:
    return claims_of(read_userinfo(tokens["access_token"]).content.decode(), alg)


def test_01_the_issuer_is_one_string_wherever_it_stands(browser: Browser) -> None:
    answer = query_of(browser.sign_in())
    tokens = redeem(answer["code"]).json()
    seen = {
        published("/.well-known/openid-configuration")["issuer"],
        answer["iss"],
        claims_of(tokens["id_token"])["iss"],
        userinfo_of(tokens)["iss"],
        query_of(browser.ask(scope="profile")["Location"])["iss"],
    }
    assert seen == {ISSUER}


@pytest.mark.parametrize("state", STATES)
def test_02_the_state_comes_back_byte_for_byte(state: str, browser: Browser) -> None:
    assert dict(parse_qsl(urlsplit(browser.sign_in(state=state)).query))["state"] == state
    refused = browser.ask(state=state, scope="profile")
    assert dict(parse_qsl(urlsplit(refused["Location"]).query))["state"] == state


@pytest.mark.parametrize("nonce", ["n" * 22, "A0" * 64, "YmFzZTY0IHdpdGggPT0gYXQgdGhlIGVuZA==", "a.b:c-d_e~f" * 3])  # fmt: skip
def test_02_the_nonce_is_in_the_id_token_as_it_came(nonce: str, browser: Browser) -> None:
    assert claims_of(tokens_of(browser, nonce=nonce)["id_token"])["nonce"] == nonce


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_03_tokens_have_the_registered_algorithm_audience_and_sixty_seconds(
    alg: str, browser: Browser
) -> None:
    ServiceProvider.objects.update(
        id_token_signed_response_alg=alg, userinfo_signed_response_alg=alg
    )
    tokens = tokens_of(browser)
    id_token = claims_of(tokens["id_token"], alg)
    assert id_token["aud"] == userinfo_of(tokens, alg)["aud"] == "mairie"
    assert id_token["exp"] - id_token["iat"] == 60


def test_04_each_key_has_kid_alg_and_use_and_the_active_es256_key_is_first(
    browser: Browser,
) -> None:
    published_keys = published("/jwks")["keys"]
    assert all({"kid", "alg", "use", "kty"} <= key.keys() for key in published_keys)
    assert all(key["use"] == "sig" for key in published_keys)
    header = jose.header_of(tokens_of(browser)["id_token"])
    assert published_keys[0]["alg"] == header["alg"] == "ES256"
    assert published_keys[0]["kid"] == header["kid"]
    assert [key["alg"] for key in published_keys].index("RS256") > 0


@pytest.mark.parametrize("registered", ["client_secret_post", "client_secret_basic"])
@pytest.mark.parametrize("sent", ["post", "basic"])
def test_05_either_client_authentication_is_accepted(
    registered: str, sent: str, browser: Browser
) -> None:
    ServiceProvider.objects.update(token_endpoint_auth_method=registered)
    code = query_of(browser.sign_in())["code"]
    if sent == "post":
        assert redeem(code).status_code == 200
        return
    basic = "Basic " + b64encode(f"mairie:{SECRET}".encode()).decode()
    answer = redeem(code, client_id=None, client_secret=None, headers={"Authorization": basic})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("registered", "content_type"),
    [("ES256", "application/jwt"), (None, "application/json")],
)
@pytest.mark.parametrize("accept", ["application/json", "application/jwt", "text/plain", "*/*"])
def test_06_the_type_of_userinfo_follows_the_registration_and_never_accept(
    accept: str, registered: str | None, content_type: str, browser: Browser
) -> None:
    ServiceProvider.objects.update(userinfo_signed_response_alg=registered)
    bearer = {"Authorization": f"Bearer {tokens_of(browser)['access_token']}", "Accept": accept}
    answer = Client().get("/api/v2/userinfo", headers=bearer)
    assert answer["Content-Type"] == content_type
    if registered is None:
        assert answer.json()["family_name"] == "ORDINAIRE"


def test_07_a_signed_userinfo_has_its_audience_and_has_not_expired(browser: Browser) -> None:
    claims = userinfo_of(tokens_of(browser))
    assert claims["aud"] == "mairie"
    assert claims["exp"] > time.time()


def test_08_the_token_answer_is_200_bearer_and_holds_no_null(browser: Browser) -> None:
    tokens = tokens_of(browser)
    assert tokens["token_type"] == "Bearer"
    assert "refresh_token" not in tokens
    assert None not in tokens.values()
    assert None not in claims_of(tokens["id_token"]).values()
    assert None not in userinfo_of(tokens).values()
    assert None not in published("/.well-known/openid-configuration").values()


def test_09_iat_is_never_in_the_future(browser: Browser) -> None:
    tokens = tokens_of(browser)
    assert claims_of(tokens["id_token"])["iat"] <= time.time()
    assert userinfo_of(tokens)["iat"] <= time.time()


def test_10_dates_are_integers_and_what_is_not_promised_is_absent(browser: Browser) -> None:
    tokens = tokens_of(browser)
    claims = claims_of(tokens["id_token"])
    assert all(type(claims[name]) is int for name in ("exp", "iat", "auth_time"))
    assert all(type(userinfo_of(tokens)[name]) is int for name in ("exp", "iat"))
    assert not {"at_hash", "azp", "c_hash"} & claims.keys()


def test_11_iss_is_in_the_redirect_on_success_and_on_error(browser: Browser) -> None:
    assert published("/.well-known/openid-configuration")[
        "authorization_response_iss_parameter_supported"
    ]
    assert query_of(browser.sign_in())["iss"] == ISSUER
    assert query_of(browser.ask(response_type="token")["Location"])["iss"] == ISSUER
    page_url = browser.ask(prompt="login")["Location"]
    token = browser.csrf(browser.client.get(page_url))
    left = browser.client.post(f"{page_url}/abandon", {"csrfmiddlewaretoken": token})
    answer = query_of(left["Location"])
    assert set(answer) == {"error", "error_description", "state", "iss"}
    assert (answer["error"], answer["iss"]) == ("access_denied", ISSUER)


def test_12_discovery_names_the_algorithms_of_userinfo_and_the_logout(browser: Browser) -> None:
    document = published("/.well-known/openid-configuration")
    assert {"ES256", "RS256"} <= set(document["userinfo_signing_alg_values_supported"])
    assert {"ES256", "RS256"} <= set(document["id_token_signing_alg_values_supported"])
    assert document["end_session_endpoint"] == f"{ISSUER}/session/end"
    assert "client_secret_post" in document["token_endpoint_auth_methods_supported"]
    assert "client_secret_basic" in document["token_endpoint_auth_methods_supported"]


@pytest.mark.parametrize("asked", ["eidas1", "eidas2"])
def test_13_acr_is_there_and_not_lower_than_asked(asked: str, browser: Browser) -> None:
    browser.idp.acr = asked
    IdentityProvider.objects.update(allowed_acr=["eidas1", "eidas2"])
    ServiceProvider.objects.update(acr_values=["eidas1", "eidas2"])
    assert claims_of(tokens_of(browser, acr_values=asked)["id_token"])["acr"] == asked


@pytest.mark.parametrize("said", ["", None], ids=["empty", "absent"])
def test_14_a_birth_abroad_has_an_empty_birthplace_and_every_other_string(
    said: str | None, browser: Browser
) -> None:
    browser.idp.person["birthcountry"] = "99127"
    if said is None:
        del browser.idp.person["birthplace"]
    else:
        browser.idp.person["birthplace"] = said
    claims = userinfo_of(tokens_of(browser))
    assert claims["birthplace"] == ""
    names = ("given_name", "family_name", "birthdate", "gender", "birthcountry", "email")
    assert all(isinstance(claims[name], str) and claims[name] for name in names)


def test_15_a_nonce_of_22_characters_passes_and_one_of_21_does_not(browser: Browser) -> None:
    assert "interaction" in browser.ask(nonce="n" * 22, state="n" * 22)["Location"]
    assert query_of(browser.ask(nonce="n" * 21)["Location"])["error"] == "invalid_request"


def test_15_the_redirect_uri_may_carry_a_query_and_is_compared_whole(browser: Browser) -> None:
    address = "https://portail.example/?openidconnectcallback=1"
    a_service_provider("lemonldap", redirect_uris=address)
    end = browser.sign_in(client_id="lemonldap", redirect_uri=address, scope="openid")
    assert end.startswith(address + "&code=")
    refused = browser.ask(client_id="lemonldap", redirect_uri="https://portail.example/")
    assert refused.status_code == 400


def test_15_scopes_come_in_any_order_with_any_spelling_of_the_space(browser: Browser) -> None:
    for scope in ("email%20identite_pivot%20openid", "email+openid", "identite_pivot+openid"):
        asked = (
            f"response_type=code&client_id=mairie&redirect_uri={quote(CALLBACK, safe='')}"
            f"&scope={scope}&state=s&nonce={'n' * 32}&acr_values=eidas1"
        )
        assert "interaction" in browser.client.get(f"/api/v2/authorize?{asked}")["Location"]


def test_15_the_answer_to_the_consent_form_is_303(browser: Browser) -> None:
    assert browser.go_on(browser.to_information()).status_code == 303


def test_15_logging_out_works_with_an_old_hint_and_after_the_session(browser: Browser) -> None:
    hint = tokens_of(browser)["id_token"]
    SsoSession.objects.all().delete()
    # Aidants Connect writes its address without percent-encoding, after the other parameters.
    asked = f"id_token_hint={hint}&state=xyz&post_logout_redirect_uri={LOGGED_OUT}"
    answer = Client().get(f"/api/v2/session/end?{asked}")
    assert answer["Location"] == LOGGED_OUT + "?state=xyz"


@pytest.mark.parametrize("schema", ["openid", "identite_pivot"])
def test_15_a_schema_asked_of_userinfo_is_ignored(schema: str, browser: Browser) -> None:
    bearer = {"Authorization": f"Bearer {tokens_of(browser)['access_token']}"}
    answer = Client().get(f"/api/v2/userinfo?schema={schema}", headers=bearer)
    assert answer.status_code == 200
    assert claims_of(answer.content.decode())["family_name"] == "ORDINAIRE"


def test_15_expires_in_says_the_sixty_seconds_that_a_token_lives(browser: Browser) -> None:
    assert tokens_of(browser)["expires_in"] == 60


def test_16_a_client_that_ignores_what_it_does_not_know_finds_what_it_needs(
    browser: Browser,
) -> None:
    answer: HttpResponse = browser.ask(
        login_hint="x@example.org", ui_locales="fr", utm_source="courriel", display="page"
    )
    assert "interaction" in answer["Location"]
    assert set(query_of(browser.sign_in())) == {"code", "state", "iss"}
