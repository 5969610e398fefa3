"""What a person does to enrol at La Poste, and the postman, as plain functions of a test."""

from django.http import HttpResponse
from django.test import Client

from apps.sandbox.models import IdentityAccount, IdentityCheck
from tests.sandbox.enrolling import (
    CIVIL_STATUS,
    EMAIL,
    PASSWORD,
    PORTAL,
    fill,
    press,
    refusal,
    text,
)


def confirm(browser: Client, link: str, password: str = PASSWORD) -> HttpResponse:
    return fill(browser, link, password=password)


def account(email: str = EMAIL) -> IdentityAccount:
    return IdentityAccount.objects.get(site="laposte", identifier=email)


def ask_for_a_check(browser: Client, address: str, **changes: str) -> HttpResponse:
    """Fill the civil status and choose the postman; the answer is the page at the end."""
    answer = fill(browser, address, **{**CIVIL_STATUS, **changes})
    assert answer.status_code == 303, refusal(answer)
    answer = fill(browser, answer["Location"], method="postman")
    return browser.get(answer["Location"])


def play_the_postman(settings: object, refusal: str = "") -> str:
    """Decide the newest check on the main site; return the page that follows."""
    settings.ROOT_URLCONF, kept = "apps.sandbox.urls", settings.ROOT_URLCONF  # type: ignore[attr-defined]
    office = Client(enforce_csrf_checks=True)
    page = office.get("/controles-d-identite/")
    pk = IdentityCheck.objects.latest("pk").pk
    press(office, page, f"/controles-d-identite/{pk}/decision", refusal=refusal)
    page = office.get("/controles-d-identite/")
    settings.ROOT_URLCONF = kept  # type: ignore[attr-defined]
    return text(page)


def begin_civil_status(browser: Client) -> str:
    answer = press(browser, browser.get(PORTAL), "/inscription/etat-civil")
    return str(answer["Location"])
