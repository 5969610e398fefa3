"""Redraw docs/screens: every page of the journey, at 360 and at 1280 px.

python -m tests.screenshots
"""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.journeys.live import ROOT, Sandbox, running_chromium, running_sandbox

SCREENS = ROOT / "docs" / "screens"
WIDTHS = (360, 1280)
PASSWORD = "chateau-de-sable"  # printed on the page of the demonstration accounts


def main() -> None:
    """Start a sandbox and a browser, and draw every page at each width."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with running_sandbox(usual_ports=True) as sandbox, running_chromium() as chromium:
        for width in WIDTHS:
            context = chromium.new_context(
                viewport={"width": width, "height": 800}, locale="fr-FR", reduced_motion="reduce"
            )
            draw_citizen(context, sandbox, width)
            draw_agents(context, sandbox, width)
            context.close()


def draw_citizen(context: BrowserContext, sandbox: Sandbox, width: int) -> None:
    """Draw what a citizen and a developer see, in the order of the journey."""
    page = context.new_page()
    page.goto(sandbox.url("sandbox", "/"))
    shoot(page, "sandbox-home", width)
    for name, path in (("persona-new", "nouvelle"), ("persona", "lise-vieux-cog")):
        page.goto(sandbox.url("sandbox", f"/personas/{path}"))
        shoot(page, name, width)
    page.goto(sandbox.url("sandbox", "/mairie/"))
    shoot(page, "mairie", width)
    page.locator(".fr-connect").click()
    shoot(page, "choice", width)
    page.get_by_role("button", name=re.compile("Impôts")).click()
    shoot(page, "impots-login", width)
    page.locator(".back").click()
    shoot(page, "choice-after-declining", width)
    sign_in(page, "Impôts", "0001123456789")
    shoot(page, "information", width)
    page.get_by_role("button", name=re.compile("^Continuer sur")).click()
    shoot(page, "mairie-verified", width)
    page.goto(sandbox.url("sandbox", "/region/"))
    page.locator(".fr-connect").click()
    shoot(page, "information-recognised", width)
    page.goto(sandbox.url("sandbox", "/eau/"))
    page.locator(".fr-connect").click()
    shoot(page, "consent", width)
    page.get_by_role("button", name=re.compile("^Continuer sur")).click()
    shoot(page, "consent-missing", width)
    page.get_by_role("button", name=re.compile("^Annuler")).click()
    page.wait_for_timeout(1500)
    page.goto(sandbox.url("sandbox", "/courriels/"))
    shoot(page, "mailbox", width)
    page.locator("main a[href*='/courriels/']").first.click()
    shoot(page, "mail", width)
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Vous êtes déconnecté").wait_for()
    shoot(page, "logged-out", width)
    page.locator("main a").first.click()
    page.locator(".fr-connect").click()
    for title, slug in (("Assurance Maladie", "ameli-login"), ("La Poste", "laposte-login")):
        page.get_by_role("button", name=re.compile(title)).click()
        shoot(page, slug, width)
        page.locator(".back").click()
    sign_in(page, "Impôts", "0001210000187")
    shoot(page, "error-with-another-account", width)
    broker_pages(page, sandbox, width)


def broker_pages(page: Page, sandbox: Sandbox, width: int) -> None:
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
        shoot(page, name, width)


def draw_agents(context: BrowserContext, sandbox: Sandbox, width: int) -> None:
    """Draw the back-office of an administrator."""
    page = context.new_page()
    page.goto(sandbox.url("backoffice", "/"))
    shoot(page, "backoffice-login", width)
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(sandbox.staff()["admin"])
    page.locator("input[type=submit], button[type=submit]").first.click()
    shoot(page, "backoffice-home", width)
    lists = {
        "backoffice-identity-providers": "/identity_providers/identityprovider/",
        "backoffice-services": "/service_providers/serviceprovider/",
        "backoffice-journal": "/audit/entry/",
    }
    for name, path in lists.items():
        page.goto(sandbox.url("backoffice", path))
        shoot(page, name, width)
    for name, path in list(lists.items())[:2]:
        page.goto(sandbox.url("backoffice", path))
        page.locator("#result_list tbody th a").first.click()
        shoot(page, f"{name}-edit", width)
    page.goto(sandbox.url("backoffice", "/audit/entry/"))
    page.locator("a[href*='/connexion/']").first.click()
    shoot(page, "backoffice-one-sign-in", width)


def sign_in(page: Page, account: str, identifier: str) -> None:
    """Choose an account on the choice page and sign in there."""
    page.get_by_role("button", name=re.compile(account)).click()
    page.locator("#identifier").fill(identifier)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def shoot(page: Page, name: str, width: int) -> None:
    """Write one picture of the whole page."""
    page.wait_for_load_state("networkidle")
    path: Path = SCREENS / f"{name}-{width}.png"
    page.screenshot(path=str(path), full_page=True)


if __name__ == "__main__":
    main()
