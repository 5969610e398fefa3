"""A citizen's browser and a service's machine, for whole sign-ins through Django's test client."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from tests.builders import CALLBACK, SECRET
from tests.programmable_idp import ProgrammableIdp

NONCE = "n" * 32
STATE = "état-de-32-caractères_~.:/ et plus"


def query_of(url: str) -> dict[str, str]:
    """Return the parameters that an address carries."""
    given = parse_qs(urlsplit(url).query, keep_blank_values=True)
    return {name: values[0] for name, values in given.items()}


@dataclass
class Browser:
    """One browser; `csrf` makes the client as strict as a real one."""

    idp: ProgrammableIdp
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    client_id: str = "mairie"

    def ask(self, **overrides: Any) -> HttpResponse:
        """Open /authorize with a good request, altered; a parameter set to None is left out."""
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid identite_pivot email",
            "state": STATE,
            "nonce": NONCE,
            "acr_values": "eidas1",
            **overrides,
        }
        kept = {name: value for name, value in parameters.items() if value is not None}
        return self.client.get("/api/v2/authorize", kept)

    def open(self, response: HttpResponse) -> HttpResponse:
        """Follow one redirect to a page of ours."""
        return self.client.get(response["Location"])

    def choose(self, page_url: str, uid: str = "impots") -> HttpResponse:
        """Press the card of an identity provider."""
        token = self.csrf(self.client.get(page_url))
        return self.client.post(
            f"{page_url}/redirect-to-idp", {"csrfmiddlewaretoken": token, "providerUid": uid}
        )

    def come_back(self, departure: HttpResponse, **overrides: Any) -> HttpResponse:
        """Sign in at the identity provider and come back with its code."""
        code = self.idp.authorize(departure["Location"])
        asked = query_of(departure["Location"])
        answer = {"code": code, "state": asked["state"], **overrides}
        kept = {name: value for name, value in answer.items() if value is not None}
        return self.client.get("/api/v2/oidc-callback", kept)

    def to_information(self, uid: str = "impots", **overrides: Any) -> str:
        """Go from the service to the information page; return its address."""
        departure = self.choose(self.ask(**overrides)["Location"], uid)
        return self.come_back(departure)["Location"]

    def go_on(self, page_url: str, **fields: str) -> HttpResponse:
        """Press « Continuer » on the information page."""
        token = self.csrf(self.client.get(page_url))
        action = page_url.replace("/consent", "/login")
        return self.client.post(action, {"csrfmiddlewaretoken": token, **fields})

    def sign_in(self, uid: str = "impots", **overrides: Any) -> str:
        """Return the address, with its code, at which a whole sign-in ends."""
        return self.go_on(self.to_information(uid, **overrides))["Location"]

    @staticmethod
    def csrf(page: HttpResponse) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
        assert found, page.content.decode()[:2000]
        return found.group(1)


def redeem(code: str, **overrides: Any) -> HttpResponse:
    """Exchange a code as the service's machine does."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": "mairie",
        "client_secret": SECRET,
        **overrides,
    }
    kept = {name: value for name, value in form.items() if value is not None}
    headers = kept.pop("headers", {})
    body = "&".join(f"{name}={value}" for name, value in kept.items())
    return Client().post(
        "/api/v2/token", body, content_type="application/x-www-form-urlencoded", headers=headers
    )


def read_userinfo(access_token: str) -> HttpResponse:
    """Read /userinfo as the service's machine does."""
    return Client().get("/api/v2/userinfo", headers={"Authorization": f"Bearer {access_token}"})
