"""The guard against forged requests: what is refused when registered, and when reached."""

import ipaddress
import socket
import threading
import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from apps.identity_providers import destinations, wire
from apps.identity_providers.models import IdentityProvider
from apps.wire.exchange import Stage, WireError
from tests.builders import an_identity_provider
from tests.programmable_idp import Canned, ProgrammableIdp

PRIVATE = [
    "127.0.0.1", "[::1]", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[64:ff9b:1::7f00:1]", "[fec0::1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
    "[5f00::1]", "[3fff::1]", "192.88.99.1", "fc%2eexample.gouv.fr", "224.0.0.1", "[ff02::1]", "2130706433", "0x7f.1", "0177.0.0.1",
    "localhost", "localhost.", "here.localhost", "fc.example.gouv.fr", "FC.example.gouv.fr.",
]  # fmt: skip


@pytest.fixture
def production(settings: Any) -> None:
    settings.PRODUCTION = True
    settings.OUTBOUND_NETWORKS = []
    settings.OUTBOUND_PORTS = [443]
    settings.BROKER_URL = "https://fc.example.gouv.fr"


@pytest.fixture
def closed(settings: Any) -> None:
    """Development, without the networks that it opens."""
    settings.OUTBOUND_NETWORKS = []


@pytest.mark.parametrize("host", PRIVATE)
def test_S_114_a_private_address_cannot_be_registered(host: str, production: None) -> None:
    provider = IdentityProvider(uid="x", name="x", title="x", client_id="x", issuer="https://a.fr")
    provider.issuer = f"https://{host}/issuer"
    with pytest.raises(ValidationError) as refusal:
        provider.clean()
    assert set(refusal.value.message_dict) == {"issuer"}


def test_a_public_address_may_be_registered(production: None) -> None:
    for url in ("https://fi.example.fr/oidc", "https://93.184.216.34/", "https://[2606:4700::1]/"):
        assert destinations.fault(url) == ""


def test_every_address_of_a_provider_is_judged(production: None) -> None:
    provider = IdentityProvider(
        uid="x", name="x", title="x", client_id="x", issuer="https://fi.example.fr",
        authorization_endpoint="https://fi.example.fr/a", token_endpoint="https://10.0.0.1/t",
        userinfo_endpoint="https://fi.example.fr/u", jwks_uri="https://169.254.169.254/latest",
        end_session_endpoint="http://fi.example.fr/out",
    )  # fmt: skip
    with pytest.raises(ValidationError) as refusal:
        provider.clean()
    assert set(refusal.value.message_dict) == {"token_endpoint", "jwks_uri", "end_session_endpoint"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]
)
def test_S_114_a_private_address_is_not_reached(host: str, closed: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        with pytest.raises(WireError) as refusal:
            wire.get(f"http://{host}:{server.getsockname()[1]}/")
        assert refusal.value.stage is Stage.ADDRESS
        with pytest.raises(TimeoutError):
            server.accept()


def test_S_115_a_name_that_changes_its_mind_is_judged_where_it_is_reached(
    closed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def rebinding(host: str, port: int, **kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(destinations, "_connect", lambda family, address, deadline: address)
    first: Any = destinations.connect("fi.example.fr", 443, 1.0)
    assert first == ("93.184.216.34", 443)  # the address that was judged, and not the name
    with pytest.raises(destinations.Refused):
        destinations.connect("fi.example.fr", 443, 1.0)


def test_one_private_address_among_public_ones_refuses_the_name(
    closed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mixed(host: str, port: int, **kwargs: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ("1.1.1.1", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    with pytest.raises(destinations.Refused):
        destinations.connect("fi.example.fr", 443, 1.0)


def test_a_name_server_that_hangs_costs_the_time_of_a_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hanging(host: str, port: int, **kwargs: Any) -> list[Any]:
        time.sleep(0.6)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        destinations.connect("fi.example.fr", 443, 0.2)
    assert time.monotonic() - started < 0.5


def test_a_name_that_hangs_keeps_one_thread_whoever_looks_it_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, released = [], threading.Event()

    def hanging_for_one(host: str, port: int, **kwargs: Any) -> list[Any]:
        asked.append(host)
        if host == "hanging.example.fr":
            released.wait(5)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", hanging_for_one)
    monkeypatch.setattr(destinations, "_connect", lambda family, address, deadline: address)
    for port in range(8000, 8020):
        with pytest.raises(TimeoutError):
            destinations.connect("hanging.example.fr", port, 0.01)
    other: Any = destinations.connect("prompt.example.fr", 443, 1.0)
    assert other == ("1.1.1.1", 443)
    assert asked == ["hanging.example.fr", "prompt.example.fr"]
    released.set()
    again: Any = destinations.connect("hanging.example.fr", 443, 1.0)
    assert again == ("1.1.1.1", 443)


@pytest.mark.parametrize("scheme", ["file", "ftp", "data", "gopher", "jar", "ldap"])
def test_S_117_only_http_is_spoken(scheme: str) -> None:
    with pytest.raises(WireError) as refusal:
        wire.get(f"{scheme}://fi.example.fr/etc/passwd")
    assert refusal.value.stage is Stage.ADDRESS


def test_in_production_only_https_and_the_ports_allowed_are_reached(production: None) -> None:
    for url in (
        "http://fi.example.fr/",
        "https://fi.example.fr:22/",
        "https://fi.example.fr:99999/",
    ):
        with pytest.raises(WireError) as refusal:
            wire.get(url)
        assert refusal.value.stage is Stage.ADDRESS


def test_our_own_sites_are_not_reached_by_what_a_configuration_names(production: None) -> None:
    with pytest.raises(WireError) as refusal:
        wire.get("https://FC.example.gouv.fr./api/v2/token")
    assert refusal.value.stage is Stage.ADDRESS


def test_S_116_F_040_a_redirect_is_not_followed(closed: None, settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    idp = ProgrammableIdp()
    try:
        elsewhere = {"Location": f"{idp.issuer}/userinfo"}
        idp.canned["/anything"] = Canned(status=302, headers=elsewhere)
        answer = wire.get(f"{idp.issuer}/anything")
        assert answer.status == 302
        assert idp.calls == ["/anything"]
    finally:
        idp.stop()


@pytest.mark.django_db
def test_production_refuses_the_opened_networks_and_the_providers_there(
    production: None, settings: Any
) -> None:
    settings.OUTBOUND_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    idp = ProgrammableIdp()
    try:
        an_identity_provider(idp)
        with pytest.raises(SystemCheckError) as refusal:
            call_command("check", deploy=True, tags=["security"])
        assert "fc.E101" in str(refusal.value)
        assert "fc.E102" in str(refusal.value)
    finally:
        idp.stop()
