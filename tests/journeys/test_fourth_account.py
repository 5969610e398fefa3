"""A fourth account, made with a stock provider, is added by the back-office alone and used.

Nothing is written, imported or restarted for it: an administrator has its issuer, a client_id and a
secret, and types them. The person who signs in is known to the other accounts too: she is the same
citizen, hence the same `sub` at the service.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import Sandbox, open_tab
from tests.journeys.stock_provider.running import StockProvider, running_stock_provider
from tests.journeys.test_agents import log_in
from tests.journeys.test_choice_page import NARROW, has_no_horizontal_scroll
from tests.journeys.test_one_button import press_franceconnect, sign_in_at_impots

pytestmark = [pytest.mark.browser, pytest.mark.node]

UID, TITLE = "compte-stock", "Compte Stock"
DESK = {"width": 1280, "height": 900}
ADDED, OPENED = "convention signée avec ce partenaire", "essais conclus avec ce partenaire"
LIST = "/identity_providers/identityprovider/"
FOUND = {
    "Adresses publiées": "end_session_endpoint",
    "PKCE (S256)": "S256",
    "Émetteur dans la réponse (iss)": "exigé à chaque retour",
    "Signature de l’ID token": "ES256",
    "Identité pivot": "birthplace, birthcountry, email",
    "Niveaux de garantie (acr)": "eidas1",
    "Clés utilisables": "1 clé",
    "Adresse de retour inconnue": "sans redirection vers elle",
    "Code ou client inconnu": "invalid_client",
}
PROPOSED = {
    "token_endpoint_auth_method": "client_secret_post",
    "id_token_signed_response_alg": "ES256",
    "userinfo_signed_response_alg": "ES256",
    "scope": "openid profile email birth",
}
REGISTERED = (
    "from apps.identity_providers.models import IdentityProvider; "
    f"print(IdentityProvider.objects.filter(uid='{UID}').count())"
)


@pytest.fixture
def stock(sandbox: Sandbox, tmp_path: Path) -> Iterator[StockProvider]:
    """A stock provider; what the journey registers of it is hidden from the others afterwards."""
    with running_stock_provider(sandbox) as live:
        yield live
    if sandbox.manage("shell", "--no-imports", "-c", REGISTERED).split()[-1] == "1":
        hidden = tmp_path / "hidden.json"
        hidden.write_text(json.dumps({"uid": UID, "active": False, "display": False}))
        sandbox.manage("import_identity_providers", str(hidden))


@pytest.fixture
def agent(chromium: Browser, sandbox: Sandbox) -> Iterator[Page]:
    """An administrator at a desk, signed in to the back-office."""
    with open_tab(chromium, viewport=DESK) as tab:
        log_in(tab, sandbox, "admin")
        yield tab


def test_a_fourth_account_is_added_by_the_back_office_alone_and_used(
    agent: Page, chromium: Browser, sandbox: Sandbox, stock: StockProvider
) -> None:
    analyse(agent, sandbox, stock)
    create(agent, stock)
    with open_tab(chromium) as citizen:
        to_choice(citizen, sandbox)
        expect(citizen.get_by_text(TITLE)).to_have_count(0)
        open_to_citizens(agent, sandbox)
        citizen.reload()
        sub = sign_in(citizen, stock)
        log_out(citizen, stock)
    read_health(agent, sandbox)
    read_history(agent, sandbox, stock)
    with open_tab(chromium, javascript=False) as citizen:
        to_choice(citizen, sandbox)
        give_up(citizen)
        assert sign_in(citizen, stock) == sub
        log_out(citizen, stock)
        to_choice(citizen, sandbox)
        sign_in_at_impots(citizen, sandbox)
        assert arrive(citizen, "Impôts") == sub


def analyse(agent: Page, sandbox: Sandbox, stock: StockProvider) -> None:
    """Judge the issuer that the partner gave: nothing blocks, and each finding says what was seen."""
    agent.goto(sandbox.url("backoffice", "/"))
    agent.get_by_role("link", name="Fournisseurs d’identité", exact=True).first.click()
    agent.get_by_role("link", name="Analyser un émetteur").click()
    agent.get_by_label("Émetteur (issuer)").fill(stock.issuer)
    agent.get_by_role("button", name="Analyser").click()
    expect(agent.get_by_role("heading", name="Résultat")).to_be_visible()
    expect(agent.locator(".bo-finding--blocking, .bo-finding--unchecked")).to_have_count(0)
    expect(agent.get_by_text("Rien n’a été enregistré.")).to_be_visible()
    for title, seen in FOUND.items():
        finding = agent.get_by_role("listitem").filter(has=agent.get_by_role("heading", name=title))
        expect(finding).to_contain_text("conforme")
        expect(finding).to_contain_text(seen)
    agent.get_by_role("link", name="Créer ce fournisseur").click()


def create(agent: Page, stock: StockProvider) -> None:
    """Complete what was proposed, and save it neither usable nor shown."""
    expect(agent.locator("#id_active")).not_to_be_checked()
    expect(agent.locator("#id_display")).not_to_be_checked()
    expect(agent.get_by_label(re.compile("eidas1"))).to_be_checked()
    for field, proposed in {"issuer": stock.issuer, **PROPOSED}.items():
        expect(agent.locator(f"#id_{field}")).to_have_value(proposed)
    for address in (stock.redirect_uri, stock.post_logout_redirect_uri):
        expect(agent.get_by_text(address, exact=True)).to_be_visible()
    agent.set_viewport_size(NARROW)
    assert has_no_horizontal_scroll(agent)
    agent.set_viewport_size(DESK)
    agent.locator("#id_title").fill(TITLE)
    agent.locator("#id_name").fill(UID)
    agent.locator("#id_uid").fill(UID)
    agent.locator("#id_hint").fill("Votre identifiant et votre mot de passe")
    agent.locator("#id_client_id").fill(stock.client_id)
    agent.locator("#id_new_client_secret").fill(stock.client_secret)
    agent.locator("#id_change_reason").fill(ADDED)
    save(agent)


def open_to_citizens(agent: Page, sandbox: Sandbox) -> None:
    to_row(agent, sandbox)
    agent.locator("#id_active").check()
    agent.locator("#id_display").check()
    agent.locator("#id_change_reason").fill(OPENED)
    save(agent)


def save(agent: Page) -> None:
    agent.locator("input[name=_save]").click()
    expect(agent.locator(".errornote")).to_have_count(0)
    expect(agent.locator(".messagelist .success")).to_have_count(1)


def to_row(agent: Page, sandbox: Sandbox) -> None:
    agent.goto(sandbox.url("backoffice", LIST))
    agent.get_by_role("link", name=TITLE, exact=True).click()


def read_health(agent: Page, sandbox: Sandbox) -> None:
    to_row(agent, sandbox)
    agent.get_by_role("link", name="Santé").click()
    expect(agent.get_by_text("Fonctionne")).to_be_visible()
    expect(agent.get_by_text("100\u202f% (1 sur 1)")).to_be_visible()
    expect(agent.get_by_text("Aucun échec depuis une heure.", exact=True)).to_be_visible()


def read_history(agent: Page, sandbox: Sandbox, stock: StockProvider) -> None:
    """Read who did what and why, the newest first; the secret is nowhere."""
    to_row(agent, sandbox)
    agent.get_by_role("link", name="Historique").click()
    told = agent.locator("#content-main")
    expect(told).to_contain_text("2 changements")
    opened, added = told.inner_text().split("Fiche créée", 1)
    for part, told_of in (
        (opened, ("admin", OPENED, "Utilisable", "Affiché")),
        (added, ("admin", ADDED)),
    ):
        assert not [words for words in told_of if words not in part], part
    assert stock.client_secret not in agent.content()


def to_choice(citizen: Page, sandbox: Sandbox) -> None:
    citizen.goto(sandbox.url("sandbox", "/mairie/"))
    press_franceconnect(citizen)
    expect(citizen.get_by_role("heading", name="Comptes disponibles")).to_be_visible()


def give_up(citizen: Page) -> None:
    """Choose the new account, and come back without signing in."""
    citizen.get_by_role("button", name=re.compile(TITLE)).click()
    citizen.get_by_role("button", name="Annuler").click()
    expect(
        citizen.get_by_text(f"Vous n’avez pas terminé la connexion avec {TITLE}")
    ).to_be_visible()


def sign_in(citizen: Page, stock: StockProvider) -> str:
    """Sign in with the new account from the choice page; return the `sub` that the service got."""
    citizen.get_by_role("button", name=re.compile(TITLE)).click()
    expect(citizen).to_have_url(re.compile("^" + re.escape(stock.issuer)))
    citizen.get_by_label("Identifiant").fill("angele")
    citizen.get_by_label("Mot de passe").fill("chateau-de-sable")
    citizen.get_by_role("button", name="Se connecter").click()
    return arrive(citizen, TITLE)


def arrive(citizen: Page, account: str) -> str:
    """Go on from the information page to the service; return the `sub` that it was given."""
    expect(citizen).to_have_url(re.compile("/consent$"))
    expect(citizen.get_by_text(f"Vous êtes connecté avec {account}")).to_be_visible()
    citizen.get_by_role("button", name="Continuer sur Mairie de Saint-Exemple").click()
    expect(citizen.get_by_role("heading", name="Mes informations vérifiées")).to_be_visible()
    expect(citizen.locator("main")).to_contain_text("ORDINAIRE")
    sub = citizen.locator("details code").text_content()
    assert sub
    return sub


def log_out(citizen: Page, stock: StockProvider) -> None:
    """Leave the service, then the provider, which asks; come back to the service."""
    citizen.get_by_role("button", name="Se déconnecter").click()
    expect(citizen).to_have_url(re.compile("^" + re.escape(stock.issuer) + "/session/end"))
    citizen.get_by_role("button", name="Se déconnecter").click()
    expect(citizen.get_by_role("heading", name="Vous êtes déconnecté")).to_be_visible()
    expect(citizen.get_by_text("de FranceConnect et de votre compte")).to_be_visible()
