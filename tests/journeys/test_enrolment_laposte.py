"""A citizen without an account at La Poste gets one: an e-mail, a civil status, the postman."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.enrolling import (
    PASSWORD,
    arrive,
    begin,
    birth,
    choose_password,
    fill,
    leave_for,
    sign_in,
)
from tests.journeys.live import Sandbox

pytestmark = pytest.mark.browser

ACCOUNT = "La Poste"
once = pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])


@dataclass(frozen=True)
class Person:
    """Somebody who is no persona: the civil register finds them by their account."""

    email: str
    given_name: str
    family_name: str
    gender: str


IRIS = Person("iris.guichet@example.org", "Iris Ondine", "GUICHET", "Féminin")
BASILE = Person("basile.facteur@example.org", "Basile", "FACTEUR", "Masculin")
COLETTE = Person("colette.perime@example.org", "Colette", "PÉRIMÉ", "Féminin")
DENIS = Person("denis.distrait@example.org", "Denis", "DISTRAIT", "Masculin")


def sign_up(page: Page, sandbox: Sandbox, person: Person) -> None:
    """Give an address that nobody has yet, and a password."""
    begin(page, sandbox, ACCOUNT, "Je m’inscris")
    fill(page, {"Adresse électronique": person.email})
    choose_password(page)
    page.get_by_role("button", name="Recevoir le courriel").click()
    expect(page.get_by_role("heading", name="Ouvrez le courriel")).to_be_visible()


def confirm_address(page: Page, sandbox: Sandbox, person: Person) -> None:
    """Open the link of the e-mail, and type the password of the sign-up."""
    page.goto(sandbox.url("sandbox", "/courriels/"))
    page.locator(".mail", has_text=person.email).click()
    page.locator(".mail-text a").click()
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer mon adresse").click()
    expect(page.get_by_role("heading", name="Mon état civil")).to_be_visible()


def give_civil_status(page: Page, person: Person) -> None:
    page.get_by_label(person.gender).check()
    fill(page, {
        "Prénoms": person.given_name,
        "Nom de naissance": person.family_name,
        **birth("29 02 1992"),
        "Commune de naissance": "Rennes",
    })  # fmt: skip
    country = page.get_by_label(re.compile("^Pays de naissance"))
    expect(country.locator("option:checked")).to_have_text("France (99100)")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Rennes (35238)")).to_be_checked()
    page.get_by_role("button", name="Continuer").click()
    ask_for_a_check(page)


def ask_for_a_check(page: Page) -> None:
    page.get_by_label("À mon domicile, au facteur").check()
    page.get_by_role("button", name="Demander la vérification").click()
    expect(page.get_by_role("heading", name="Votre demande de vérification")).to_be_visible()


def try_to_connect(page: Page, sandbox: Sandbox, person: Person) -> None:
    """Sign in with the account on the way to the Mairie."""
    leave_for(page, sandbox, ACCOUNT)
    sign_in(page, "Adresse électronique", person.email)


def come_back_refused(page: Page, sandbox: Sandbox) -> None:
    """Go back to FranceConnect, whose choice page says what to do and where."""
    page.get_by_role("link", name="Revenir à FranceConnect").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("ne peut pas encore servir")
    expect(said).to_contain_text("Terminez-la sur le site de ce compte")
    link = said.get_by_role("link", name=re.compile(r"^Aller sur le site de «\sLa Poste"))
    expect(link).to_have_attribute("href", sandbox.url("laposte", "/"))


def open_checks(page: Page, sandbox: Sandbox, person: Person) -> None:
    page.goto(sandbox.url("sandbox", "/controles-d-identite/"))
    expect(page.locator(".check", has_text=person.family_name)).to_be_visible()


def accept(page: Page, sandbox: Sandbox, person: Person) -> None:
    """Play the postman, who finds the document right."""
    open_checks(page, sandbox, person)
    check = page.locator(".check", has_text=person.family_name)
    check.get_by_role("button", name="Simuler le passage du facteur").click()
    expect(page.get_by_text("Identité vérifiée.")).to_be_visible()


def refuse(page: Page, sandbox: Sandbox, person: Person, reason: str) -> None:
    """Play the postman, who finds the document wrong."""
    open_checks(page, sandbox, person)
    check = page.locator(".check", has_text=person.family_name)
    check.get_by_label("Motif d’un refus").select_option(label=reason)
    check.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("Contrôle refusé.")).to_be_visible()


def test_the_postman_opens_the_way_to_services(
    page: Page, sandbox: Sandbox, javascript: bool
) -> None:
    # An account is created once: each way of playing has its own person.
    person = IRIS if javascript else BASILE
    sign_up(page, sandbox, person)
    confirm_address(page, sandbox, person)
    give_civil_status(page, person)
    try_to_connect(page, sandbox, person)
    expect(
        page.get_by_role("heading", name="Votre identité n’est pas encore vérifiée")
    ).to_be_visible()
    come_back_refused(page, sandbox)
    accept(page, sandbox, person)
    try_to_connect(page, sandbox, person)
    arrive(page, person.family_name)


@once
def test_a_refused_identity_is_told_why_and_may_be_checked_again(
    page: Page, sandbox: Sandbox
) -> None:
    sign_up(page, sandbox, COLETTE)
    confirm_address(page, sandbox, COLETTE)
    give_civil_status(page, COLETTE)
    refuse(page, sandbox, COLETTE, "la pièce d’identité n’est plus valable")
    try_to_connect(page, sandbox, COLETTE)
    expect(page.get_by_role("heading", name="Votre identité n’a pas été confirmée")).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "Motif\u202f: la pièce d’identité n’est plus valable."
    )
    page.get_by_role("button", name="Corriger mon état civil").click()
    # What was said is there, to be corrected
    expect(page.get_by_label(COLETTE.gender)).to_be_checked()
    expect(page.get_by_label("Nom de naissance")).to_have_value(COLETTE.family_name)
    expect(page.get_by_label("Année")).to_have_value("1992")
    fill(page, {"Prénoms": f"{COLETTE.given_name} Aimée"})
    page.get_by_role("button", name="Continuer").click()
    ask_for_a_check(page)
    accept(page, sandbox, COLETTE)
    try_to_connect(page, sandbox, COLETTE)
    arrive(page, "Aimée")


@once
def test_an_address_that_was_not_confirmed_leads_to_no_service(
    page: Page, sandbox: Sandbox
) -> None:
    sign_up(page, sandbox, DENIS)
    try_to_connect(page, sandbox, DENIS)
    expect(page.get_by_role("heading", name="Confirmez votre adresse")).to_be_visible()
    come_back_refused(page, sandbox)
    page.get_by_role("link", name=re.compile(r"^Aller sur le site de «\sLa Poste")).click()
    expect(page).to_have_url(sandbox.url("laposte", "/"))
