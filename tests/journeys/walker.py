"""A citizen's browser without a screen: follows redirects and fills the forms of the journey."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from tests.journeys.live import Sandbox

PASSWORD = "chateau-de-sable"
ANGELE = {
    "impots": "00 01 123 456 789 C",
    "ameli": "2 85 03 35 238 942 45",
    "laposte": "angele.ordinaire@example.org",
}
TIMEOUT = 20


class Forms(HTMLParser):
    """The POST forms of a page: action, fields, and the buttons that carry a value."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.found.append((given.get("action", ""), {}))
            self._inside = True
        elif self._inside and tag in ("input", "button") and given.get("name"):
            self.found[-1][1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class Walker:
    """One browser before a sandbox that runs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()

    def sign_in(self, authorization_url: str, *, callback: str, account: str = "impots") -> str:
        """Return the address of the service, with its code, to which the citizen is sent at last."""
        return self.go_on(self.come_back(authorization_url, account=account), callback=callback)

    def come_back(
        self, authorization_url: str, *, account: str = "impots", fault: str = ""
    ) -> requests.Response:
        """Return the page of the broker on which the citizen is after signing in at an account."""
        page = self.session.get(authorization_url, timeout=TIMEOUT)
        return self.choose_and_sign_in(page, account=account, fault=fault)

    def choose_and_sign_in(
        self, page: requests.Response, *, account: str = "impots", fault: str = ""
    ) -> requests.Response:
        """Choose an account on the choice page and sign in there, with a fault that it plays."""
        login = self._submit(page, "redirect-to-idp", {"providerUid": account})
        assert login.status_code == 200, login.text[:2000]
        typed = f"{ANGELE[account]} !{fault}" if fault else ANGELE[account]
        return self._submit(login, "", {"identifier": typed, "password": PASSWORD})

    def go_on(self, page: requests.Response, *, callback: str) -> str:
        """Press « Continuer » and return where it leads, without going there."""
        action, fields = self._form(page, "/login")
        answer = self.session.post(
            urljoin(page.url, action),
            {**fields, "consent": "true"},
            timeout=TIMEOUT,
            allow_redirects=False,
            headers={"Referer": page.url},
        )
        assert answer.status_code == 303, answer.text[:2000]
        assert answer.headers["Location"].startswith(callback), answer.headers["Location"]
        return answer.headers["Location"]

    def _submit(
        self, page: requests.Response, action_end: str, values: dict[str, str]
    ) -> requests.Response:
        action, fields = self._form(page, action_end)
        address = urljoin(page.url, action)
        return self.session.post(
            address, {**fields, **values}, timeout=TIMEOUT, headers={"Referer": page.url}
        )

    @staticmethod
    def _form(page: requests.Response, action_end: str) -> tuple[str, dict[str, str]]:
        for action, fields in Forms(page.text).found:
            if action.endswith(action_end):
                return action, fields
        raise AssertionError(f"no form {action_end!r} at {page.url}:\n{page.text[:3000]}")
