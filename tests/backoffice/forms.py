"""Forms as a browser sends them: what the page holds, plus what the agent changes."""

from collections.abc import Mapping
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

Values = dict[str, list[str]]

REASON = "demande du partenaire, par son formulaire"


class _Fields(HTMLParser):
    """Reads the fields of the form of a page, without the one that signs out."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.is_inside = False
        self.values: Values = {}
        self._text = ""
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        elif not self.is_inside:
            return
        elif tag == "input" and name:
            self._read_input(given, name)
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value") or "")

    def _read_input(self, given: Mapping[str, str | None], name: str) -> None:
        kind = given.get("type")
        if kind == "submit" or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self.values.setdefault(name, []).append(given.get("value") or "on" * (kind == "checkbox"))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # A browser drops the first line break and sends CRLF.
            text = self._text.removeprefix("\r\n").removeprefix("\n")
            self.values[self._area] = [text.replace("\r\n", "\n").replace("\n", "\r\n")]
            self._area = ""
        elif tag == "form":
            self.is_inside = False


def read(response: HttpResponse, form_id: str) -> Values:
    """Return the fields of a form as the browser would send them untouched."""
    parser = _Fields(form_id)
    parser.feed(response.content.decode())
    return parser.values


def submit(client: Client, url: str, form_id: str, **changes: object) -> HttpResponse:
    """Open a page, change some fields, say why, and send its form; None empties a field."""
    values = {**read(client.get(url), form_id), "change_reason": [REASON]}
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return client.post(url, values)
