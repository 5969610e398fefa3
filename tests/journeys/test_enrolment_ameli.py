"""A citizen without an account at Assurance Maladie gets one by a letter that takes days."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.enrolling import (
    LOU,
    UGO,
    arrive,
    begin,
    birth,
    choose_password,
    definitions,
    fill,
    sign_in,
)
from tests.journeys.live import Sandbox

pytestmark = pytest.mark.browser

ACCOUNT = "Assurance Maladie"
NUMBER = "Mon numéro de sécurité sociale"


@pytest.fixture(autouse=True)
def present(page: Page, sandbox: Sandbox) -> Iterator[None]:
    """Give the sandbox its present again, whatever became of the journey."""
    yield
    tab = page.context.new_page()
    tab.goto(sandbox.url("sandbox", "/horloge/"))
    back = tab.get_by_role("button", name="Revenir au présent")
    if back.count():
        back.click()
    expect(back).to_have_count(0)


def wait_for_the_postman(page: Page, sandbox: Sandbox, recipient: str) -> str:
    """Let eight days pass before the empty letterbox; return the code of the letter."""
    page.goto(sandbox.url("sandbox", "/boite-aux-lettres/"))
    expect(page.get_by_text("La boîte est vide")).to_be_visible()
    page.get_by_role("button", name="Avancer de 8 jours").click()
    page.locator(".mail", has_text=recipient).click()
    expect(page.get_by_role("heading", name="Votre code provisoire")).to_be_visible()
    found = re.search(
        r"code provisoire est ([0-9]{4}\s[0-9]{4})", page.locator("main").inner_text()
    )
    assert found
    return found[1]


def test_a_code_on_paper_opens_an_account(page: Page, sandbox: Sandbox, javascript: bool) -> None:
    # An account is created once: each way of playing has its own person.
    insured = LOU if javascript else UGO
    papers = definitions(page, sandbox, f"/personas/{insured.slug}")
    number = papers[ACCOUNT].partition("compte à créer")[0].strip()
    # 1. From the service to the account that one does not have; a mistake is counted
    begin(page, sandbox, ACCOUNT, "Je crée mon compte")
    fill(page, {
        NUMBER: "".join(number.split())[:12],
        **birth(insured.birth),
        "Mon nom": insured.typed_name,
        "Mon code postal": papers["Code postal"],
    })  # fmt: skip
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "13 caractères attendus, vous en avez saisi 12."
    )
    fill(page, {NUMBER: number})
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Envoyer le courrier").click()
    expect(page.get_by_role("heading", name="Votre courrier est parti")).to_be_visible()
    # 2. Days pass
    code = wait_for_the_postman(page, sandbox, insured.name)
    # 3. The code, wrong once, and a password
    begin(page, sandbox, ACCOUNT, "J’ai reçu mon code")
    fill(page, {NUMBER: number, "Code provisoire": f"{(int(code[5:]) + 1) % 10_000:04} {code[:4]}"})
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas valable pour ce numéro.")
    fill(page, {"Code provisoire": code})
    page.get_by_role("button", name="Continuer").click()
    choose_password(page)
    page.get_by_role("button", name="Activer mon compte").click()
    expect(page.get_by_role("heading", name="Votre compte est activé")).to_be_visible()
    # 4. On to the service, eight days before what the post believes
    page.get_by_role("link", name="Continuer vers FranceConnect").click()
    sign_in(page, "Numéro de sécurité sociale", number)
    arrive(page, insured.name.split()[1])
