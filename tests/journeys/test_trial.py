"""An administrator tries an account of the sandbox, and reads what a citizen's identity is worth."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Sandbox
from tests.journeys.test_agents import log_in
from tests.journeys.walker import ANGELE, PASSWORD

pytestmark = pytest.mark.browser


def open_trial(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("backoffice", "/identity_providers/identityprovider/"))
    page.get_by_role("link", name=re.compile("Impôts")).first.click()
    page.get_by_role("link", name="Connexion d’essai", exact=True).first.click()


def sign_in_there(page: Page, sandbox: Sandbox, identifier: str) -> None:
    """Sign in on the account's own site, and wait for the report."""
    page.get_by_role("button", name="Commencer l’essai").click()
    expect(page).to_have_url(re.compile("^" + re.escape(sandbox.url("impots"))))
    page.locator("#identifier").fill(identifier)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page).to_have_url(
        re.compile("^" + re.escape(sandbox.url("backoffice")) + ".*/essai/.+/$")
    )


def test_an_administrator_tries_an_account_and_reads_the_report(
    page: Page, sandbox: Sandbox
) -> None:
    log_in(page, sandbox, "admin")
    open_trial(page, sandbox)
    expect(page.get_by_text("Aucune valeur n’est gardée ni montrée")).to_be_visible()
    sign_in_there(page, sandbox, ANGELE["impots"])
    expect(page.locator("#resultat")).to_contain_text("tout est conforme")
    expect(page.locator("#ligne-given_name")).to_contain_text("séparateur\u202f: espace")
    expect(page.locator("#ligne-birthplace")).to_contain_text("qui existait à cette date")
    expect(page.locator("main")).not_to_contain_text(re.compile("ordinaire|angele", re.IGNORECASE))
    report = page.url
    page.get_by_role("button", name=re.compile("^Se déconnecter de")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Voulez-vous vous déconnecter")
    page.get_by_role("button", name="Se déconnecter", exact=True).click()
    expect(page).to_have_url(report)
    page.get_by_role("link", name="Recommencer").click()
    sign_in_there(page, sandbox, "00 01 210 000 187")  # Noé SANS-MAIL
    expect(page.locator("#resultat")).to_contain_text("1 point bloquant")
    expect(page.locator("#ligne-email")).to_contain_text("Obligatoire")
    page.context.clear_cookies()
    log_in(page, sandbox, "auditeur")
    page.goto(report)
    expect(page.locator("#resultat")).to_contain_text("tout est conforme")
    open_trial(page, sandbox)
    expect(page.get_by_role("button", name="Commencer l’essai")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="bloquant")).not_to_have_count(0)


def test_leaving_the_account_is_told_in_the_report(page: Page, sandbox: Sandbox) -> None:
    log_in(page, sandbox, "admin")
    open_trial(page, sandbox)
    page.get_by_role("button", name="Commencer l’essai").click()
    page.get_by_role("link", name="Retourner sur FranceConnect").click()
    expect(page.locator("#resultat")).to_contain_text("Essai interrompu")
    expect(page.locator("main")).to_contain_text("access_denied")
