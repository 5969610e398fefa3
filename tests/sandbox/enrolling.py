"""What a person does to enrol at an identity provider of the sandbox, as plain functions of a test."""

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client

PASSWORD = "un cheval de trait bleu"
PORTAL = "/espace-personnel/"


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


def refusal(page: HttpResponse) -> str:
    """Return what the error summary says."""
    found = re.search(r'role="alert".*?</ul>', page.content.decode(), re.DOTALL)
    assert found, text(page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def new_password(password: str = PASSWORD) -> dict[str, str]:
    return {"password": password, "password-again": password}
