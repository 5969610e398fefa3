"""A connection that a provider keeps open, or cuts: what is used again, and what is said twice."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from apps.identity_providers import wire
from apps.wire import deadline
from apps.wire.exchange import Cut, NoAnswer
from tests.identity_providers.test_wire_stages import server
from tests.loopback import Handler, Loopback, as_json


class Keeping(Handler):
    """Keeps its connections open, and cuts as many requests as it is told."""

    protocol_version = "HTTP/1.1"
    connections = 0
    requests = 0
    cuts = 0
    delay = 0.0  # seconds before a cut

    def setup(self) -> None:
        type(self).connections += 1
        super().setup()

    def do_GET(self) -> None:
        type(self).requests += 1
        if self.cuts:
            type(self).cuts -= 1
            time.sleep(self.delay)
            self.close_connection = True
        else:
            self.send(as_json({}))

    def do_POST(self) -> None:
        self.form()
        self.do_GET()


@pytest.fixture
def keeping() -> type[Keeping]:
    return type("Keeping", (Keeping,), {})


@pytest.fixture
def url(keeping: type[Keeping]) -> Iterator[str]:
    server = Loopback(keeping)
    yield server.origin
    server.stop()


def test_a_connection_used_of_late_is_used_again(keeping: type[Keeping], url: str) -> None:
    for _ in range(3):
        wire.post(url, {})
    assert (keeping.connections, keeping.requests) == (1, 3)


def test_a_connection_is_left_before_the_provider_hangs_up(
    keeping: type[Keeping], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "IDLE", 0.0)
    for _ in range(3):
        wire.post(url, {})
    assert (keeping.connections, keeping.requests) == (3, 3)


def test_that_is_before_servers_commonly_do() -> None:
    assert 0 < deadline.IDLE < 5  # Apache and Node leave after five seconds


def test_F_038_a_get_that_is_cut_is_asked_once_more(keeping: type[Keeping], url: str) -> None:
    keeping.cuts = 1
    assert wire.get(url).status == 200
    assert keeping.requests == 2
    keeping.cuts = 2
    with pytest.raises(Cut):
        wire.get(url)
    assert keeping.requests == 4


def test_F_038_a_post_that_is_cut_is_not_sent_again(keeping: type[Keeping], url: str) -> None:
    keeping.cuts = 1
    with pytest.raises(Cut):
        wire.post(url, {})
    assert keeping.requests == 1


def test_F_038_two_requests_share_one_time(keeping: type[Keeping], url: str, settings: Any) -> None:
    settings.IDP_TIMEOUT = 1.0
    keeping.cuts, keeping.delay = 2, 0.7
    begun = time.monotonic()
    with pytest.raises(Cut):
        wire.get(url)
    assert time.monotonic() - begun < 1.2


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_F_038_what_was_answered_badly_is_not_asked_again(said: bytes) -> None:
    asked = []

    def answer(connected: socket.socket) -> None:
        asked.append(connected.recv(65_536))
        connected.sendall(said)

    with server(answer) as address, pytest.raises(NoAnswer) as failure:
        wire.get(f"http://{address}")
    assert not isinstance(failure.value, Cut)
    assert len(asked) == 1
