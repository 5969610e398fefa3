"""An identity provider over real HTTP that does what a test tells it, honest or not.

One `Lie` a test: a function that alters what the provider is about to send. Signatures are really
made and really verified; the broker reaches it through its ordinary client. Codes are single use
and bound to their challenge, as an honest provider's are.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from django.http import HttpRequest
from django.test import RequestFactory

from apps.broker.rp import departure
from apps.protocol import client_assertion, jose, jwe, pkce
from tests.loopback import Answer, Handler, Loopback, as_json, typed

CLIENT_ID = "franceconnect-at-the-provider"
CLIENT_SECRET = "a-secret-of-at-least-thirty-two-characters"

ANGELE = {
    "sub": "angele-at-the-provider",
    "given_name": "Angèle Claire",
    "family_name": "ORDINAIRE",
    "birthdate": "1985-03-12",
    "gender": "female",
    "birthplace": "75056",
    "birthcountry": "99100",
    "email": "angele@example.org",
}


KEYS = jose.load_private_keys({"keys": [jose.generate_jwk("ES256"), jose.generate_jwk("RS256")]})


def _nothing(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Canned:
    """What an address sends instead of the truth.

    repeated   how many times the body is sent
    pace       seconds before each byte, headers included; 0 sends everything at once
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    repeated: int = 1
    pace: float = 0.0


@dataclass(frozen=True)
class Call:
    """A request of the broker, as it was received."""

    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass
class ProgrammableIdp:
    """The provider and what it is asked to do: alter its claims, its tokens, its answers."""

    person: dict[str, Any] = field(default_factory=lambda: dict(ANGELE))
    alter_id_token: Callable[[dict[str, Any]], dict[str, Any]] = _nothing
    alter_jws: Callable[[str], str] = _nothing
    alter_token_response: Callable[[dict[str, Any]], Any] = _nothing
    alter_userinfo: Callable[[dict[str, Any]], dict[str, Any]] = _nothing
    alter_configuration: Callable[[dict[str, Any]], dict[str, Any]] = _nothing
    alter_userinfo_jwt: Callable[[str], str] = _nothing
    userinfo_type: str = ""
    delay: float = 0.0  # seconds before /token answers
    canned: dict[str, Canned] = field(default_factory=dict)  # by path
    checks_pkce: bool = True
    clock: int = 0  # seconds by which its clock is ahead
    acr: str = "eidas1"
    auth_method: str = ""  # the only one that /token takes; empty: any, or none
    assertion_alg: jose.Alg = jose.Alg.ES256
    id_token_encryption: jwe.KeyManagement | None = None
    userinfo_encryption: jwe.KeyManagement | None = None
    client_keys: bytes = b""  # what the broker publishes
    used_assertions: set[str] = field(default_factory=set)
    received: list[Call] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)  # the requests of citizens

    def __post_init__(self) -> None:
        self.keys = KEYS
        self.signing_alg = jose.Alg.ES256
        self.userinfo_alg: jose.Alg | None = None
        self.requests: dict[str, dict[str, str]] = {}
        self._server = Loopback(_handler(self))
        self.issuer = self._server.origin

    @property
    def calls(self) -> list[str]:
        """The paths that the broker asked for, in order."""
        return [call.path for call in self.received]

    def stop(self) -> None:
        self._server.stop()

    def authorize(self, url: str) -> str:
        """Play the citizen's login: return the code for the request this address carries."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{self._server.port}-{len(self.asked)}"
        self.requests[code] = asked
        self.asked.append(asked)
        return code

    def trip(self) -> tuple[departure.Departure, HttpRequest]:
        """Play a whole trip of a citizen: what we left with, and the request they come back with."""
        trip = departure.draw()
        code = f"code-{trip.nonce}"
        challenge = pkce.challenge(trip.code_verifier)
        self.requests[code] = {"nonce": trip.nonce, "code_challenge": challenge}
        answer = {"code": code, "state": trip.state}
        return trip, RequestFactory().get("/api/v2/oidc-callback", answer)

    def configuration(self) -> dict[str, Any]:
        return self.alter_configuration(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout",
            }
        )

    def published(self, path: str) -> Answer:
        """Return what anybody reads at an address."""
        if path == "/.well-known/openid-configuration":
            return as_json(self.configuration())
        if path == "/jwks":
            return as_json(jose.public_jwks(self.keys))
        return self.userinfo() if path == "/userinfo" else typed("text/plain", "", 404)

    def token(self, form: Mapping[str, str], authorization: str) -> Answer:
        """Return tokens; a code is refused when unknown, used or without its proof."""
        if not self.knows(form, authorization):
            return as_json({"error": "invalid_client"}, 401)
        asked = self.requests.pop(form["code"], None)
        if asked is None or not self._is_proved(asked, form):
            return as_json({"error": "invalid_grant"}, 400)
        now = int(time.time()) + self.clock
        claims = self.alter_id_token(
            {
                "iss": self.issuer,
                "sub": self.person["sub"],
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 60,
                "nonce": asked["nonce"],
                "acr": self.acr,
                "auth_time": now - 5,
            }
        )
        signed = self.sign(claims, self.signing_alg)
        token = self.alter_jws(self._hidden(signed, self.id_token_encryption))
        answer = {"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": token}
        return as_json(self.alter_token_response(answer))

    def _is_proved(self, asked: Mapping[str, str], form: Mapping[str, str]) -> bool:
        verifier = form.get("code_verifier", "")
        return not self.checks_pkce or pkce.matches(verifier, asked["code_challenge"])

    def userinfo(self) -> Answer:
        claims = self.alter_userinfo(dict(self.person))
        if self.userinfo_alg is None:
            return typed(self.userinfo_type or "application/json", json.dumps(claims))
        signed = self.sign({"iss": self.issuer, "aud": CLIENT_ID, **claims}, self.userinfo_alg)
        hidden = self.alter_userinfo_jwt(self._hidden(signed, self.userinfo_encryption))
        return typed(self.userinfo_type or "application/jwt", hidden)

    def knows(self, form: Mapping[str, str], authorization: str) -> bool:
        """Tell whether a token request proves the broker, by the registered method and no other."""
        secret, assertion = form.get("client_secret"), form.get("client_assertion")
        sent = (secret is not None, bool(authorization), assertion is not None)
        if self.auth_method == "client_secret_post":
            return sent == (True, False, False) and secret == CLIENT_SECRET
        if self.auth_method == "client_secret_basic":
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            given = tuple(unquote_plus(part) for part in pair.split(":"))
            return sent == (False, True, False) and given == (CLIENT_ID, CLIENT_SECRET)
        if self.auth_method == "private_key_jwt":
            return sent == (False, False, True) and self._believes(form)
        return True

    def _believes(self, form: Mapping[str, str]) -> bool:
        jti = client_assertion.verify(
            form["client_assertion"],
            client_id=CLIENT_ID,
            audiences=[self.issuer],
            keys=_broker_keys(self.client_keys)[0],
            alg=self.assertion_alg,
            now=int(time.time()),
        )
        is_new = jti not in self.used_assertions
        self.used_assertions.add(jti)
        return is_new and form["client_assertion_type"] == client_assertion.TYPE

    def _hidden(self, token: str, alg: jwe.KeyManagement | None) -> str:
        """Return the token encrypted to the active key that the broker publishes, if so asked."""
        if alg is None:
            return token
        key = jwe.for_alg(_broker_keys(self.client_keys)[1], alg)
        return jwe.encrypt(token, key, jwe.ContentEncryption.A256GCM)

    def sign(self, claims: dict[str, Any], alg: jose.Alg) -> str:
        keys = jose.shared_secret_keys(CLIENT_SECRET) if alg is jose.Alg.HS256 else self.keys
        return jose.sign(claims, keys.for_alg(alg))


@cache
def _broker_keys(document: bytes) -> tuple[jose.KeySet, jwe.Keys]:
    keys = jose.parse_json(document)
    return jose.load_public_keys(keys), jwe.load_public_keys(keys)


def _send_canned(handler: Handler, canned: Canned) -> None:
    if canned.pace:
        _drip(handler.wfile, canned.pace)
        return
    headers = {"Content-Type": canned.content_type, **canned.headers}
    handler.send((canned.status, headers, canned.body * canned.repeated))


def _drip(wire: Any, pace: float) -> None:
    """Send a header a byte at a time, for three seconds or until the broker hangs up."""
    end = time.monotonic() + 3
    with suppress(ConnectionError):
        wire.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while time.monotonic() < end:
            wire.write(b"x")
            time.sleep(pace)


def _handler(idp: ProgrammableIdp) -> type[Handler]:
    class IdpHandler(Handler):
        def do_GET(self) -> None:
            idp.received.append(Call(self.path, dict(self.headers), {}))
            if self.path in idp.canned:
                _send_canned(self, idp.canned[self.path])
            else:
                self.send(idp.published(self.path))

        def do_POST(self) -> None:
            form = self.form()
            idp.received.append(Call(self.path, dict(self.headers), form))
            time.sleep(idp.delay)
            if self.path in idp.canned:
                _send_canned(self, idp.canned[self.path])
            else:
                self.send(idp.token(form, self.headers.get("Authorization", "")))

    return IdpHandler
