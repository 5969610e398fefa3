"""A broker that the tests of the services call over real HTTP, and that may answer anything."""

import time

from apps.protocol import client_keys, jose
from apps.protocol.jose import Alg
from tests.loopback import Answer, Handler, Loopback, as_json, typed

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
        self.token_requests: list[dict[str, str]] = []
        self.is_ready = True
        self.client_keys = CLIENT_KEYS
        self.key_readings = 0
        self._server = Loopback(_handler(self))
        self.url = f"http://localhost:{self._server.port}"

    def stop(self) -> None:
        self._server.stop()

    def will_sign_in(
        self, *, client_id: str, nonce: str, sub: str = "a1b2v1", **claims: object
    ) -> None:
        """Prepare the good answers for one person."""
        now = int(time.time())
        iss = f"{self.url}/api/v2"
        common = {"iss": iss, "aud": client_id, "sub": sub, "iat": now, "exp": now + 60}
        self.id_token = {**common, "nonce": nonce, "acr": "eidas1"}
        self.userinfo = {**common, **claims}

    def answer(self, path: str) -> Answer:
        if path == "/healthz/ready":
            return as_json({}, 200 if self.is_ready else 503)
        if path == "/api/v2/jwks":
            return as_json(jose.public_jwks(KEYS))
        if path == "/api/v2/client/.well-known/keys":
            self.key_readings += 1
            return as_json(client_keys.public_jwks(self.client_keys))
        if path == "/api/v2/userinfo" and self.userinfo_is_signed:
            return typed("application/jwt", self._signed(self.userinfo))
        if path == "/api/v2/userinfo":
            return as_json(self.userinfo)
        return typed("text/plain", "", 404)

    def tokens(self, form: dict[str, str]) -> Answer:
        self.token_requests.append(form)
        body = {
            "access_token": "at",
            "token_type": "Bearer",
            "id_token": self._signed(self.id_token),
        }
        return as_json(body, self.token_status)

    def _signed(self, claims: dict[str, object]) -> str:
        return jose.sign(claims, KEYS.for_alg(Alg.ES256))


def _handler(broker: PretendBroker) -> type[Handler]:
    class BrokerHandler(Handler):
        def do_GET(self) -> None:
            self.send(broker.answer(self.path))

        def do_POST(self) -> None:
            self.send(broker.tokens(self.form()))

    return BrokerHandler
