"""A button that is pressed twice: the citizen ends where one press leads, and nothing is made twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.sandbox import clock
from apps.sandbox.clock import Step
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import IdentityAccount, IdentityCheck, PaperLetter
from tests.notifications.relay import Relay
from tests.sandbox.enrolling import (
    CIVIL_STATUS,
    EMAIL,
    PASSWORD,
    PORTAL,
    begin,
    fill,
    link_of,
    new_password,
    press,
    press_twice,
    refusal,
    text,
)

NOTICE = {"tax_number": "00 01 240 000 213", "online_number": "2400213", "income": "0"}
INSURED = {
    "nir": "2 98 08 01 053 957",
    "birthdate-day": "17",
    "birthdate-month": "8",
    "birthdate-year": "1998",
    "family_name": "Sans-Compte",
    "postal_code": "01000",
}
OnCommit = Callable[..., AbstractContextManager[object]]
at_impots = pytest.mark.parametrize("site", ["impots"], indirect=True)
at_ameli = pytest.mark.parametrize("site", ["ameli"], indirect=True)
at_laposte = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def twice(browser: Client, address: str, **fields: str) -> str:
    """Double-click the button of a step; return the address to which both presses lead."""
    first, second = press_twice(browser, address, **fields)
    assert (first.status_code, second.status_code) == (303, 303), text(second)
    assert first["Location"] == second["Location"] != address
    return str(second["Location"])


def is_signed_in(browser: Client) -> bool:
    return "Vous êtes connecté" in text(browser.get("/"))


def begin_twice(browser: Client, enrolment: str) -> str:
    """Double-click a button of the portal; return the address to which the second press leads."""
    _, second = press_twice(browser, PORTAL, action=f"/inscription/{enrolment}")
    return str(second["Location"])


@at_impots
def test_three_numbers_and_a_password_open_one_account(
    browser: Client, site: IdentityProviderSite
) -> None:
    password = twice(browser, begin_twice(browser, "espace-particulier"), **NOTICE)
    done = twice(browser, password, **new_password())
    assert "Votre espace particulier est créé" in text(browser.get(done))
    assert is_signed_in(browser)
    assert IdentityAccount.objects.filter(site=site.slug, identifier="0001240000213").count() == 1


@at_impots
def test_the_second_press_signs_in_by_the_password_and_nothing_less(
    browser: Client, site: IdentityProviderSite
) -> None:
    address = fill(browser, begin(browser, "espace-particulier"), **NOTICE)["Location"]
    other = new_password("un autre mot de passe")
    _, answer = press_twice(browser, address, second=other, **new_password())
    assert "Votre espace particulier est créé" in text(browser.get(answer["Location"]))
    assert not is_signed_in(browser)


@at_ameli
def test_one_letter_is_posted_and_its_code_opens_one_account(
    browser: Client, site: IdentityProviderSite
) -> None:
    done = twice(browser, twice(browser, begin_twice(browser, "compte"), **INSURED))
    assert "Votre courrier est parti" in text(browser.get(done))
    (letter,) = PaperLetter.objects.all()
    clock.advance(Step(days=8))
    code = letter.paragraphs[0].removeprefix("Votre code provisoire est ").removesuffix(".")
    address = begin_twice(browser, "activation")
    done = twice(browser, twice(browser, address, nir=INSURED["nir"], code=code), **new_password())
    assert "Votre compte est activé" in text(browser.get(done))
    assert "SANS-COMPTE" in text(browser.get("/mes-attestations/"))


@at_laposte
def test_one_message_leaves_and_one_check_is_asked(
    browser: Client,
    site: IdentityProviderSite,
    relay: Relay,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        twice(browser, begin_twice(browser, "inscription"), email=EMAIL, **new_password())
    assert len(relay.received) == 1
    _, confirmed = press_twice(browser, link_of(relay), password=PASSWORD)
    assert is_signed_in(browser)
    done = twice(browser, twice(browser, confirmed["Location"], **CIVIL_STATUS), method="postman")
    assert "demande de vérification est enregistrée" in text(browser.get(done))
    assert is_signed_in(browser)
    assert IdentityCheck.objects.count() == 1


@at_laposte
def test_a_link_confirms_once_and_a_second_press_brings_the_password(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    wrong = {"password": "pas le bon mot de passe"}
    _, answer = press_twice(browser, link_of(relay), second=wrong, password=PASSWORD)
    assert "Ce n’est pas le mot de passe" in refusal(answer)
    assert not is_signed_in(browser)
    assert browser.get(link_of(relay)).status_code == 410


@at_laposte
def test_a_civil_status_under_way_closes_with_the_session_of_its_owner(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    civil_status = fill(browser, link_of(relay), password=PASSWORD)["Location"]
    fill(browser, civil_status, **CIVIL_STATUS)
    press(browser, browser.get("/"), reverse("logout"))
    assert not is_signed_in(browser)
    assert browser.get(civil_status).status_code == 410


@at_impots
def test_an_enrolment_under_way_is_not_for_whoever_comes_after_a_sign_out(
    browser: Client, site: IdentityProviderSite
) -> None:
    password = fill(browser, begin(browser, "espace-particulier"), **NOTICE)["Location"]
    assert browser.get(password).status_code == 200
    angele = {"identifier": "0001123456789C", "password": "chateau-de-sable"}
    press(browser, browser.get("/connexion/"), "/connexion/", **angele)
    assert is_signed_in(browser)
    press(browser, browser.get("/"), reverse("logout"))
    assert browser.get(password).status_code == 410


@at_laposte
def test_a_link_that_was_used_opens_nothing_after_a_minute(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    fill(browser, link_of(relay), password=PASSWORD)
    clock.advance(Step(hours=1))
    stranger = Client()
    answer = stranger.post(link_of(relay), {"password": PASSWORD})
    assert answer.status_code == 410
    assert not is_signed_in(stranger)
