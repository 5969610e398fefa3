"""The main journey, played by a real browser, from the home of the sandbox to the journal."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Sandbox

pytestmark = pytest.mark.browser

IDENTIFIER, PASSWORD = "00 01 123 456 789 C", "chateau-de-sable"


def press_franceconnect(page: Page) -> None:
    page.locator(".fr-connect").click()


def sign_in_at_impots(page: Page, sandbox: Sandbox, identifier: str = IDENTIFIER) -> None:
    """Choose Impôts on the choice page and type the password there, and only there."""
    expect(page.locator("input[type=password]")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Impôts")).click()
    expect(page).to_have_url(re.compile("^" + re.escape(sandbox.url("impots"))))
    page.get_by_label("Numéro fiscal").fill(identifier)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def received(page: Page, sandbox: Sandbox) -> list[int]:
    """Open the mailbox, and return how many messages it holds of a sign-in to each service."""
    page.goto(sandbox.url("sandbox", "/courriels/"))
    names = ("Mairie de Saint-Exemple", "Région Exemple", "Eau d’Exemple")
    return [page.get_by_text(f"Connexion à {name} avec FranceConnect").count() for name in names]


def test_one_button(page: Page, sandbox: Sandbox) -> None:
    before = received(page, sandbox)
    # 1. The home of the sandbox
    page.goto(sandbox.url("sandbox", "/"))
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_text("Angèle ORDINAIRE").first).to_be_visible()
    # 2. The Mairie and its button
    page.goto(sandbox.url("sandbox", "/mairie/"))
    expect(page.get_by_role("heading", name="Se connecter à mon espace")).to_be_visible()
    press_franceconnect(page)
    # 3. The choice
    expect(page.locator("h1")).to_contain_text("Mairie de Saint-Exemple")
    for account in ("Impôts", "Assurance Maladie", "La Poste"):
        expect(page.get_by_role("button", name=re.compile(account))).to_be_visible()
    # 4. The account's own site
    sign_in_at_impots(page, sandbox)
    # 5. The information page
    expect(page).to_have_url(re.compile("^" + re.escape(sandbox.url("broker")) + ".*/consent$"))
    expect(page.get_by_text("Nom de naissance").first).to_be_visible()
    page.get_by_role("button", name="Continuer sur Mairie de Saint-Exemple").click()
    # 6. The Mairie knows the citizen, without a form
    expect(page.get_by_role("heading", name="Mes informations vérifiées")).to_be_visible()
    expect(page.locator("main")).to_contain_text("ORDINAIRE")
    # 7. The Région recognises, the water company asks for consent
    page.goto(sandbox.url("sandbox", "/region/"))
    press_franceconnect(page)
    expect(page.get_by_text("Vous êtes déjà connecté")).to_be_visible()
    page.get_by_role("button", name="Continuer sur Région Exemple").click()
    expect(page.get_by_role("heading", name="Mes informations vérifiées")).to_be_visible()
    page.goto(sandbox.url("sandbox", "/eau/"))
    press_franceconnect(page)
    page.get_by_label(re.compile("J’accepte que ces informations")).check()
    page.get_by_role("button", name="Continuer sur Eau d’Exemple").click()
    expect(page.get_by_role("heading", name="Mes informations vérifiées")).to_be_visible()
    # 8. Three messages
    page.wait_for_timeout(2000)
    assert received(page, sandbox) == [count + 1 for count in before]
    page.get_by_text("Connexion à Mairie de Saint-Exemple avec FranceConnect").first.click()
    expect(page.locator("main")).to_contain_text("heure de Paris")
    # 9. Logging out, and a new sign-in at the Région
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Vous êtes déconnecté")).to_be_visible()
    page.goto(sandbox.url("sandbox", "/region/"))
    press_franceconnect(page)
    expect(page.get_by_role("button", name=re.compile("Impôts"))).to_be_visible()


def test_refusing_consent_then_leaving_records_nothing(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/eau/"))
    press_franceconnect(page)
    sign_in_at_impots(page, sandbox)
    page.get_by_role("button", name="Continuer sur Eau d’Exemple").click()
    expect(page.get_by_text("cochez cette case")).to_be_visible()
    page.get_by_role("button", name="Annuler et revenir").click()
    expect(page.get_by_text("Vous avez interrompu la connexion")).to_be_visible()


def test_a_wrong_password_keeps_the_identifier(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/mairie/"))
    press_franceconnect(page)
    page.get_by_role("button", name=re.compile("Impôts")).click()
    page.get_by_label("Numéro fiscal").fill(IDENTIFIER)
    page.locator("#password").fill("faux")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_label("Numéro fiscal")).to_have_value(IDENTIFIER)
    expect(page.locator("#password")).to_have_value("")
    page.locator(".back").click()
    expect(page.get_by_text("Vous n’avez pas terminé la connexion avec Impôts")).to_be_visible()


def test_a_citizen_without_mail_is_told_why(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/mairie/"))
    press_franceconnect(page)
    sign_in_at_impots(page, sandbox, "0001210000187")
    expect(page.get_by_role("heading", name="Il manque une adresse électronique")).to_be_visible()
    page.get_by_role("link", name="Choisir un autre compte").click()
    expect(page.get_by_role("button", name=re.compile("La Poste"))).to_be_visible()


def test_a_minor_goes_back_to_the_service_from_the_error(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/mairie/"))
    press_franceconnect(page)
    sign_in_at_impots(page, sandbox, "0001240000216")
    expect(page.get_by_role("heading", name="personnes majeures")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Revenir sur")).click()
    expect(page).to_have_url(re.compile("^" + re.escape(sandbox.url("sandbox", "/mairie/"))))
    expect(page.get_by_text("Vous avez interrompu la connexion")).to_be_visible()
