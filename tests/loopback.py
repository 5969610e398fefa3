"""An HTTP server of this machine for what tests play: a provider, a register, a broker, a site."""

import json
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Mapping[str, str], bytes]  # status, headers, body

POLL = 0.01  # seconds; half a second is the default, and would be paid at the end of each test


class Handler(BaseHTTPRequestHandler):
    """What the handlers of the tests share; it says nothing, pytest has its own output."""

    disable_nagle_algorithm = True  # else a body waits 40 ms behind its headers

    @property
    def route(self) -> str:
        """The path, without its query."""
        return urlsplit(self.path).path

    def query(self) -> dict[str, str]:
        """Return the parameters of the address, empty ones included."""
        return _first_values(urlsplit(self.path).query)

    def form(self) -> dict[str, str]:
        """Read the form that was sent."""
        return _first_values(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def send(self, answer: Answer) -> None:
        """Answer; whoever asked may have hung up, some tests want it."""
        status, headers, body = answer
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def typed(content_type: str, body: str, status: int = 200) -> Answer:
    """Return the answer that is this text, of this type."""
    return status, {"Content-Type": content_type}, body.encode()


def as_json(value: object, status: int = 200) -> Answer:
    """Return the answer that is this value in JSON."""
    return typed("application/json", json.dumps(value), status)


class Loopback:
    """Serves from its creation until it is stopped; then connections are refused."""

    def __init__(self, handler: type[Handler], certificate: Path | None = None) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.origin = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _first_values(encoded: str) -> dict[str, str]:
    given = parse_qs(encoded, keep_blank_values=True)
    return {name: values[0] for name, values in given.items()}
