"""A browser without JavaScript: pages, links, forms, cookies, redirects, and nothing else.

It presses what a page offers and types what a person would, so that a journey that works here works
for somebody who blocks scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, Self
from urllib.parse import urljoin, urlsplit

import requests

TIMEOUT: Final = 20  # seconds, each request
AUTOMATIC_PAGES: Final = 5  # <meta http-equiv="refresh"> followed in a row


class JourneyStopped(Exception):
    """A page is not the one expected; the message tells which, and nothing that it shows."""


@dataclass
class Form:
    """A form: where it goes, what it holds, and the name and value of each of its buttons."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page that was received, read as a browser reads it."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.url, self.status, self.text = answer.url, answer.status_code, answer.text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.refresh = ""
        self._is_in_form = False
        self.feed(answer.text)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the links and the forms."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(urljoin(self.url, values["href"]))
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.refresh = urljoin(self.url, values.get("content", "").partition("url=")[2])
        elif tag == "form":
            action = urljoin(self.url, values.get("action", ""))
            self.forms.append(Form(action, values.get("method", "get").lower()))
            self._is_in_form = True
        elif tag in ("input", "button") and self._is_in_form and values.get("name"):
            _add(self.forms[-1], tag, values)

    def handle_endtag(self, tag: str) -> None:
        """Note where a form ends."""
        if tag == "form":
            self._is_in_form = False

    def link(self, ending: str) -> str:
        """Return the link whose address, without its query, ends so. Raises JourneyStopped."""
        for address in self.links:
            if urlsplit(address).path.endswith(ending):
                return address
        raise JourneyStopped(f"{self.where()} n’a pas de lien vers {ending}")

    def form(self, ending: str) -> Form:
        """Return the form whose action ends so. Raises JourneyStopped."""
        for form in self.forms:
            if urlsplit(form.action).path.endswith(ending):
                return form
        raise JourneyStopped(f"{self.where()} n’a pas de formulaire vers {ending}")

    def where(self) -> str:
        """Return the address of the page without its query, and its status."""
        parts = urlsplit(self.url)
        return f"la page {parts.scheme}://{parts.netloc}{parts.path} (HTTP {self.status})"

    def expect(self, ending: str, *, status: int = 200) -> Self:
        """Return the page, which must be this one. Raises JourneyStopped."""
        if not self.path.endswith(ending) or self.status != status:
            raise JourneyStopped(
                f"une page …{ending} (HTTP {status}) était attendue, pas {self.where()}"
            )
        return self


def _add(form: Form, tag: str, values: Mapping[str, str]) -> None:
    name, value, kind = values["name"], values.get("value", ""), values.get("type", "")
    if tag == "button" or kind == "submit":
        form.buttons.append((name, value))
    elif kind in ("checkbox", "radio"):
        form.boxes[name] = value or "on"
    else:
        form.fields[name] = value


class Browser:
    """One browser profile: its cookies are those of every port of a host, as the standard says."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy of the machine between us and it
        self._session.headers["User-Agent"] = "prove_privacy"

    def open(self, address: str) -> Page:
        """Return the page at which an address ends. Raises JourneyStopped."""
        return self._settle(self._session.get(address, timeout=TIMEOUT))

    def follow(self, page: Page, ending: str) -> Page:
        """Press a link."""
        return self.open(page.link(ending))

    def submit(self, page: Page, ending: str, *, ticks: bool = False, **typed: str) -> Page:
        """Press the button of a form, every box ticked or none."""
        form = page.form(ending)
        given = {**form.fields, **(form.boxes if ticks else {}), **typed}
        if form.method == "get":
            answer = self._session.get(form.action, params=given, timeout=TIMEOUT)
        else:
            answer = self._session.post(form.action, data=given, timeout=TIMEOUT)
        return self._settle(answer)

    def _settle(self, answer: requests.Response) -> Page:
        page = Page(answer)
        for _ in range(AUTOMATIC_PAGES):
            if not page.refresh:
                return page
            page = Page(self._session.get(page.refresh, timeout=TIMEOUT))
        raise JourneyStopped(f"{page.where()} renvoie sans fin à une autre")
