"""An identity provider over real HTTP or TLS that publishes what a test wants, and errs as told."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apps.protocol import discovery, jose

KEYS = jose.load_private_keys({"keys": [jose.generate_jwk("ES256"), jose.generate_jwk("RS256")]})
CLAIMS = [
    "sub", "given_name", "family_name", "gender", "birthdate", "birthplace", "birthcountry", "email",
]  # fmt: skip
CONFIGURATION = "/.well-known/openid-configuration"

Answer = tuple[int, dict[str, str], bytes]


def as_json(value: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@dataclass
class FaultyProvider:
    """Everything right by default; a test changes one thing.

    answers   path → what is answered there instead
    skew      seconds added to the Date header
    date      the Date header itself, when it is not None
    """

    certificate: Path | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=lambda: dict(jose.public_jwks(KEYS)))
    answers: dict[str, Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    skew: float = 0
    date: str | None = None
    delay: float = 0
    calls: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        scheme = "http"
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.issuer = f"{scheme}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def configuration(self) -> dict[str, Any]:
        document = discovery.build(
            issuer=self.issuer,
            paths={
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout",
            },
            scopes=["openid", "profile", "email", "birth"],
            claims=CLAIMS,
            acr_values=["eidas1", "eidas2"],
            auth_methods=["client_secret_post"],
            signing_algs=["ES256", "RS256"],
        )
        changed = {**document, **self.changes}
        return {name: value for name, value in changed.items() if value is not None}

    def answer(self, path: str, sent: dict[str, str]) -> Answer:
        if path in self.answers:
            return self.answers[path](sent)
        if path == CONFIGURATION:
            return as_json(self.configuration())
        if path == "/jwks":
            return as_json(self.keys)
        if path == "/token":
            return as_json({"error": "invalid_client"}, 401)
        return 400, {"Content-Type": "text/html"}, b"<h1>Client inconnu</h1>"


def _handler(provider: FaultyProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._send(parts.path, {n: v[0] for n, v in parse_qs(parts.query).items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {n: v[0] for n, v in parse_qs(body).items()}
            provider.forms.append(form)
            self._send(self.path, form)

        def _send(self, path: str, sent: dict[str, str]) -> None:
            provider.calls.append(path)
            time.sleep(provider.delay)
            status, headers, body = provider.answer(path, sent)
            with suppress(OSError):
                self.send_response_only(status)
                date = formatdate(time.time() + provider.skew, usegmt=True)
                self.send_header("Date", date if provider.date is None else provider.date)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
