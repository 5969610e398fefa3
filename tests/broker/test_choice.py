"""The choice page as a citizen meets it: which accounts, in which state, at which cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from apps.audit.models import Entry
from apps.broker.flow import Offered
from apps.broker.models import SignIn
from apps.broker.views import choice_page
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors
from apps.service_providers.models import ServiceProvider
from tests.driver import Browser
from tests.pages.page import Element, parse_page

pytestmark = pytest.mark.django_db

LINK = {"alternative_label": "Ouvrir l’ancien espace", "alternative_url": "https://ancien.example/"}
WHY = "Pourquoi certains comptes ne peuvent-ils pas être choisis\u202f?"
WHY_ABSENT = "Pourquoi certains comptes n’apparaissent-ils pas\u202f?"


def another(uid: str = "ameli", **overrides: Any) -> IdentityProvider:
    """Return a second account, which is never left for."""
    issuer = f"https://{uid}.example"
    endpoints = {
        name: f"{issuer}/{name}"
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    }
    values = {"name": uid, "title": f"Compte {uid}", "issuer": issuer, "client_id": "fc"}
    return IdentityProvider.objects.create(uid=uid, **{**values, **endpoints, **overrides})


def shown(browser: Browser, **asked: Any) -> Element:
    response = browser.open(browser.ask(**asked))
    assert response.status_code == 200
    return parse_page(response.content.decode())


def cards(page: Element) -> list[Element]:
    [listed] = [e for e in page.all("ul") if e.attributes.get("class") == "fc-cards"]
    return listed.all("li")


def summaries(page: Element) -> list[str]:
    return [summary.text() for summary in page.all("summary")]


def test_an_inactive_account_shows_its_message_and_its_other_link(browser: Browser) -> None:
    another(active=False, message="En maintenance jusqu’à demain", **LINK)
    page = shown(browser)
    card = cards(page)[1]
    assert "En maintenance jusqu’à demain" in card.text()
    assert [(a.attributes["href"], a.text()) for a in card.all("a")] == [
        ("https://ancien.example/", "Ouvrir l’ancien espace")
    ]
    assert not card.all("button")
    assert WHY in summaries(page)


def test_an_active_account_shows_neither_its_message_nor_its_other_link(browser: Browser) -> None:
    another(message="En maintenance", **LINK)
    page = shown(browser)
    assert "En maintenance" not in page.text()
    assert not cards(page)[1].all("a")
    assert WHY not in summaries(page)


def test_an_account_that_the_service_excludes_is_shown_but_cannot_be_chosen(
    browser: Browser,
) -> None:
    another(**LINK)
    ServiceProvider.objects.update(idp_filter_mode="all_but", idp_filter=["ameli"])
    page = shown(browser)
    card = cards(page)[1]
    assert "Non accepté par ce service" in card.text()
    assert not card.all("button", "a")
    assert WHY in summaries(page)
    assert "Chaque service décide des comptes qu’il accepte." in page.text()


def test_a_platform_may_hide_what_the_service_excludes(
    browser: Browser, settings: Settings
) -> None:
    settings.SHOW_EXCLUDED_ACCOUNTS = False
    another()
    ServiceProvider.objects.update(idp_filter_mode="only", idp_filter=["impots"])
    page = shown(browser)
    assert [card.all("button")[0].attributes["value"] for card in cards(page)] == ["impots"]
    assert "Compte ameli" not in page.text()
    assert WHY_ABSENT in summaries(page)


def test_hiding_excluded_accounts_hides_no_other(browser: Browser, settings: Settings) -> None:
    settings.SHOW_EXCLUDED_ACCOUNTS = False
    another(active=False)
    assert "Indisponible pour le moment" in cards(shown(browser))[1].text()


def test_a_level_too_low_is_said_on_the_page_and_on_the_card(browser: Browser) -> None:
    another()
    IdentityProvider.objects.filter(uid="impots").update(allowed_acr=["eidas1", "eidas2"])
    ServiceProvider.objects.update(acr_values=["eidas1", "eidas2"])
    page = shown(browser, acr_values="eidas2")
    assert "Ce service demande un niveau de sécurité substantiel." in page.text()
    available, too_low = cards(page)
    assert available.all("button")
    assert not too_low.all("button")
    assert "Niveau de sécurité trop faible pour ce service" in too_low.text()
    assert "Un seul compte permet d’accéder à ce service." in page.text()


def test_one_account_alone_is_not_left_for_by_itself(browser: Browser) -> None:
    page = shown(browser)
    assert len(cards(page)) == 1
    assert SignIn.objects.get().state == "choosing"


def test_an_account_under_test_bears_its_badge(browser: Browser) -> None:
    another(is_beta=True)
    assert ["En test" in card.text() for card in cards(shown(browser))] == [False, True]


def test_an_account_whose_site_does_not_answer_is_unavailable_for_now(browser: Browser) -> None:
    """Whatever the refusal, the card has words for it: here, one that is not the service's."""
    browser.ask()
    down = Offered(another(message="Jamais lu", **LINK), errors.IDP_UNAVAILABLE)
    values = choice_page.values(SignIn.objects.get(), [down])
    [card] = values["providers"]
    assert card["state"] == "Indisponible pour le moment"
    assert card["link_url"] == LINK["alternative_url"]
    assert values["why"]


def test_an_account_without_a_pictogram_shows_its_first_letter(browser: Browser) -> None:
    another("edf", title="énergie")
    another("ameli", title="Ameli", active=False, pictogram="franceconnect/pictograms/ameli.svg")
    letters = [
        [
            (e.text(), e.attributes.get("aria-hidden"))
            for e in card.all("span")
            if e.attributes.get("class") == "fc-card__blank"
        ]
        for card in cards(shown(browser))
    ]
    assert letters == [[("I", "true")], [("É", "true")], []]


def test_recipes_are_those_of_the_accounts_that_would_serve(browser: Browser) -> None:
    how = {"enrolment": "Demandez-le au guichet.", "enrolment_url": "https://guichet.example/"}
    another("ameli", active=False, **how)
    another("laposte", **how)
    another("ailleurs", display=False, **how)
    another("muet")
    ServiceProvider.objects.update(idp_filter_mode="all_but", idp_filter=["laposte"])
    [recipes] = [d for d in shown(browser).all("details") if "aucun de ces comptes" in d.text()]
    links = {a.text(): a.attributes["href"] for a in recipes.all("a")}
    assert links == {"Comment obtenir ce compte : Compte ameli": "https://guichet.example/"}
    assert recipes.text().count("Demandez-le au guichet.") == 1


def test_what_a_registry_says_is_shown_as_text(browser: Browser) -> None:
    hostile = "<script>alert(1)</script>"
    another("ameli", enrolment=hostile, title=hostile, hint=hostile)
    another("laposte", active=False, message=hostile, **{**LINK, "alternative_label": hostile})
    content = browser.open(browser.ask()).content.decode()
    assert hostile not in content
    assert content.count("&lt;script&gt;alert(1)") >= 5


def test_thirty_accounts_cost_no_more_statements_and_stay_light(browser: Browser) -> None:
    for number in range(29):
        another(
            f"compte-{number}",
            hint="Votre numéro fiscal et votre mot de passe",
            enrolment="Prenez votre dernière déclaration de revenus. " * 4,
            enrolment_url="https://guichet.example/",
            pictogram="franceconnect/pictograms/impots.svg",
        )
    address = browser.ask()["Location"]
    with CaptureQueriesContext(connection) as captured:
        response = browser.client.get(address)
    assert len(cards(parse_page(response.content.decode()))) == 30
    assert len(captured.captured_queries) <= 4
    assert len(response.content) < 60_000
    assert Entry.objects.filter(step="2.0.0").count() == 1
