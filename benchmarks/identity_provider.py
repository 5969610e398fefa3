"""An identity provider that costs little and keeps nothing: ES256 ID tokens, plain JSON userinfo.

    python -m benchmarks.identity_provider [SECONDS]      how long the token endpoint takes

The code it accepts is the number of the citizen and the nonce of the request, and the access token is
the number again: no login page to walk through, no memory to share. It prints its issuer, then serves.
"""

import json
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from apps.protocol import jose

CLIENT_ID = "franceconnect-benchmark"
CLIENT_SECRET = "a-secret-of-at-least-thirty-two-characters"
CITIZENS = 200  # who come back: most sign-ins find an account that exists
LETTERS = "ABCDEFGHIJ"


class Handler(BaseHTTPRequestHandler):
    """One connection kept alive by the broker."""

    protocol_version = "HTTP/1.1"
    issuer = ""
    delay = 0.0  # seconds
    keys: jose.KeySet

    def do_GET(self) -> None:
        if self.path == "/userinfo":
            number = int(self.headers["Authorization"].removeprefix("Bearer "))
            self._send(citizen(number))
        elif self.path == "/jwks":
            self._send(jose.public_jwks(self.keys))
        else:
            self._send(configuration(self.issuer))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        time.sleep(self.delay)
        digits, _, nonce = parse_qs(body)["code"][0].partition("-")
        number, now = int(digits), int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": citizen(number)["sub"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
            "acr": "eidas1",
            "amr": ["pwd"],
            "nonce": nonce,
        }
        id_token = jose.sign(claims, self.keys.for_alg(jose.Alg.ES256))
        tokens = {"token_type": "Bearer", "expires_in": 60, "id_token": id_token}
        self._send({"access_token": str(number), **tokens})

    def _send(self, document: object) -> None:
        body = json.dumps(document).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with suppress(ConnectionError):  # the broker hangs up on one that is slow
            self.wfile.write(head.encode() + body)  # in one packet


def configuration(issuer: str) -> dict[str, object]:
    """Return the configuration document (OpenID Connect Discovery §3)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end_session",
    }


def citizen(number: int) -> dict[str, str]:
    """Return the userinfo of a fictional citizen."""
    letters = "".join(LETTERS[int(digit)] for digit in f"{number:03}")
    return {
        "sub": f"citizen-{number}",
        "given_name": "Angèle Claire",
        "family_name": f"ORDINAIRE {letters}",
        "preferred_username": "DÉPENSE",
        "birthdate": "1985-03-12",
        "gender": "female",
        "birthplace": "75056",
        "birthcountry": "99100",
        "email": "angele@example.org",
    }


def main() -> None:
    """Print the issuer and serve until it is stopped."""
    Handler.keys = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    Handler.delay = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.issuer = f"http://127.0.0.1:{server.server_port}"
    print(Handler.issuer, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
