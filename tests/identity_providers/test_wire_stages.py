"""A request that fails says where: name, connection, TLS, HTTP, time or size."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from apps.identity_providers import wire
from tests.identity_providers import certificates

HELLO = b"HTTP/1.1 200 OK\r\nDate: Mon, 01 Jun 2026 12:00:00 GMT\r\nContent-Length: 2\r\n\r\n{}"
SELF_SIGNED, EXPIRED, OTHER_HOST = (18, 10, 64)  # X509_V_ERR_…, openssl/x509_vfy.h

Behaviour = Callable[[socket.socket], None]


@contextmanager
def server(behaviour: Behaviour, certificate: Path | None = None) -> Iterator[str]:
    """Give the address, without a scheme, of a server that does this with each connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)

    def serve() -> None:
        while True:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            with suppress(OSError), connected:
                if certificate:
                    with context.wrap_socket(connected, server_side=True) as secured:
                        behaviour(secured)
                else:
                    behaviour(connected)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def answer(content: bytes) -> Behaviour:
    def behave(connected: socket.socket) -> None:
        connected.recv(65_536)
        connected.sendall(content)

    return behave


def wait(connected: socket.socket) -> None:
    time.sleep(1)


def fault(url: str) -> wire.WireError:
    with pytest.raises(wire.WireError) as caught:
        wire.get(url)
    return caught.value


def test_a_name_that_does_not_resolve_is_a_fault_of_dns() -> None:
    assert fault("https://idp.invalid/").stage is wire.Stage.DNS


def test_a_refused_connection_is_a_fault_of_tcp() -> None:
    with server(wait) as address:
        pass
    assert fault(f"http://{address}").stage is wire.Stage.TCP


def test_a_server_that_hangs_up_is_a_fault_of_http() -> None:
    with server(lambda connected: None) as address:
        assert fault(f"http://{address}").stage is wire.Stage.HTTP


def test_a_server_that_says_nothing_is_a_fault_of_time(settings: object) -> None:
    settings.IDP_TIMEOUT = 0.3  # type: ignore[attr-defined]
    with server(wait) as address:
        assert fault(f"http://{address}").stage is wire.Stage.TIME


def test_too_large_an_answer_is_a_fault_of_size(settings: object) -> None:
    settings.IDP_MAX_BYTES = 10  # type: ignore[attr-defined]
    with server(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")) as address:
        assert fault(f"http://{address}").stage is wire.Stage.SIZE


def test_a_server_that_does_not_speak_tls_is_a_fault_of_tls() -> None:
    with server(answer(HELLO)) as address:
        assert fault(f"https://{address}").stage is wire.Stage.TLS


def test_a_handshake_that_stalls_is_a_fault_of_tls(settings: object) -> None:
    settings.IDP_TIMEOUT = 0.3  # type: ignore[attr-defined]
    with server(wait) as address:
        assert fault(f"https://{address}").stage is wire.Stage.TLS


def test_a_handshake_that_is_cut_is_a_fault_of_tls() -> None:
    with server(lambda connected: None) as address:
        assert fault(f"https://{address}").stage is wire.Stage.TLS


def test_S_110_a_certificate_that_is_refused_says_why(
    tmp_path: Path, trusted: certificates.Authority
) -> None:
    refused = {
        certificates.self_signed(tmp_path): SELF_SIGNED,
        trusted.issue(days=-1): EXPIRED,
        trusted.issue(host="another.example.org"): OTHER_HOST,
    }
    for certificate, code in refused.items():
        with server(answer(HELLO), certificate) as address:
            failure = fault(f"https://{address}")
        assert (failure.stage, failure.verify_code) == (wire.Stage.TLS, code), certificate.name


def test_a_certificate_that_is_trusted_is_described(trusted: certificates.Authority) -> None:
    with server(answer(HELLO), trusted.issue(days=12)) as address:
        given = wire.get(f"https://{address}")
    assert given.tls
    assert given.tls.version in ("TLSv1.2", "TLSv1.3")
    days = (ssl.cert_time_to_seconds(given.tls.not_after) - time.time()) / 86_400
    assert 11 < days < 12.1


def test_an_answer_in_clear_keeps_its_headers_and_no_handshake() -> None:
    with server(answer(HELLO)) as address:
        given = wire.get(f"http://{address}")
    assert given.tls is None
    assert given.headers["date"] == "Mon, 01 Jun 2026 12:00:00 GMT"
