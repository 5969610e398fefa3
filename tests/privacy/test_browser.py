"""The browser without JavaScript, before a site that does what sites do."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.backoffice.privacy.browser import Browser, JourneyStopped

PAGES = {
    "/home": """<a href="elsewhere?x=1">Ailleurs</a> <a href="/login?y=2">Entrer</a> <a>vide</a>
        <input name="stray" value="outside of any form">""",
    "/login": """<form method="post" action="/check">
        <input type="hidden" name="token" value="a&amp;b"><input name="who"><input value="no name">
        <input type="checkbox" name="agree" value="true"><button name="go" value="1">Go</button>
        </form><form action="/search"><input name="q" value="é"></form>""",
    "/leaving": '<meta http-equiv="refresh" content="0;url=/home?from=leaving">',
    "/forever": '<meta http-equiv="Refresh" content="0;url=/forever">',
}


class Site(BaseHTTPRequestHandler):
    """Pages, a form that echoes what it receives and gives a cookie, a redirect."""

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        if path == "/old":
            self.send_response(302)
            self.send_header("Location", "/home")
            self.end_headers()
        elif path in ("/search", "/cookie"):
            self._send(200, f"{query} {self.headers.get('Cookie')}")
        else:
            self._send(200 if path in PAGES else 404, PAGES.get(path, "secret-of-the-page"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._send(200, str(parse_qs(body)), cookie="seen=1; Path=/")

    def _send(self, status: int, text: str, *, cookie: str = "") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_links_and_redirects_are_followed(site: str) -> None:
    browser = Browser()
    home = browser.open(f"{site}/old").expect("/home")
    assert browser.follow(home, "/login").path == "/login"
    assert home.forms == []


def test_a_form_sends_what_it_holds_and_what_is_typed(site: str) -> None:
    browser = Browser()
    page = browser.open(f"{site}/login")
    assert browser.submit(page, "/check", who="Zoé").text == "{'token': ['a&b'], 'who': ['Zoé']}"
    assert "'agree': ['true']" in browser.submit(page, "/check", ticks=True).text
    assert browser.submit(page, "/search").text == "q=%C3%A9 seen=1"
    assert browser.open(f"{site}/cookie").text == " seen=1"
    assert Browser().open(f"{site}/cookie").text == " None"


def test_a_page_that_refreshes_to_another_is_followed_and_not_for_ever(site: str) -> None:
    assert Browser().open(f"{site}/leaving").url == f"{site}/home?from=leaving"
    with pytest.raises(JourneyStopped, match="/forever"):
        Browser().open(f"{site}/forever")


def test_what_is_missing_is_told_without_showing_the_page(site: str) -> None:
    page = Browser().open(f"{site}/missing?code=secret")
    for attempt in (
        lambda: page.expect("/home"),
        lambda: page.expect("/missing"),
        lambda: page.link("/login"),
        lambda: page.form("/check"),
    ):
        with pytest.raises(JourneyStopped, match="/missing") as stopped:
            attempt()
        assert "secret" not in str(stopped.value)
