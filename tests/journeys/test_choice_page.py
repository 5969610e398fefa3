"""The choice page under real fingers: keyboard, double click, a narrow screen, a confirmation."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Sandbox

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
TEXTS = {
    "confirmation_title": "Préparez votre téléphone",
    "confirmation_body": "Un code vous y sera envoyé. Gardez-le près de vous.",
}
COUNT = (
    "from apps.audit.models import Entry; print(Entry.objects.filter(event='IDP_CHOSEN').count())"
)


def to_choice(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.locator(".fr-connect").click()
    expect(page.get_by_role("heading", name="Comptes disponibles")).to_be_visible()


def focused(page: Page) -> str:
    """Return the text of what has the focus, in a line."""
    return " ".join(page.locator(":focus").inner_text().split())


def has_no_horizontal_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def choices(sandbox: Sandbox) -> int:
    """Return how many choices the journal holds."""
    return int(sandbox.manage("shell", "--no-imports", "-c", COUNT).split()[-1])


@pytest.fixture
def confirmed(sandbox: Sandbox, tmp_path: Path) -> Iterator[None]:
    """La Poste wants to be confirmed, for the test."""

    def tell(texts: dict[str, str]) -> None:
        file = tmp_path / "laposte.json"
        file.write_text(json.dumps({"uid": "laposte", **texts}))
        sandbox.manage("import_identity_providers", str(file))

    tell(TEXTS)
    yield
    tell(dict.fromkeys(TEXTS, ""))


def test_the_keyboard_goes_through_the_page_in_its_order(page: Page, sandbox: Sandbox) -> None:
    to_choice(page, sandbox)
    met = []
    for _ in range(8):
        page.keyboard.press("Tab")
        met.append(focused(page))
    starts = (
        "Contenu",
        "Pied de page",
        "Impôts",
        "Assurance Maladie",
        "La Poste",
        "Je n’ai aucun de ces comptes",
        "Comprendre FranceConnect",
        "Revenir sur",
    )
    assert [text.startswith(start) for text, start in zip(met, starts, strict=True)] == [True] * 8


def test_a_recipe_is_reached_by_the_keyboard(page: Page, sandbox: Sandbox) -> None:
    to_choice(page, sandbox)
    recipe = page.get_by_text("figure en haut de la première page")
    expect(recipe).to_be_hidden()
    page.get_by_text("Je n’ai aucun de ces comptes").focus()
    page.keyboard.press("Enter")
    expect(recipe).to_be_visible()
    page.keyboard.press("Tab")
    assert focused(page) == "Comment obtenir ce compte : Impôts – bac à sable"
    page.keyboard.press("Enter")
    expect(page).to_have_url(sandbox.url("impots", "/"))


def test_a_double_click_leaves_once(page: Page, sandbox: Sandbox, javascript: bool) -> None:
    to_choice(page, sandbox)
    before = choices(sandbox)
    page.get_by_role("button", name=re.compile("Impôts")).dblclick()
    expect(page).to_have_url(re.compile("^" + re.escape(sandbox.url("impots"))))
    page.get_by_label("Numéro fiscal").fill("00 01 123 456 789 C")
    page.locator("#password").fill("chateau-de-sable")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page).to_have_url(re.compile("/consent$"))
    if javascript:
        assert choices(sandbox) == before + 1


def test_a_confirmation_is_read_then_left_or_refused(
    page: Page, sandbox: Sandbox, confirmed: None, javascript: bool
) -> None:
    page.set_viewport_size(NARROW)
    to_choice(page, sandbox)
    page.get_by_role("button", name=re.compile("La Poste")).click()
    expect(page.get_by_role("heading", name="Préparez votre téléphone")).to_be_visible()
    assert has_no_horizontal_scroll(page)
    before = choices(sandbox)
    page.get_by_role("button" if javascript else "link", name="Choisir un autre compte").click()
    page.get_by_role("button", name=re.compile("La Poste")).click()
    page.get_by_role("button", name=re.compile("^Continuer avec La Poste")).click()
    expect(page).to_have_url(re.compile("^" + re.escape(sandbox.url("laposte"))))
    assert choices(sandbox) == before + 1


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_a_confirmation_opens_over_the_accounts_and_closes_by_every_means(
    page: Page, sandbox: Sandbox, confirmed: None
) -> None:
    to_choice(page, sandbox)
    account = page.get_by_role("button", name=re.compile("La Poste"))
    dialog = page.get_by_role("dialog", name="Préparez votre téléphone")
    means = {
        "Fermer": lambda: dialog.get_by_role("button", name="Fermer").click(),
        "another": lambda: dialog.get_by_role("button", name="Choisir un autre compte").click(),
        "Escape": lambda: page.keyboard.press("Escape"),
        "beside": lambda: page.mouse.click(5, 5),
    }
    for close in means.values():
        account.press("Enter")
        expect(dialog).to_be_visible()
        assert focused(page) == "Fermer"
        close()
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("heading", name="Comptes disponibles")).to_be_visible()
    assert focused(page).startswith("La Poste")
    account.press("Enter")
    text = dialog.get_by_text("Un code vous y sera envoyé").bounding_box()
    assert text
    page.mouse.move(text["x"] + 5, text["y"] + 5)
    page.mouse.down()
    page.mouse.move(5, 5)
    page.mouse.up()
    expect(dialog).to_be_visible()  # a selection that ends beside is no press beside


def test_a_narrow_screen_needs_no_horizontal_scroll(page: Page, sandbox: Sandbox) -> None:
    page.set_viewport_size(NARROW)
    to_choice(page, sandbox)
    page.get_by_text("Je n’ai aucun de ces comptes").click()
    assert has_no_horizontal_scroll(page)
    page.get_by_role("link", name="Comprendre FranceConnect").first.click()
    expect(page.get_by_role("heading", name="Les quatre étapes")).to_be_visible()
    for question in page.locator("summary").all():
        question.click()
    assert has_no_horizontal_scroll(page)
