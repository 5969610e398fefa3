"""The sign-in of each provider's own site, and what its home page says of an account."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AuthenticationRequest, Grant, IdentityAccount
from apps.sandbox.personas import catalogue as personas
from tests.notifications.relay import Relay
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import (
    CIVIL_STATUS,
    EMAIL,
    PASSWORD,
    PORTAL,
    fill,
    link_of,
    press,
    refusal,
    text,
)

SIGN_IN = "/connexion/"
at_laposte = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def sign_in(browser: Client, identifier: str, password: str = personas.PASSWORD) -> HttpResponse:
    return rp.post_login(browser, browser.get(SIGN_IN), identifier, password)


def home_after(browser: Client, identifier: str, password: str = personas.PASSWORD) -> str:
    assert sign_in(browser, identifier, password)["Location"] == "/"
    return text(browser.get("/"))


def test_the_site_opens_its_own_session(browser: Client, site: IdentityProviderSite) -> None:
    assert f'href="{SIGN_IN}">Me connecter' in text(browser.get("/"))
    page = text(browser.get(SIGN_IN))
    assert "FranceConnect vous envoie ici" not in page
    assert "Retourner sur FranceConnect" not in page
    assert "Pannes" not in page
    home = home_after(browser, rp.identifier_of(site))
    assert f">{rp.identifier_of(site)}</strong>" in home
    assert "permet de se connecter à d’autres services" in home
    assert "Me connecter" not in home
    assert browser.get(SIGN_IN)["Location"] == "/"
    assert not AuthenticationRequest.objects.exists()
    assert not Grant.objects.exists()
    press(browser, browser.get("/"), "/deconnexion")
    assert "Me connecter" in text(browser.get("/"))


def test_a_persona_fills_the_form_of_the_site(browser: Client, site: IdentityProviderSite) -> None:
    page = text(browser.get(SIGN_IN, {"persona": "angele-ordinaire"}))
    assert f'value="{rp.identifier_of(site)}"' in page
    assert f'href="{SIGN_IN}?persona=angele-ordinaire"' in page


def test_a_wrong_password_opens_nothing_and_is_counted(
    browser: Client, site: IdentityProviderSite
) -> None:
    for _ in range(5):
        answer = sign_in(browser, rp.identifier_of(site), "pas-le-bon")
        assert "ne correspondent pas" in refusal(answer)
    assert sign_in(browser, rp.identifier_of(site)).status_code == 429
    assert "Me connecter" in text(browser.get("/"))


def test_what_is_left_empty_is_said_to_be_missing(
    browser: Client, site: IdentityProviderSite
) -> None:
    said = refusal(sign_in(browser, "  ", ""))
    assert f"Remplissez le champ « {site.identifier.label} »." in said
    assert "Saisissez votre mot de passe." in said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("created", "Confirmez votre adresse électronique"),
        ("to_verify", "Patientez"),
        ("refused", "Votre identité n’a pas été confirmée"),
        ("closed", "Ce compte est fermé"),
    ],
)
def test_the_home_page_says_what_an_account_waits_for(
    browser: Client, site: IdentityProviderSite, state: str, said: str
) -> None:
    found = IdentityAccount.objects.filter(site=site.slug, claims__birthdate="1985-03-14")
    assert found.update(state=state) == 1
    home = home_after(browser, rp.identifier_of(site))
    assert said in home
    assert "ne permet pas de se connecter à un service" in home
    assert 'href="/second-facteur/"' not in home
    assert (f'href="{PORTAL}">Rien reçu' in home) == (state == "created")


@at_laposte
def test_a_verified_account_is_offered_a_second_factor(
    browser: Client, site: IdentityProviderSite
) -> None:
    assert 'href="/second-facteur/"' in home_after(browser, rp.identifier_of(site))


@at_laposte
def test_what_remains_is_done_from_the_home_page(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    fill(browser, link_of(relay), password=PASSWORD)
    another = Client(enforce_csrf_checks=True)
    assert "Indiquez votre état civil" in home_after(another, EMAIL, PASSWORD)
    answer = press(another, another.get("/"), "/inscription/etat-civil")
    check = fill(another, answer["Location"], **CIVIL_STATUS)["Location"]
    fill(another, check, method="postman")
    assert "Patientez" in text(another.get("/"))


@at_laposte
def test_the_mail_to_who_has_an_account_leads_to_the_sign_in(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser, "angele.ordinaire@example.org")
    assert f"mot de passe\u202f: {site.issuer}{SIGN_IN}" in relay.received[0].get_content()
