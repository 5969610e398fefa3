"""What agents see in the back-office."""

from playwright.sync_api import BrowserContext, Page

from tests.journeys.live import Sandbox
from tests.screenshots.shooting import shoot


def draw_agents(context: BrowserContext, sandbox: Sandbox) -> None:
    """Draw the back-office of an administrator."""
    page = context.new_page()
    page.goto(sandbox.url("backoffice", "/"))
    shoot(page, "backoffice-login")
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(sandbox.staff()["admin"])
    page.locator("input[type=submit], button[type=submit]").first.click()
    shoot(page, "backoffice-home")
    lists = {
        "backoffice-identity-providers": "/identity_providers/identityprovider/",
        "backoffice-services": "/service_providers/serviceprovider/",
        "backoffice-journal": "/audit/entry/",
    }
    for name, path in lists.items():
        page.goto(sandbox.url("backoffice", path))
        shoot(page, name)
    for name, path in list(lists.items())[:2]:
        page.goto(sandbox.url("backoffice", path))
        page.locator("#result_list tbody th a").first.click()
        shoot(page, f"{name}-edit")
    page.goto(sandbox.url("backoffice", "/audit/entry/"))
    page.locator("a[href*='/connexion/']").first.click()
    shoot(page, "backoffice-one-sign-in")
    draw_provider(page, sandbox)


def draw_provider(page: Page, sandbox: Sandbox) -> None:
    """Draw the pages about one identity provider."""
    page.goto(sandbox.url("backoffice", "/identity_providers/identityprovider/"))
    page.locator("#result_list tbody th a").first.click()
    row = page.url
    page.get_by_role("link", name="Analyser", exact=True).click()
    page.get_by_role("button", name="Analyser").click()
    shoot(page, "backoffice-analysis")
    pages = {"Santé": "health", "Historique": "history", "Connexion d’essai": "trial"}
    for label, name in pages.items():
        page.goto(row)
        page.get_by_role("link", name=label, exact=True).first.click()
        shoot(page, f"backoffice-provider-{name}")
    page.goto(row.replace("/change/", "/delete/"))
    shoot(page, "backoffice-provider-deletion")
