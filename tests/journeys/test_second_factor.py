"""A service that asks for eidas2 gets it from La Poste: a password, then the code of a telephone."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from playwright.sync_api import Page, expect

from apps.protocol import jose
from tests.journeys.live import Sandbox
from tests.journeys.test_stock_clients import CALLBACK, SECRET, query_of, register
from tests.journeys.walker import PASSWORD, TIMEOUT

pytestmark = pytest.mark.browser

CLIENT_ID = "substantiel"
EVA = "eva.niveau2@example.org"


def ask(sandbox: Sandbox) -> str:
    """Return the address to which the service sends a citizen: level 2, and by which methods."""
    asked = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid profile birth email",
        "state": "s" * 32,
        "nonce": "n" * 32,
        "acr_values": "eidas2",
        "claims": json.dumps({"id_token": {"amr": {"essential": True}}}),
    }
    return sandbox.url("broker", "/api/v2/authorize?") + urlencode(asked)


def redeem(sandbox: Sandbox, code: str) -> dict[str, object]:
    """Return the verified claims of the ID token that a code gives to the service."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
            "client_id": CLIENT_ID, "client_secret": SECRET}  # fmt: skip
    answer = requests.post(sandbox.url("broker", "/api/v2/token"), form, timeout=TIMEOUT)
    assert answer.status_code == 200, answer.text
    document = requests.get(sandbox.url("broker", "/api/v2/jwks"), timeout=TIMEOUT).json()
    keys = jose.load_public_keys(document)
    return jose.verify(answer.json()["id_token"], keys=keys, alg=jose.Alg.ES256)


# A code serves once, and both ways of playing may fall within its thirty seconds.
@pytest.mark.parametrize("javascript", [False], ids=["without JavaScript"])
def test_a_password_then_a_code_are_told_to_the_service(
    page: Page, sandbox: Sandbox, tmp_path: Path
) -> None:
    register(sandbox, tmp_path, client_id=CLIENT_ID, acr_values=["eidas2"], claims="amr")
    # 1. Only one account reaches the level
    page.goto(ask(sandbox))
    expect(page.get_by_role("button", name=re.compile("Impôts"))).to_have_count(0)
    page.get_by_role("button", name=re.compile("La Poste")).click()
    # 2. A password is not enough, and neither is any code
    page.get_by_label("Adresse électronique").fill(EVA)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_label("Code de l’application").fill("12345")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("6 chiffres attendus, vous en avez saisi 5.")
    # 3. The code of the telephone, in another tab
    telephone = page.context.new_page()
    telephone.goto(sandbox.url("sandbox", "/personas/eva-niveau2"))
    shown = telephone.get_by_text("Code affiché en ce moment").locator("code").inner_text()
    page.get_by_label("Code de l’application").fill(shown)
    page.get_by_role("button", name="Se connecter").click()
    # 4. The service is told of both; nobody listens at its address, where the code is read
    with page.expect_request(lambda request: request.url.startswith(CALLBACK)) as arrival:
        page.get_by_role("button", name="Continuer sur Service d’un intégrateur").click()
    claims = redeem(sandbox, query_of(arrival.value.url)["code"])
    assert claims["acr"] == "eidas2"
    assert claims["amr"] == ["pwd", "mfa"]


def test_a_procedure_of_the_region_asks_for_a_second_factor(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/region/"))
    page.locator(".fr-connect").click()
    page.get_by_role("button", name=re.compile("Impôts")).click()
    page.get_by_label("Numéro fiscal").fill("00 01 123 456 789 C")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("button", name="Continuer sur Région Exemple").click()
    expect(
        page.get_by_text("Cette démarche demande un niveau de sécurité substantiel")
    ).to_be_visible()
    page.get_by_role("link", name="Continuer avec un second facteur").click()
    expect(page.get_by_text("Ce service demande un niveau de sécurité substantiel")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Impôts"))).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("La Poste"))).to_be_visible()
