"""/token and /userinfo: what a service must present, and what a thief gets."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import AccessToken, Grant
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose, pkce
from apps.service_providers.models import ServiceProvider
from tests.builders import SECRET, a_service_provider
from tests.driver import Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db

VERIFIER = "v" * 64


def a_code(browser: Browser, **asked: Any) -> str:
    return query_of(browser.sign_in(**asked))["code"]


def error_of(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    return response.status_code, response.json()["error"]


def test_S_026_a_replayed_code_kills_the_token_it_gave(browser: Browser) -> None:
    code = a_code(browser)
    access_token = redeem(code).json()["access_token"]
    assert read_userinfo(access_token).status_code == 200
    assert error_of(redeem(code)) == (400, "invalid_grant")
    assert read_userinfo(access_token).status_code == 401
    assert Entry.objects.filter(event="CODE_REPLAYED").count() == 1


def test_S_028_a_code_stolen_by_another_service_is_burnt(browser: Browser) -> None:
    a_service_provider("region")
    code = a_code(browser)
    assert error_of(redeem(code, client_id="region")) == (400, "invalid_grant")
    assert error_of(redeem(code)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "sent",
    [
        {"redirect_uri": "https://mairie.example/callback/"},
        {"redirect_uri": None},
        {"code": "unknown"},
        {"code_verifier": VERIFIER},
    ],
    ids=[
        "S-029 other address",
        "S-029 no address",
        "unknown code",
        "S-065 verifier without challenge",
    ],
)
def test_a_code_presented_wrongly_is_refused(sent: dict[str, Any], browser: Browser) -> None:
    status, error = error_of(redeem(**{"code": a_code(browser), **sent}))
    assert status == 400
    assert error in ("invalid_grant", "invalid_request")
    assert not AccessToken.objects.exists()


def test_S_030_a_code_lives_thirty_seconds(browser: Browser) -> None:
    code = a_code(browser)
    Grant.objects.update(expires=datetime.now(UTC) - timedelta(seconds=1))
    assert error_of(redeem(code)) == (400, "invalid_grant")


def test_B38_pkce_works_end_to_end(browser: Browser) -> None:
    asked = {"code_challenge": pkce.challenge(VERIFIER), "code_challenge_method": "S256"}
    assert redeem(a_code(browser, **asked), code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("verifier", [None, "w" * 64], ids=["S-064 none", "S-067 wrong"])
def test_a_code_without_its_proof_is_burnt(verifier: str | None, browser: Browser) -> None:
    asked = {"code_challenge": pkce.challenge(VERIFIER), "code_challenge_method": "S256"}
    code = a_code(browser, **asked)
    assert error_of(redeem(code, code_verifier=verifier)) == (400, "invalid_grant")
    assert error_of(redeem(code, code_verifier=VERIFIER)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_secret": ""}, (401, "invalid_client")),
        ({"client_secret": None}, (401, "invalid_client")),
        ({"client_id": "nobody"}, (401, "invalid_client")),
        ({"grant_type": "refresh_token"}, (400, "unsupported_grant_type")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": "client_credentials"}, (400, "unsupported_grant_type")),
        ({"code": None}, (400, "invalid_request")),
        ({"headers": {"Authorization": "Basic bWFpcmllOnNzcw=="}}, (400, "invalid_request")),
    ],
    ids=[
        "S-046 wrong secret", "S-046 empty secret", "S-046 no secret", "unknown client",
        "S-043 refresh_token", "S-043 password", "S-043 client_credentials", "no code",
        "S-048 two methods",
    ],
)  # fmt: skip
def test_a_token_request_is_refused(
    sent: dict[str, Any], error: tuple[int, str], browser: Browser
) -> None:
    assert error_of(redeem(**{"code": a_code(browser), **sent})) == error


def test_S_046_a_service_without_secret_never_authenticates(browser: Browser) -> None:
    code = a_code(browser)
    ServiceProvider.objects.update(client_secret="")
    assert error_of(redeem(code, client_secret="x")) == (401, "invalid_client")


def test_clients_5_basic_is_accepted_from_a_service_registered_for_post(browser: Browser) -> None:
    import base64

    pair = base64.b64encode(f"mairie:{SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}"}
    response = redeem(a_code(browser), client_id=None, client_secret=None, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic bWFpcmll", "Bearer x", "Basic " + "A" * 99999]
)
def test_S_053_malformed_credentials_are_refused(header: str, browser: Browser) -> None:
    sent = {"client_id": None, "client_secret": None, "headers": {"Authorization": header}}
    assert error_of(redeem(a_code(browser), **sent)) == (401, "invalid_client")


def test_S_039_a_json_body_or_a_query_uses_no_code_up(browser: Browser) -> None:
    code = a_code(browser)
    body = json.dumps({"code": code, "client_id": "mairie", "client_secret": SECRET})
    assert error_of(Client().post("/api/v2/token", body, content_type="application/json"))[0] == 400
    assert Client().get("/api/v2/token").status_code == 405
    assert redeem(code).status_code == 200


def test_S_034_a_token_in_the_query_is_refused(browser: Browser) -> None:
    token = redeem(a_code(browser)).json()["access_token"]
    response = Client().get("/api/v2/userinfo", {"access_token": token})
    assert error_of(response)[0] == 400


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer unknown", "Basic abc", "Bearer a b"])
def test_S_035_userinfo_wants_a_live_token(header: str, db: None) -> None:
    response = Client().get("/api/v2/userinfo", headers={"Authorization": header})
    assert error_of(response) == (401, "invalid_token")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_S_035_a_token_lives_sixty_seconds(browser: Browser) -> None:
    token = redeem(a_code(browser)).json()["access_token"]
    AccessToken.objects.update(expires=datetime.now(UTC))
    assert read_userinfo(token).status_code == 401


def test_B06_userinfo_by_post_with_a_header(browser: Browser) -> None:
    token = redeem(a_code(browser)).json()["access_token"]
    response = Client().post("/api/v2/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200


def test_S_036_openid_alone_gives_the_identifier_alone(browser: Browser) -> None:
    ServiceProvider.objects.update(userinfo_signed_response_alg=None)
    token = redeem(a_code(browser, scope="openid")).json()["access_token"]
    response = read_userinfo(token)
    assert response["Content-Type"] == "application/json"
    assert set(response.json()) == {"sub"}


@pytest.mark.parametrize("stage", ["code", "token"])
def test_S_045_a_citizen_blocked_meanwhile_gets_nothing(stage: str, browser: Browser) -> None:
    code = a_code(browser)
    if stage == "code":
        Account.objects.update(active=False)
        assert error_of(redeem(code)) == (400, "invalid_grant")
        return
    token = redeem(code).json()["access_token"]
    Account.objects.update(active=False)
    assert read_userinfo(token).status_code == 401


def test_amr_is_given_to_a_service_that_is_entitled_and_asks(browser: Browser) -> None:
    ServiceProvider.objects.update(claims=["amr"])
    code = a_code(browser, claims='{"id_token":{"amr":{"essential":true}}}')
    claims = jose.unverified_claims(redeem(code).json()["id_token"])
    assert claims["amr"] == ["pwd"]


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (["pwd"], ["pwd"]),
        (["pwd", "mfa"], ["pwd", "mfa"]),
        (["mfa", "geo"], ["mfa"]),
        (["geo"], ["pwd", "mfa"]),
        (None, ["pwd", "mfa"]),
    ],
)
def test_amr_is_what_the_provider_states_of_what_it_registered(
    stated: list[str] | None, told: list[str], browser: Browser
) -> None:
    ServiceProvider.objects.update(claims=["amr"])
    IdentityProvider.objects.update(amr=["pwd", "mfa"])
    browser.idp.alter_id_token = lambda claims: {**claims, "amr": stated} if stated else claims
    code = a_code(browser, claims='{"id_token":{"amr":null}}')
    claims = jose.unverified_claims(redeem(code).json()["id_token"])
    assert claims["amr"] == told


@pytest.mark.parametrize("alg", ["ES256", "RS256", "HS256"])
def test_tokens_are_signed_with_the_registered_algorithm(alg: str, browser: Browser) -> None:
    ServiceProvider.objects.update(
        id_token_signed_response_alg=alg, userinfo_signed_response_alg=alg
    )
    body = redeem(a_code(browser)).json()
    info = read_userinfo(body["access_token"]).content.decode()
    keys = jose.load_public_keys(json.loads(browser.client.get("/api/v2/jwks").content))
    if alg == "HS256":
        keys = jose.shared_secret_keys(SECRET)
    for token in (body["id_token"], info):
        jose.verify(token, keys=keys, alg=jose.Alg(alg))


def test_the_same_person_has_one_sub_a_service_and_another_elsewhere(browser: Browser) -> None:
    a_service_provider("region", entity_id="")
    subs = []
    for client_id in ("mairie", "mairie", "region"):
        code = a_code(browser, client_id=client_id, prompt="login")
        body = redeem(code, client_id=client_id).json()
        subs.append(jose.unverified_claims(body["id_token"])["sub"])
    assert subs[0] == subs[1]
    assert subs[0] != subs[2]
    assert Account.objects.count() == 1


def test_S_146_a_shared_mailbox_is_not_a_shared_account(browser: Browser) -> None:
    first = redeem(a_code(browser)).json()["id_token"]
    browser.idp.person |= {"sub": "paul", "given_name": "Paul", "gender": "male"}
    second = redeem(a_code(browser, prompt="login")).json()["id_token"]
    assert jose.unverified_claims(first)["sub"] != jose.unverified_claims(second)["sub"]
    assert Account.objects.count() == 2
