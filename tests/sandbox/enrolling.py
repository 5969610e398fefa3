"""What a person does to enrol at an identity provider of the sandbox, as plain functions of a test."""

import re
from copy import deepcopy
from html import unescape

from django.http import HttpResponse
from django.test import Client

from tests.notifications.relay import Relay

PASSWORD = "un cheval de trait bleu"
PORTAL = "/espace-personnel/"
EMAIL = "lou.sans-compte@example.org"
CIVIL_STATUS = {
    "gender": "female",
    "given_name": "Lou  Camille",
    "family_name": "Sans-Compte",
    "birthdate-day": "17",
    "birthdate-month": "08",
    "birthdate-year": "1998",
    "birthcountry": "99100",
    "birthplace": "01053",
}


def text(page: HttpResponse) -> str:
    return unescape(page.content.decode())


def press(browser: Client, page: HttpResponse, action: str, **fields: str) -> HttpResponse:
    """Send a form of a page, as a browser that checks CSRF does."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token, text(page)
    return browser.post(action, {**fields, "csrfmiddlewaretoken": token[1]})


def begin(browser: Client, enrolment: str, **fields: str) -> str:
    """Press the button of the portal; return the address of the first step."""
    answer = press(browser, browser.get(PORTAL), f"/inscription/{enrolment}", **fields)
    assert answer.status_code == 303, text(answer)
    return answer["Location"]


def fill(browser: Client, address: str, **fields: str) -> HttpResponse:
    """Fill and send the form of a step; what is wrong with it is on the page that follows."""
    answer = press(browser, browser.get(address), address, **fields)
    again = answer.status_code == 303 and answer["Location"] == address
    return browser.get(address) if again else answer


def press_twice(
    browser: Client,
    address: str,
    *,
    action: str = "",
    second: dict[str, str] | None = None,
    **fields: str,
) -> tuple[HttpResponse, HttpResponse]:
    """Double-click the button of a page: the browser drops the first answer, cookies included.

    action   where the form is sent, when that is not its own address
    second   what the second press brings, when that is not what the first one did
    """
    page = browser.get(address)
    before = deepcopy(browser.cookies)
    first = press(browser, page, action or address, **fields)
    browser.cookies = before
    return first, press(browser, page, action or address, **(second or fields))


def refusal(page: HttpResponse) -> str:
    """Return what the error summary says."""
    found = re.search(r'role="alert".*?</ul>', page.content.decode(), re.DOTALL)
    assert found, text(page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def link_of(relay: Relay, rank: int = -1) -> str:
    """Return the path of the link in a message that was received."""
    body = relay.received[rank].get_content()
    found = re.search(r"http://localhost:\d+(/confirmation/\S+)", body)
    assert found, body
    return found[1]


def new_password(password: str = PASSWORD) -> dict[str, str]:
    return {"password": password, "password-again": password}
