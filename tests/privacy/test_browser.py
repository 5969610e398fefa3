"""The browser without JavaScript, before a site that does what sites do."""

from collections.abc import Iterator

import pytest

from apps.backoffice.privacy.browser import Browser, JourneyStopped
from tests.loopback import Handler, Loopback, typed

HTML = "text/html; charset=utf-8"
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


class Site(Handler):
    """Pages, a form that echoes what it receives and gives a cookie, a redirect."""

    def do_GET(self) -> None:
        if self.route == "/old":
            self.send((302, {"Location": "/home"}, b""))
        elif self.route in ("/search", "/cookie"):
            sent = self.path.partition("?")[2]
            self.send(typed(HTML, f"{sent} {self.headers.get('Cookie')}"))
        elif self.route in PAGES:
            self.send(typed(HTML, PAGES[self.route]))
        else:
            self.send(typed(HTML, "secret-of-the-page", 404))

    def do_POST(self) -> None:
        headers = {"Content-Type": HTML, "Set-Cookie": "seen=1; Path=/"}
        self.send((200, headers, str(self.form()).encode()))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = Loopback(Site)
    yield server.origin
    server.stop()


def test_links_and_redirects_are_followed(site: str) -> None:
    browser = Browser()
    home = browser.open(f"{site}/old").expect("/home")
    assert browser.follow(home, "/login").path == "/login"
    assert home.forms == []


def test_a_form_sends_what_it_holds_and_what_is_typed(site: str) -> None:
    browser = Browser()
    page = browser.open(f"{site}/login")
    assert browser.submit(page, "/check", who="Zoé").text == "{'token': 'a&b', 'who': 'Zoé'}"
    assert "'agree': 'true'" in browser.submit(page, "/check", ticks=True).text
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
