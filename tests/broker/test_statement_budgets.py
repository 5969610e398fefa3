"""The budget of SQL statements of each endpoint, BEGIN and COMMIT counted.

Inside a test's transaction BEGIN and COMMIT are SAVEPOINT and RELEASE: as many statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.driver import Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db


@contextmanager
def at_most(statements: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    sent = [query["sql"] for query in captured.captured_queries]
    assert len(sent) <= statements, "\n".join(sent)


def whole_sign_in(browser: Browser, *, callback: int) -> None:
    """Sign in, each request within its budget."""
    client, csrf = browser.client, browser.csrf
    with at_most(2):
        page_url = browser.ask()["Location"]
    with at_most(3):
        choice = client.get(page_url)
    form = {"csrfmiddlewaretoken": csrf(choice), "providerUid": "impots"}
    with at_most(3):
        departure = client.post(f"{page_url}/redirect-to-idp", form)
    with at_most(callback):
        information_url = browser.come_back(departure)["Location"]
    with at_most(2):
        information = client.get(information_url)
    with at_most(2):
        end = client.post(f"{page_url}/login", {"csrfmiddlewaretoken": csrf(information)})
    code = query_of(end["Location"])["code"]
    with at_most(2):
        tokens = redeem(code)
    with at_most(2):
        read_userinfo(tokens.json()["access_token"])


def test_a_first_sign_in_stays_within_its_budgets(browser: Browser) -> None:
    whole_sign_in(browser, callback=7)


def test_a_citizen_who_comes_back_costs_less(browser: Browser) -> None:
    browser.sign_in()
    whole_sign_in(Browser(browser.idp), callback=4)


def test_a_recognised_citizen_costs_no_more(browser: Browser) -> None:
    browser.sign_in()
    with at_most(2):
        verify_url = browser.ask()["Location"]
    with at_most(3):
        information_url = browser.client.get(verify_url)["Location"]
    token = browser.csrf(browser.client.get(information_url))
    with at_most(3):
        browser.client.post(
            information_url.replace("/consent", "/login"), {"csrfmiddlewaretoken": token}
        )


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_what_we_publish_costs_no_statement(path: str, browser: Browser) -> None:
    with at_most(0):
        assert browser.client.get("/api/v2" + path).status_code == 200
