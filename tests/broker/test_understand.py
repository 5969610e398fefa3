"""« Comprendre FranceConnect »: the page that anybody reads before the first sign-in."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from apps.identity_providers.models import IdentityProvider
from tests.pages.page import Element, parse_page

pytestmark = pytest.mark.django_db


def an_account(uid: str = "impots", **overrides: Any) -> IdentityProvider:
    values = {
        "name": uid,
        "title": f"Compte {uid}",
        "issuer": f"https://{uid}.example",
        "client_id": "fc",
        "enrolment": f"Demandez {uid} au guichet.",
        "enrolment_url": f"https://{uid}.example/inscription",
    }
    return IdentityProvider.objects.create(uid=uid, **{**values, **overrides})


def read() -> Element:
    response = Client().get("/comprendre")
    assert response.status_code == 200
    return parse_page(response.content.decode())


def test_the_accounts_are_those_of_the_registry_in_its_order() -> None:
    an_account("laposte", order=2)
    an_account("impots", order=1)
    an_account("ailleurs", display=False)
    page = read()
    titles = [h3.text() for h3 in page.all("h3") if h3.inside("li")]
    assert titles == ["Compte impots", "Compte laposte"]
    assert "Demandez impots au guichet." in page.text()
    links = {a.text(): a.attributes["href"] for a in page.all("a")}
    assert (
        links["Comment obtenir ce compte : Compte impots"] == "https://impots.example/inscription"
    )


def test_an_inactive_account_says_so() -> None:
    an_account("impots", active=False, message="De retour lundi")
    an_account("ameli", active=False)
    text = read().text()
    assert "De retour lundi" in text
    assert "Indisponible pour le moment" in text


def test_a_platform_without_accounts_says_so() -> None:
    assert "Aucun compte n’est proposé pour le moment." in read().text()


def test_the_four_steps_are_numbered() -> None:
    [steps] = [e for e in read().all("ol") if e.attributes.get("class") == "fc-steps"]
    assert [li.all("strong")[0].text() for li in steps.all("li")] == [
        "Cliquez",
        "Choisissez",
        "Identifiez-vous",
        "Continuez",
    ]


def test_the_e_mail_is_promised_only_by_a_platform_that_sends_it(settings: Settings) -> None:
    assert "Un courriel à chaque connexion" in read().text()
    settings.NOTIFICATION_POLICY = "off"
    assert "courriel à chaque connexion" not in read().text()


def test_anybody_and_any_cache_may_read_it() -> None:
    an_account()
    with CaptureQueriesContext(connection) as captured:
        response = Client().get("/comprendre")
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert len(captured.captured_queries) == 1


def test_what_a_registry_says_is_shown_as_text() -> None:
    hostile = "<script>alert(1)</script>"
    an_account(title=hostile, enrolment=hostile, hint=hostile, active=False, message=hostile)
    assert hostile not in Client().get("/comprendre").content.decode()


def test_the_first_page_of_the_site_leads_to_it() -> None:
    assert Client().get("/")["Location"].endswith("/comprendre")
