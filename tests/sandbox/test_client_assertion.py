"""La Poste knows the broker by its keys, and encrypts to them: it shares no secret with it."""

import time

import pytest
from django.test import Client

from apps.protocol import client_keys, jose
from apps.sandbox.identity_provider import broker_keys
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AccessToken
from tests.sandbox import relying_party as rp
from tests.sandbox.pretend_broker import CLIENT_KEYS, PretendBroker

pytestmark = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def refused(browser: Client, site: IdentityProviderSite, **changes: str | None) -> bool:
    code = rp.sign_in(browser, site)["code"]
    answer = rp.post_token(browser, site, code, **changes)
    assert not AccessToken.objects.exists()
    return (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "stranger"},
        {"sub": "stranger"},
        {"aud": "http://localhost:8011"},
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) + 3600},
        {"jti": ""},
    ],
    ids=str,
)
def test_a_wrong_assertion_gives_nothing(
    browser: Client, site: IdentityProviderSite, claims: dict[str, object]
) -> None:
    assert refused(browser, site, **rp.proof(site, **claims))


def test_neither_a_secret_nor_another_type_of_assertion_is_a_proof(
    browser: Client, site: IdentityProviderSite
) -> None:
    nothing = {"client_assertion": None, "client_assertion_type": None}
    assert refused(browser, site, **nothing, client_secret="whatever")
    assert refused(browser, site, client_assertion_type="urn:example:other")
    assert refused(browser, site, client_assertion="not a token")


def test_the_token_endpoint_is_an_audience_as_good_as_the_issuer(
    browser: Client, site: IdentityProviderSite
) -> None:
    code = rp.sign_in(browser, site)["code"]
    proof = rp.proof(site, aud=f"{site.issuer}/token")
    assert rp.post_token(browser, site, code, **proof).status_code == 200


def test_an_assertion_proves_once(browser: Client, site: IdentityProviderSite) -> None:
    proof = rp.proof(site)
    first, second = (rp.sign_in(browser, site)["code"] for _ in range(2))
    assert rp.post_token(browser, site, first, **proof).status_code == 200
    answer = rp.post_token(browser, site, second, **proof)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_keys_are_read_when_a_citizen_arrives_and_not_when_the_broker_calls(
    browser: Client, site: IdentityProviderSite, broker: PretendBroker
) -> None:
    code = rp.sign_in(browser, site)["code"]
    assert broker.key_readings == 1
    token = rp.post_token(browser, site, code).json()["access_token"]
    assert rp.get_userinfo(browser, token)["Content-Type"] == "application/jwt"
    assert broker.key_readings == 1


def test_a_new_key_of_the_broker_is_read_at_once(
    browser: Client,
    site: IdentityProviderSite,
    broker: PretendBroker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = rp.sign_in(browser, site)["code"]
    new = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    signing = jose.KeySet((*new.keys, *CLIENT_KEYS.signing.keys))
    broker.client_keys = client_keys.ClientKeys(signing, CLIENT_KEYS.decryption)
    claims = jose.unverified_claims(rp.proof(site)["client_assertion"])
    monkeypatch.setattr("apps.sandbox.identity_provider.client_authentication.FLOOR", 0.0)
    assertion = jose.sign(claims, new.keys[0])
    answer = rp.post_token(browser, site, code, client_assertion=assertion)
    assert answer.status_code == 200
    assert broker.key_readings == 2


def test_a_broker_that_is_down_is_waited_for_by_nobody(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    settings.BROKER_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    assert rp.authorize(browser).status_code == 302
    with pytest.raises(broker_keys.Unreadable):
        broker_keys.current()
    assert refused(browser, site)


def test_the_configuration_says_how_to_prove_oneself_and_what_is_encrypted(
    browser: Client, site: IdentityProviderSite
) -> None:
    said = browser.get("/.well-known/openid-configuration").json()
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == ["ES256"]
    assert said["userinfo_encryption_alg_values_supported"] == ["ECDH-ES"]
    assert said["userinfo_encryption_enc_values_supported"] == ["A256GCM"]
