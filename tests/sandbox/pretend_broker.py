"""A broker that the tests of the services call over real HTTP, and that may answer anything."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs

from apps.protocol import client_keys, jose
from apps.protocol.jose import Alg

KEYS = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
CLIENT_KEYS = client_keys.load(
    {"keys": [client_keys.generate_jwk(alg) for alg in client_keys.ALGORITHMS]}
)


class PretendBroker:
    """What it will say is in its attributes; what it was told is in `token_requests`."""

    def __init__(self) -> None:
        self.id_token: dict[str, object] = {}
        self.userinfo: dict[str, object] = {}
        self.userinfo_is_signed = True
        self.token_status = 200
        self.token_requests: list[dict[str, list[str]]] = []
        self.is_ready = True
        self.client_keys = CLIENT_KEYS
        self.key_readings = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> "PretendBroker":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def will_sign_in(
        self, *, client_id: str, nonce: str, sub: str = "a1b2v1", **claims: object
    ) -> None:
        """Prepare the good answers for one person."""
        now = int(time.time())
        iss = f"{self.url}/api/v2"
        common = {"iss": iss, "aud": client_id, "sub": sub, "iat": now, "exp": now + 60}
        self.id_token = {**common, "nonce": nonce, "acr": "eidas1"}
        self.userinfo = {**common, **claims}

    def answer(self, path: str) -> tuple[int, str, str]:
        """Return status, type and body for a GET."""
        if path == "/healthz/ready":
            return (200 if self.is_ready else 503), "application/json", "{}"
        if path == "/api/v2/jwks":
            return 200, "application/json", json.dumps(jose.public_jwks(KEYS))
        if path == "/api/v2/client/.well-known/keys":
            self.key_readings += 1
            return 200, "application/json", json.dumps(client_keys.public_jwks(self.client_keys))
        if path == "/api/v2/userinfo" and self.userinfo_is_signed:
            return 200, "application/jwt", self._signed(self.userinfo)
        if path == "/api/v2/userinfo":
            return 200, "application/json", json.dumps(self.userinfo)
        return 404, "text/plain", ""

    def tokens(self, form: str) -> tuple[int, str, str]:
        """Return status, type and body for the token request."""
        self.token_requests.append(parse_qs(form))
        body = {
            "access_token": "at",
            "token_type": "Bearer",
            "id_token": self._signed(self.id_token),
        }
        return self.token_status, "application/json", json.dumps(body)

    def _signed(self, claims: dict[str, object]) -> str:
        return jose.sign(claims, KEYS.for_alg(Alg.ES256))


def _handler(broker: PretendBroker) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(broker.answer(self.path))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._send(broker.tokens(self.rfile.read(length).decode()))

        def log_message(self, *args: object) -> None:
            """Say nothing: pytest has its own output."""

        def _send(self, answer: tuple[int, str, str]) -> None:
            status, content_type, body = answer
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

    return Handler
