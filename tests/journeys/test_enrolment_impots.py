"""A citizen without an account at Impôts gets one on the way to a service, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.enrolling import arrive, begin, choose_password, definitions, fill, sign_in
from tests.journeys.live import Sandbox

pytestmark = pytest.mark.browser

DECLARANT = "Numéro de déclarant en ligne (télédéclarant)"
INCOME = "Revenu fiscal de référence"


def test_three_numbers_of_a_notice_open_an_account(
    page: Page, sandbox: Sandbox, javascript: bool
) -> None:
    # An account is created once: each way of playing has its own person.
    persona, name = ("lou-sans-compte", "SANS-COMPTE") if javascript else ("eva-niveau2", "NIVEAU2")
    notice = definitions(page, sandbox, f"/avis-d-impot/{persona}/")
    number = notice["Numéro fiscal"]
    # 1. From the service to the account that one does not have
    begin(page, sandbox, "Impôts", "Création de mon espace particulier")
    # 2. A mistake is explained, and what was right stays
    fill(page, {
        "Numéro fiscal": notice["Référence de l’avis"],
        "Numéro de déclarant": notice[DECLARANT],
        INCOME: notice[INCOME],
    })  # fmt: skip
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("alert")).to_contain_text("C’est la référence de l’avis.")
    fill(page, {"Numéro fiscal": number})
    page.get_by_role("button", name="Valider").click()
    # 3. Back and forward lose nothing
    expect(page.get_by_text("Étape 2 sur 2")).to_be_visible()
    page.go_back()
    expect(page.get_by_label(re.compile("^Numéro fiscal"))).to_have_value(number)
    page.get_by_role("button", name="Valider").click()
    # 4. A password, sent twice by a double click, then on to the service
    choose_password(page)
    page.get_by_role("button", name="Créer mon espace").dblclick()
    page.get_by_role("link", name="Continuer vers FranceConnect").click()
    sign_in(page, "Numéro fiscal", number)
    arrive(page, name)
