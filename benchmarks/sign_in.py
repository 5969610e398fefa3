"""A citizen's browser and a service's machine, stage by stage, over anything that carries requests."""

import http.client
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from apps.protocol import pkce
from benchmarks import partners
from benchmarks.identity_provider import CITIZENS

STAGES = (
    "authorize", "choice", "choose", "callback", "information", "login", "token", "userinfo",
)  # fmt: skip
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,fr-FR;q=0.8,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br",
}
MACHINE = {"User-Agent": "service", "Accept": "*/*"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header that must be there."""
        return next(value for key, value in self.headers if key.lower() == name)


Send = Callable[[str, str, Mapping[str, str], bytes], Answer]


class Wire:
    """One connection kept alive to a server of this machine."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("localhost", port, timeout=30)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to one request."""
        self._connection.request(method, target, body or None, dict(headers))
        response = self._connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())

    def close(self) -> None:
        self._connection.close()


@dataclass
class SignIn:
    """One new browser on the way to the service; call the stages in their order."""

    send: Send
    provider: str = partners.PROVIDER
    citizen: int = field(default_factory=lambda: secrets.randbelow(CITIZENS))
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    csrf: str = ""
    came_with: str = ""  # the address that brings the citizen, or the code, back
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    access_token: str = ""

    def authorize(self) -> None:
        query = {
            "response_type": "code",
            "client_id": partners.CLIENT_ID,
            "redirect_uri": partners.CALLBACK,
            "scope": partners.SCOPE,
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            "acr_values": "eidas1",
            "code_challenge": pkce.challenge(self.verifier),
            "code_challenge_method": pkce.METHOD,
        }
        self.page = self._redirected("GET", f"/api/v2/authorize?{urlencode(query)}")

    def choice(self) -> None:
        self._read(self.page)

    def choose(self) -> None:
        form = {"csrfmiddlewaretoken": self.csrf, "providerUid": self.provider}
        departure = self._redirected("POST", f"{self.page}/redirect-to-idp", form)
        asked = parse_qs(urlsplit(departure).query)
        # At the identity provider: its code says who signs in, and the nonce.
        code = f"{self.citizen}-{asked['nonce'][0]}"
        back = urlencode({"code": code, "state": asked["state"][0]})
        self.came_with = f"/api/v2/oidc-callback?{back}"

    def callback(self) -> None:
        self.page = self._redirected("GET", self.came_with)

    def information(self) -> None:
        self._read(self.page)

    def login(self) -> None:
        form = {"csrfmiddlewaretoken": self.csrf}
        self.came_with = self._redirected("POST", self.page.replace("/consent", "/login"), form)

    def token(self) -> None:
        form = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(self.came_with).query)["code"][0],
            "redirect_uri": partners.CALLBACK,
            "client_id": partners.CLIENT_ID,
            "client_secret": partners.CLIENT_SECRET,
            "code_verifier": self.verifier,
        }
        answer = self.send("POST", "/api/v2/token", MACHINE | FORM, urlencode(form).encode())
        self.access_token = json.loads(_expect(200, answer).body)["access_token"]

    def userinfo(self) -> None:
        bearer = {"Authorization": f"Bearer {self.access_token}"}
        answer = self.send("GET", "/api/v2/userinfo", MACHINE | bearer, b"")
        if _expect(200, answer).header("content-type") != "application/jwt":
            raise RuntimeError(f"userinfo is not signed: {answer}")

    def whole(self) -> None:
        """Play every stage."""
        for stage in STAGES:
            self.play(stage)

    def play(self, stage: str) -> None:
        """Play one stage. Raises RuntimeError when the broker answers anything but its best."""
        getattr(self, stage)()

    def _read(self, page: str) -> None:
        found = CSRF.search(_expect(200, self._browse("GET", page)).body)
        if found is None:
            raise RuntimeError(f"no form on {page}")
        self.csrf = found.group(1).decode()

    def _redirected(self, method: str, target: str, form: Mapping[str, str] | None = None) -> str:
        return _expect(303, self._browse(method, target, form)).header("location")

    def _browse(self, method: str, target: str, form: Mapping[str, str] | None = None) -> Answer:
        headers = BROWSER | (FORM if form else {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.send(method, target, headers, urlencode(form or {}).encode())
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: kept.value for key, kept in SimpleCookie(value).items()}
        return answer


def _expect(status: int, answer: Answer) -> Answer:
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:2000]!r}")
    return answer
