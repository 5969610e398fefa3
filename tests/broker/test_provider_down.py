"""A provider that falls: what citizens see of it, and that the others are left alone (F-036…)."""

import socket
import time
from typing import Any

import pytest

from apps.audit.models import Entry
from apps.broker.rp import backend
from apps.identity_providers import circuit, freshness
from apps.identity_providers.models import IdentityProvider
from apps.protocol.errors import ProtocolError
from apps.wire.circuit import THRESHOLD
from tests.builders import an_identity_provider
from tests.driver import Browser
from tests.programmable_idp import Canned, ProgrammableIdp

CONFIGURATION = "/.well-known/openid-configuration"


def fall(browser: Browser, times: int = THRESHOLD) -> Any:
    """Come back from a provider whose token endpoint is broken, again and again."""
    browser.idp.canned["/token"] = Canned(status=503)
    for _ in range(times):
        departure = browser.choose(browser.ask()["Location"])
        response = browser.come_back(departure)
        assert response.status_code == 502
    browser.idp.canned.clear()
    return response


def test_F_036_a_provider_that_fails_again_and_again_is_shown_unavailable(browser: Browser) -> None:
    fall(browser, THRESHOLD - 1)
    other = ProgrammableIdp()
    try:
        an_identity_provider(other, "ameli")
        page_url = browser.ask()["Location"]
        assert "Indisponible pour le moment" not in browser.client.get(page_url).content.decode()
        fall(browser, 1)
        page = browser.client.get(page_url)
        assert "Indisponible pour le moment" in page.content.decode()
        form = {"csrfmiddlewaretoken": browser.csrf(page), "providerUid": "impots"}
        refused = browser.client.post(f"{page_url}/redirect-to-idp", form)
        assert refused.status_code == 502
        assert "Y029002" in refused.content.decode()
        departure = browser.choose(page_url, "ameli")
        browser.idp = other
        assert browser.come_back(departure)["Location"].endswith("/consent")
    finally:
        other.stop()


def test_a_return_while_the_circuit_is_open_waits_for_nobody_and_uses_nothing_up(
    browser: Browser,
) -> None:
    departure = browser.choose(browser.ask()["Location"])
    fall(browser)
    calls = len(browser.idp.calls)
    assert browser.come_back(departure).status_code == 502
    assert len(browser.idp.calls) == calls
    circuit.forget()
    assert browser.come_back(departure)["Location"].endswith("/consent")


def test_what_a_citizen_may_provoke_does_not_open_the_circuit(browser: Browser) -> None:
    browser.idp.canned["/token"] = Canned(status=400)
    for _ in range(THRESHOLD + 1):
        assert browser.come_back(browser.choose(browser.ask()["Location"])).status_code == 502
    browser.idp.canned.clear()
    browser.idp.alter_jws = lambda token: token[:-8] + "AAAAAAAA"
    for _ in range(THRESHOLD + 1):
        assert browser.come_back(browser.choose(browser.ask()["Location"])).status_code == 502
    browser.idp.alter_jws = lambda token: token
    assert browser.come_back(browser.choose(browser.ask()["Location"])).status_code == 303


def test_a_probe_brings_a_provider_back(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.wire.circuit.FIRST_PAUSE", 0.0)
    circuit.forget()
    fall(browser)
    provider = IdentityProvider.objects.get(uid="impots")
    for _ in range(200):
        if not circuit.is_open(provider):
            break
        time.sleep(0.02)
    assert browser.come_back(browser.choose(browser.ask()["Location"])).status_code == 303


def test_an_opening_is_journalled_once_without_a_sign_in(browser: Browser) -> None:
    fall(browser, THRESHOLD - 1)
    opened = Entry.objects.filter(event="IDP_CIRCUIT_OPENED")
    assert not opened.exists()
    fall(browser, 1)
    line = opened.get()
    assert (line.idp, line.sign_in, line.facts) == ("impots", None, {})
    page_url = browser.ask()["Location"]
    form = {
        "csrfmiddlewaretoken": browser.csrf(browser.client.get(page_url)),
        "providerUid": "impots",
    }
    assert browser.client.post(f"{page_url}/redirect-to-idp", form).status_code == 502
    assert opened.count() == 1


def test_a_provider_that_moves_leaves_its_open_circuit_behind(browser: Browser) -> None:
    fall(browser)
    provider = IdentityProvider.objects.get(uid="impots")
    assert circuit.is_open(provider)
    other = ProgrammableIdp()
    try:
        provider.issuer = other.issuer
        provider.save()
        assert not circuit.is_open(provider)
        departure = browser.choose(browser.ask()["Location"])
        browser.idp = other
        assert browser.come_back(departure)["Location"].endswith("/consent")
    finally:
        other.stop()


def test_one_reading_that_fails_is_counted_once_however_many_meet_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "FAILURE_LIFETIME", 600)
    browser.idp.canned[CONFIGURATION] = Canned(status=503)
    provider = IdentityProvider.objects.get(uid="impots")
    for _ in range(THRESHOLD + 1):
        with pytest.raises(ProtocolError):
            backend.configuration(provider)
    assert browser.idp.calls.count(CONFIGURATION) == 1
    assert not circuit.is_open(provider)
    monkeypatch.setattr(freshness, "FAILURE_LIFETIME", 0)
    for _ in range(THRESHOLD - 1):
        with pytest.raises(ProtocolError):
            backend.configuration(provider)
    assert circuit.is_open(provider)


def test_a_secret_of_ours_too_short_is_no_failure_of_the_provider(browser: Browser) -> None:
    IdentityProvider.objects.update(client_secret="short", id_token_signed_response_alg="HS256")
    for _ in range(THRESHOLD + 1):
        departure = browser.choose(browser.ask()["Location"])
        assert "Y029002" in browser.come_back(departure).content.decode()
    assert not circuit.is_open(IdentityProvider.objects.get(uid="impots"))


@pytest.mark.parametrize("address", ["http://nulle-part.invalid", "closed port"])
def test_F_036_a_provider_that_is_not_there_is_told_on_a_page(
    address: str, browser: Browser
) -> None:
    if address == "closed port":
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = f"http://127.0.0.1:{server.getsockname()[1]}"
    IdentityProvider.objects.create(
        uid="gone", name="gone", title="Parti", client_id="x", issuer=address
    )
    page_url = browser.ask()["Location"]
    page = browser.client.get(page_url)
    form = {"csrfmiddlewaretoken": browser.csrf(page), "providerUid": "gone"}
    response = browser.client.post(f"{page_url}/redirect-to-idp", form)
    assert response.status_code == 502
    assert "Y029002" in response.content.decode()
    assert page_url in response.content.decode()  # another account may be chosen
