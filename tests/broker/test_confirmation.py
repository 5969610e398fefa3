"""What an account wants to be read before the departure: a page, without a script."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Entry
from apps.broker.models import SignIn
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from tests.driver import Browser
from tests.pages.page import Element, parse_page

pytestmark = pytest.mark.django_db

TEXTS = {
    "confirmation_title": "Préparez votre téléphone",
    "confirmation_body": "Un code vous y sera envoyé. Gardez-le près de vous.",
}


@pytest.fixture
def page_url(browser: Browser) -> str:
    """The choice page of a sign-in, before an account that wants to be confirmed."""
    IdentityProvider.objects.update(**TEXTS)
    return browser.ask()["Location"]


def read(browser: Browser, response: HttpResponse) -> Element:
    assert response.status_code == 303
    page = browser.open(response)
    assert page.status_code == 200
    return parse_page(page.content.decode())


def go_on(browser: Browser, page: Element) -> HttpResponse:
    """Send the form of the confirmation as it is."""
    form = page.all("form")[0]
    fields = {e.attributes["name"]: e.attributes["value"] for e in form.all("input")}
    return browser.client.post(form.attributes["action"], fields)


def test_choosing_leads_to_what_must_be_read_and_changes_nothing(
    browser: Browser, page_url: str
) -> None:
    before = SignIn.objects.values().get()
    page = read(browser, browser.choose(page_url))
    assert page.all("h1")[0].text() == "Préparez votre téléphone"
    assert TEXTS["confirmation_body"] in page.text()
    assert page.all("button")[0].text() == "Continuer avec Impôts – bac à sable"
    assert SignIn.objects.values().get() == before


def test_going_on_leaves_for_the_account_and_the_choice_is_journalled_once(
    browser: Browser, page_url: str
) -> None:
    page = read(browser, browser.choose(page_url))
    assert not Entry.objects.filter(step="3.0.0").exists()
    departure = go_on(browser, page)
    assert departure["Location"].startswith(f"{browser.idp.issuer}/authorize?")
    assert Entry.objects.filter(step="3.0.0").count() == 1
    assert browser.come_back(departure)["Location"].endswith("/consent")


def test_the_button_says_what_the_account_wants(browser: Browser, page_url: str) -> None:
    IdentityProvider.objects.update(confirmation_continue="Continuer vers les impôts")
    page = read(browser, browser.choose(page_url))
    assert page.all("button")[0].text() == "Continuer vers les impôts"


def test_another_account_may_be_chosen_instead(browser: Browser, page_url: str) -> None:
    page = read(browser, browser.choose(page_url))
    [back] = [a for a in page.all("main")[0].all("a") if a.text() == "Choisir un autre compte"]
    assert back.attributes["href"] == page_url
    assert browser.client.get(back.attributes["href"]).status_code == 200


def test_a_page_opened_before_the_confirmation_was_asked_for_leads_to_it(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(page_url))}
    IdentityProvider.objects.update(**TEXTS)
    response = browser.client.post(f"{page_url}/redirect-to-idp", {**form, "providerUid": "impots"})
    assert read(browser, response).all("h1")[0].text() == "Préparez votre téléphone"


def test_an_account_without_confirmation_is_left_for_at_once(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    assert browser.choose(page_url)["Location"].startswith(browser.idp.issuer)
    asked_by_hand = browser.client.get(f"{page_url}/confirmation", {"providerUid": "impots"})
    assert asked_by_hand["Location"] == page_url


def test_a_service_that_names_the_account_leads_straight_to_it(
    browser: Browser, page_url: str
) -> None:
    ServiceProvider.objects.update(allowed_idp_hints=["impots"])
    hinted = browser.open(browser.ask(idp_hint="impots"))
    assert hinted["Location"].startswith(f"{browser.idp.issuer}/authorize?")


def test_the_confirmation_without_our_token_changes_nothing(
    browser: Browser, page_url: str
) -> None:
    read(browser, browser.choose(page_url))
    forged = {"providerUid": "impots", "confirmed": "true"}
    assert browser.client.post(f"{page_url}/redirect-to-idp", forged).status_code == 403
    assert not Entry.objects.filter(step="3.0.0").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"active": False}, "Y020017"),
        ({"allowed_acr": ["eidas1"]}, "Y100001"),
        ({"uid": "autre"}, "Y020019"),
    ],
)
def test_an_account_that_may_not_serve_is_not_confirmed(
    browser: Browser, change: dict[str, Any], code: str
) -> None:
    IdentityProvider.objects.update(**TEXTS, allowed_acr=["eidas2"])
    ServiceProvider.objects.update(acr_values=["eidas1", "eidas2"])
    page_url = browser.ask(acr_values="eidas2")["Location"]
    address = browser.choose(page_url)["Location"]
    IdentityProvider.objects.update(**change)
    assert code in browser.client.get(address).content.decode()


def test_a_confirmation_that_comes_too_late_is_refused(browser: Browser, page_url: str) -> None:
    response = browser.choose(page_url)
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(page_url))}
    browser.client.post(f"{page_url}/abandon", form)
    assert browser.open(response).status_code == 409


def test_the_confirmation_of_somebody_else_is_not_shown(browser: Browser, page_url: str) -> None:
    address = browser.choose(page_url)["Location"]
    assert Browser(browser.idp).client.get(address).status_code == 401


def test_the_policy_of_the_page_names_the_account_and_the_service(
    browser: Browser, page_url: str
) -> None:
    response = browser.open(browser.choose(page_url))
    targets = response["Content-Security-Policy"].partition("form-action")[2].split()
    assert set(targets) == {"'self'", browser.idp.issuer, "https://mairie.example"}


def test_confirming_stays_within_its_budgets(browser: Browser, page_url: str) -> None:
    token = browser.csrf(browser.client.get(page_url))
    form = {"csrfmiddlewaretoken": token, "providerUid": "impots"}
    with CaptureQueriesContext(connection) as choosing:
        response = browser.client.post(f"{page_url}/redirect-to-idp", form)
    with CaptureQueriesContext(connection) as reading:
        page = read(browser, response)
    with CaptureQueriesContext(connection) as leaving:
        go_on(browser, page)
    assert [len(each.captured_queries) for each in (choosing, reading, leaving)] == [2, 2, 3]


def test_what_must_be_read_is_ready_over_the_accounts_too(browser: Browser, page_url: str) -> None:
    page = parse_page(browser.client.get(page_url).content.decode())
    (dialog,) = page.all("dialog")
    (card,) = [e for e in page.all("button") if "data-dialog" in e.attributes]
    assert card.attributes["data-dialog"] == dialog.attributes["id"]
    assert TEXTS["confirmation_title"] in dialog.text()
    assert go_on(browser, dialog)["Location"].startswith(browser.idp.issuer)
    assert Entry.objects.filter(event="IDP_CHOSEN").count() == 1


def test_an_account_that_cannot_be_chosen_has_nothing_to_confirm(
    browser: Browser, page_url: str
) -> None:
    IdentityProvider.objects.update(active=False)
    page = parse_page(browser.client.get(page_url).content.decode())
    assert not page.all("dialog")
