"""What every enrolment has in common on its way from the Mairie's button back to the Mairie."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.live import Sandbox

PASSWORD = "un cheval de trait bleu"


@dataclass(frozen=True)
class Insured:
    """A persona in the register of the Assurance Maladie, and how they type their name and birth."""

    slug: str
    name: str
    typed_name: str
    birth: str


LOU = Insured("lou-sans-compte", "Lou SANS-COMPTE", "Sàns  compte", "17 8 1998")
UGO = Insured("ugo-partage", "Ugo PARTAGÉ", "partage", "08 10 2001")
"""The two without an account there."""


def definitions(page: Page, sandbox: Sandbox, path: str) -> dict[str, str]:
    """Return what a page of the sandbox writes in its lists of definitions, by name."""
    page.goto(sandbox.url("sandbox", path))
    names, values = page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts()
    return dict(zip(names, values, strict=True))


def leave_for(page: Page, sandbox: Sandbox, account: str) -> None:
    """Press the Mairie's button and choose an account: the sign-in page of its site follows."""
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.locator(".fr-connect").click()
    page.get_by_role("button", name=re.compile(account)).click()


def begin(page: Page, sandbox: Sandbox, account: str, start: str) -> None:
    """Leave for an account that one does not have, and press the button that begins one."""
    leave_for(page, sandbox, account)
    page.get_by_role("link", name="Je n’ai pas encore de compte").click()
    page.get_by_role("button", name=start).click()


def fill(page: Page, values: dict[str, str]) -> None:
    """Fill the boxes of a form, each by the beginning of its label."""
    for label, value in values.items():
        page.get_by_label(re.compile("^" + re.escape(label))).fill(value)


def birth(date: str) -> dict[str, str]:
    """Return the three boxes of a birth date, written DD MM YYYY."""
    return dict(zip(("Jour", "Mois", "Année"), date.split(), strict=True))


def choose_password(page: Page) -> None:
    page.locator("#password").fill(PASSWORD)
    page.locator("#password-again").fill(PASSWORD)


def sign_in(page: Page, label: str, identifier: str) -> None:
    """Type an identifier and the password on the sign-in page of an account."""
    page.get_by_label(label).fill(identifier)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def arrive(page: Page, name: str) -> None:
    """Go on to the Mairie, which knows the name of whoever comes."""
    page.get_by_role("button", name="Continuer sur Mairie de Saint-Exemple").click()
    expect(page.get_by_role("heading", name="Mes informations vérifiées")).to_be_visible()
    expect(page.locator("main")).to_contain_text(name)
