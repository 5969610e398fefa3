"""What a citizen sees, in the order of the journey."""

import re

from playwright.sync_api import BrowserContext, Page

from tests.journeys.live import Sandbox
from tests.screenshots.shooting import shoot

PASSWORD = "chateau-de-sable"  # printed on the page of the demonstration accounts


def draw_citizen(context: BrowserContext, sandbox: Sandbox) -> None:
    """Draw the pages of a sign-in."""
    page = context.new_page()
    page.goto(sandbox.url("sandbox", "/mairie/"))
    shoot(page, "mairie")
    page.locator(".fr-connect").click()
    shoot(page, "choice")
    page.get_by_role("button", name=re.compile("Impôts")).click()
    shoot(page, "impots-login")
    page.locator(".back").click()
    shoot(page, "choice-after-declining")
    sign_in(page, "Impôts", "0001123456789")
    shoot(page, "information")
    page.get_by_role("button", name=re.compile("^Continuer sur")).click()
    shoot(page, "mairie-verified")
    page.goto(sandbox.url("sandbox", "/region/"))
    page.locator(".fr-connect").click()
    shoot(page, "information-recognised")
    page.goto(sandbox.url("sandbox", "/eau/"))
    page.locator(".fr-connect").click()
    shoot(page, "consent")
    page.get_by_role("button", name=re.compile("^Continuer sur")).click()
    shoot(page, "consent-missing")
    page.get_by_role("button", name=re.compile("^Annuler")).click()
    page.wait_for_timeout(1500)
    page.goto(sandbox.url("sandbox", "/courriels/"))
    shoot(page, "mailbox")
    page.locator("main a[href*='/courriels/']").first.click()
    shoot(page, "mail")
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Vous êtes déconnecté").wait_for()
    shoot(page, "logged-out")
    page.locator("main a").first.click()
    page.locator(".fr-connect").click()
    for title, slug in (("Assurance Maladie", "ameli-login"), ("La Poste", "laposte-login")):
        page.get_by_role("button", name=re.compile(title)).click()
        shoot(page, slug)
        page.locator(".back").click()
    sign_in(page, "Impôts", "0001210000187")
    shoot(page, "error-with-another-account")
    broker_pages(page, sandbox)


def broker_pages(page: Page, sandbox: Sandbox) -> None:
    """Draw the pages that need no sign-in."""
    pages = {
        "error-unknown-service": "/api/v2/authorize?client_id=inconnu&redirect_uri=https://x.example/",
        "logout-confirm": "/api/v2/session/end",
        "not-found": "/inconnue",
        "understand": "/comprendre",
        "privacy": "/donnees-personnelles",
        "accessibility": "/accessibilite",
        "legal": "/mentions-legales",
        "support": "/support",
    }
    for name, path in pages.items():
        page.goto(sandbox.url("broker", path))
        shoot(page, name)


def sign_in(page: Page, account: str, identifier: str) -> None:
    """Choose an account on the choice page and sign in there."""
    page.get_by_role("button", name=re.compile(account)).click()
    page.locator("#identifier").fill(identifier)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
