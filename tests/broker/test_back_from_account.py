"""What a citizen reads when an account sends them back with an error, by the error."""

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

SITE = "https://compte.example/"
DESCRIPTION = "Appelez le 06 00 00 00 00 <b>vite</b>"
WORDS = {
    "access_denied": "Vous n’avez pas terminé la connexion avec Impôts – bac à sable.",
    "unmet_authentication_requirements": "Votre compte « Impôts – bac à sable » ne peut pas encore",
    "temporarily_unavailable": "Le site de « Impôts – bac à sable » rencontre un problème",
    "server_error": "rencontre un problème",
    "login_required": "La connexion avec Impôts – bac à sable n’a pas abouti.",
    "<script>alert(1)</script>": "La connexion avec Impôts – bac à sable n’a pas abouti.",
}


def sent_back(
    browser: Browser, error: str, asked: dict[str, str] | None = None, **others: Any
) -> HttpResponse:
    departure = browser.choose(browser.ask(**(asked or {}))["Location"])
    return browser.come_back(departure, code=None, error=error, **others)


def banner(page: Element) -> Element:
    [found] = [e for e in page.walk() if "autofocus" in e.attributes]
    return found


def read(browser: Browser, response: HttpResponse) -> Element:
    return banner(parse_page(browser.open(response).content.decode()))


@pytest.mark.parametrize("error", WORDS)
def test_each_error_has_its_words(browser: Browser, error: str) -> None:
    said = read(browser, sent_back(browser, error))
    assert WORDS[error] in said.text()
    assert "un autre compte." in said.text()


def test_the_words_take_the_focus_and_are_announced(browser: Browser) -> None:
    said = read(browser, sent_back(browser, "server_error"))
    assert said.attributes["role"] == "alert"
    assert said.attributes["tabindex"] == "-1"


def test_an_unverified_account_leads_to_where_it_is_verified(browser: Browser) -> None:
    IdentityProvider.objects.update(enrolment_url=SITE)
    said = read(browser, sent_back(browser, "unmet_authentication_requirements"))
    [link] = said.all("a")
    assert link.attributes["href"] == SITE
    assert link.text() == "Aller sur le site de « Impôts – bac à sable »"


@pytest.mark.parametrize("error", sorted(WORDS.keys() - {"unmet_authentication_requirements"}))
def test_no_other_error_leads_elsewhere(browser: Browser, error: str) -> None:
    IdentityProvider.objects.update(enrolment_url=SITE)
    assert not read(browser, sent_back(browser, error)).all("a")


def test_an_account_without_its_second_factor_is_not_said_to_be_unverified(
    browser: Browser,
) -> None:
    IdentityProvider.objects.update(allowed_acr=["eidas1", "eidas2"])
    ServiceProvider.objects.update(acr_values=["eidas1", "eidas2"])
    back = sent_back(browser, "unmet_authentication_requirements", asked={"acr_values": "eidas2"})
    said = read(browser, back).text()
    assert "n’a pas donné le niveau de sécurité que ce service demande" in said
    assert "n’est pas terminée" not in said


def test_an_unverified_account_whose_site_is_not_known_leads_nowhere(browser: Browser) -> None:
    assert not read(browser, sent_back(browser, "unmet_authentication_requirements")).all("a")


@pytest.mark.parametrize("error", WORDS)
def test_S_096_what_the_account_wrote_is_never_shown(browser: Browser, error: str) -> None:
    others = {"error_description": DESCRIPTION, "error_uri": "https://piege.example/"}
    page = browser.open(sent_back(browser, error, **others)).content.decode()
    for said in ("06 00 00 00 00", "piege.example", "alert(1)"):
        assert said not in page


def test_what_is_kept_is_a_word_of_ours(browser: Browser) -> None:
    sent_back(browser, "drop table", error_description=DESCRIPTION)
    assert SignIn.objects.get().decline == "other"


def test_the_reason_costs_no_statement_more(browser: Browser) -> None:
    departure = browser.choose(browser.ask()["Location"])
    with CaptureQueriesContext(connection) as captured:
        browser.come_back(departure, code=None, error="access_denied")
    assert len(captured.captured_queries) <= 3
    assert Entry.objects.filter(step="4.0.5").count() == 1


def test_the_words_go_once_an_account_is_chosen_again(browser: Browser) -> None:
    page_url = sent_back(browser, "server_error")["Location"]
    browser.choose(page_url)
    page = parse_page(browser.client.get(page_url).content.decode())
    assert not [e for e in page.walk() if "autofocus" in e.attributes]


def test_the_citizen_may_try_again_and_succeed(browser: Browser) -> None:
    page_url = sent_back(browser, "unmet_authentication_requirements")["Location"]
    assert browser.come_back(browser.choose(page_url))["Location"].endswith("/consent")
