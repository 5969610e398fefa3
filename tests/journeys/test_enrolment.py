"""A citizen without an account gets one on the way to a service, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Sandbox

pytestmark = pytest.mark.browser

PASSWORD = "un cheval de trait bleu"


def papers_of(page: Page, sandbox: Sandbox, persona: str) -> dict[str, str]:
    """Return the printed references of a persona's notice, by their names."""
    page.goto(sandbox.url("sandbox", f"/avis-d-impot/{persona}/"))
    names, values = page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts()
    return dict(zip(names, values, strict=True))


def test_no_account_yet(page: Page, sandbox: Sandbox, javascript: bool) -> None:
    # An account is created once: each way of playing has its own person.
    persona, name = ("lou-sans-compte", "SANS-COMPTE") if javascript else ("eva-niveau2", "NIVEAU2")
    notice = papers_of(page, sandbox, persona)
    # 1. From the service to the account that one does not have
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.locator(".fr-connect").click()
    page.get_by_role("button", name=re.compile("Impôts")).click()
    page.get_by_role("link", name="Je n’ai pas encore de compte").click()
    page.get_by_role("button", name="Création de mon espace particulier").click()
    # 2. A mistake is explained, and what was right stays
    page.get_by_label("Numéro fiscal").fill(notice["Référence de l’avis"])
    page.get_by_label(re.compile("^Numéro de déclarant")).fill(
        notice["Numéro de déclarant en ligne (télédéclarant)"]
    )
    page.get_by_label("Revenu fiscal de référence").fill(notice["Revenu fiscal de référence"])
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("alert")).to_contain_text("C’est la référence de l’avis.")
    page.get_by_label("Numéro fiscal").fill(notice["Numéro fiscal"])
    page.get_by_role("button", name="Valider").click()
    # 3. Back and forward lose nothing
    expect(page.get_by_text("Étape 2 sur 2")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Numéro fiscal")).to_have_value(notice["Numéro fiscal"])
    page.get_by_role("button", name="Valider").click()
    # 4. A password, then on to the service
    page.locator("#password").fill(PASSWORD)
    page.locator("#password-again").fill(PASSWORD)
    page.get_by_role("button", name="Créer mon espace").click()
    page.get_by_role("link", name="Continuer vers FranceConnect").click()
    page.get_by_label("Numéro fiscal").fill(notice["Numéro fiscal"])
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("button", name="Continuer sur Mairie de Saint-Exemple").click()
    expect(page.locator("main")).to_contain_text(name)
