"""A whole sign-in, from the service and back, with a real identity provider over HTTP."""

import json

import pytest

from apps.audit.models import Entry
from apps.protocol import jose
from tests.driver import NONCE, STATE, Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db


def published_keys(browser: Browser) -> jose.KeySet:
    return jose.load_public_keys(json.loads(browser.client.get("/api/v2/jwks").content))


def test_a_citizen_signs_in_and_the_service_knows_them(browser: Browser) -> None:
    answer = query_of(browser.sign_in())
    assert answer["state"] == STATE
    assert answer["iss"] == "http://localhost:8000/api/v2"
    tokens = redeem(answer["code"])
    assert tokens.status_code == 200, tokens.content
    body = tokens.json()
    assert set(body) == {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 60
    id_token = jose.verify(body["id_token"], keys=published_keys(browser), alg=jose.Alg.ES256)
    assert set(id_token) == {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr"}
    assert id_token["nonce"] == NONCE
    info = read_userinfo(body["access_token"])
    assert info["Content-Type"] == "application/jwt"
    claims = jose.verify(info.content.decode(), keys=published_keys(browser), alg=jose.Alg.ES256)
    assert claims["sub"] == id_token["sub"]
    assert claims["family_name"] == "ORDINAIRE"
    assert claims["given_name_array"] == ["Angèle", "Claire"]
    assert claims["email"] == "angele@example.org"


def test_the_journal_tells_the_sign_in_step_by_step(browser: Browser) -> None:
    answer = query_of(browser.sign_in())
    read_userinfo(redeem(answer["code"]).json()["access_token"])
    assert list(Entry.objects.order_by("id").values_list("step", flat=True)) == [
        "1.0.0", "2.0.0", "3.0.0", "4.0.0", "4.1.0", "4.2.0", "5.0.0", "6.1.0", "6.2.1", "7.0.0",
        "7.2.0", "7.3.0",
    ]  # fmt: skip
