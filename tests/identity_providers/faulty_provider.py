"""An identity provider over real HTTP or TLS that publishes what a test wants, and errs as told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.protocol import discovery, jose
from tests.loopback import Answer, Handler, Loopback, as_json, typed

KEYS = jose.load_private_keys({"keys": [jose.generate_jwk("ES256"), jose.generate_jwk("RS256")]})
CLAIMS = [
    "sub", "given_name", "family_name", "gender", "birthdate", "birthplace", "birthcountry", "email",
]  # fmt: skip
CONFIGURATION = "/.well-known/openid-configuration"


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
        self._server = Loopback(_handler(self), self.certificate)
        self.issuer = self._server.origin

    def stop(self) -> None:
        self._server.stop()

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
        return typed("text/html", "<h1>Client inconnu</h1>", 400)


def _handler(provider: FaultyProvider) -> type[Handler]:
    class FaultyHandler(Handler):
        def do_GET(self) -> None:
            self._answer(self.query())

        def do_POST(self) -> None:
            form = self.form()
            provider.forms.append(form)
            self._answer(form)

        def date_time_string(self, timestamp: float | None = None) -> str:
            if provider.date is not None:
                return provider.date
            return super().date_time_string(time.time() + provider.skew)

        def _answer(self, sent: dict[str, str]) -> None:
            provider.calls.append(self.route)
            time.sleep(provider.delay)
            self.send(provider.answer(self.route, sent))

    return FaultyHandler
