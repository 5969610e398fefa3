"""Keys that change, theirs and ours, and documents that cannot be read: sign-ins go on."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from apps.broker.rp import client_keys
from apps.broker.rp.backend import ProviderBackend
from apps.identity_providers import freshness
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose, jwe
from apps.protocol.jwe import KeyManagement
from tests.builders import an_identity_provider
from tests.driver import Browser
from tests.programmable_idp import Canned, ProgrammableIdp

pytestmark = pytest.mark.django_db
CONFIGURATION = "/.well-known/openid-configuration"
DOWN = Canned(status=503)
KEYS_PATH = "/api/v2/client/.well-known/keys"
AT_ONCE = 12


def rotate(idp: ProgrammableIdp) -> None:
    idp.keys = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})


def test_R19_a_rotation_costs_one_reading_for_any_number_of_sign_ins_at_once(
    idp: ProgrammableIdp,
) -> None:
    provider = an_identity_provider(idp)

    def exchange(_: int) -> str:
        trip, request = idp.trip()
        return ProviderBackend(provider).exchange(request, trip).id_token.sub

    assert exchange(0) == idp.person["sub"]
    rotate(idp)
    time.sleep(freshness.FLOOR)
    idp.received.clear()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(exchange, range(AT_ONCE))) == {idp.person["sub"]}
    assert idp.calls.count("/token") == AT_ONCE
    assert idp.calls.count("/jwks") == 1
    assert CONFIGURATION not in idp.calls


def test_a_second_sign_in_reads_neither_configuration_nor_keys(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.received.clear()
    browser.sign_in(prompt="login")
    assert browser.idp.calls == ["/token", "/userinfo"]


def test_F_042_known_keys_serve_while_the_key_set_cannot_be_read(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.canned = dict.fromkeys(("/jwks", CONFIGURATION), DOWN)
    assert "code=" in browser.sign_in(prompt="login")


def test_F_042_an_unknown_kid_is_refused_while_the_key_set_cannot_be_read(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.canned = {"/jwks": DOWN}
    rotate(browser.idp)
    time.sleep(freshness.FLOOR)
    departing = browser.choose(browser.ask(prompt="login")["Location"])
    response = browser.come_back(departing)
    assert response.status_code == 502
    assert "Y029020" in response.content.decode()


def test_F_043_a_provider_that_is_down_when_we_start_recovers_alone(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "RETRY", 0.2)
    monkeypatch.setattr(freshness, "FAILURE_LIFETIME", 0.2)
    browser.idp.canned = {CONFIGURATION: DOWN}
    page_url = browser.ask()["Location"]
    assert browser.client.get(page_url).status_code == 200
    assert browser.choose(page_url).status_code == 502
    browser.idp.canned = {}
    time.sleep(0.3)
    assert "code=" in browser.sign_in()


@pytest.fixture
def our_file(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A key file of ours that a test may change, read again by `restart`."""
    path = tmp_path / "client-keys.json"
    path.write_bytes(Path(settings.CLIENT_KEYS_FILE).read_bytes())
    settings.CLIENT_KEYS_FILE = path
    restart()
    yield path
    restart()


def restart() -> None:
    client_keys.ours.cache_clear()
    client_keys.published.cache_clear()


@pytest.mark.parametrize("alg", list(KeyManagement))
def test_what_a_provider_encrypts_to_our_previous_key_is_still_read(
    alg: KeyManagement, browser: Browser, client: Client, our_file: Path
) -> None:
    IdentityProvider.objects.update(
        id_token_encrypted_response_alg=alg, id_token_encrypted_response_enc="A256GCM"
    )
    browser.idp.id_token_encryption = alg
    browser.idp.client_keys = before = client.get(KEYS_PATH).content
    assert "code=" in browser.sign_in()
    keys = json.loads(our_file.read_text())["keys"]
    our_file.write_text(json.dumps({"keys": [jwe.generate_jwk(alg), *keys]}))
    restart()
    after = client.get(KEYS_PATH).content
    assert json.loads(after)["keys"][0] not in json.loads(before)["keys"]
    assert "code=" in browser.sign_in(prompt="login")  # the provider kept what we published
    browser.idp.client_keys = after
    assert "code=" in browser.sign_in(prompt="login")


def test_a_wrong_file_of_ours_stops_the_start_and_names_itself(our_file: Path) -> None:
    for text in ("", "{}", '{"keys": []}', '{"keys": [{"kty": "EC"}]}'):
        our_file.write_text(text)
        restart()
        with pytest.raises(ImproperlyConfigured, match="client-keys"):
            client_keys.ours()
    our_file.unlink()
    restart()
    with pytest.raises(ImproperlyConfigured, match="client-keys"):
        client_keys.ours()
