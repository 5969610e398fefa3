"""The second factor of La Poste: asked when the broker asks eidas2, and only then."""

import time

import pyotp
import pytest
from django.http import HttpResponse
from django.test import Client

from apps.protocol import jose
from apps.sandbox import partners
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import IdentityAccount, SecondFactor
from apps.sandbox.personas import catalogue as personas
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import press, press_twice, refusal, text

PASSWORD = "chateau-de-sable"
EVA = "eva.niveau2@example.org"
ANGELE = "angele.ordinaire@example.org"
at_laposte = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def secret() -> str:
    eva = personas.find("eva-niveau2")
    assert eva
    return eva.accounts["laposte"].second_factor


def code_of(secret: str, periods: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * periods)


def give_password(browser: Client, identifier: str, **changes: str | None) -> HttpResponse:
    """Sign in with a password for eidas2; the answer follows it."""
    page = rp.open_login_page(browser, **{"acr_values": "eidas2", **changes})
    answer = rp.post_login(browser, page, identifier, PASSWORD)
    assert answer.status_code == 303
    return answer


def give_code(browser: Client, address: str, code: str) -> HttpResponse:
    return press(browser, browser.get(address), address, code=code)


def claims_of(browser: Client, site: IdentityProviderSite, code: str) -> dict[str, object]:
    token = rp.post_token(browser, site, code).json()["id_token"]
    keys = jose.load_public_keys(browser.get("/jwks").json())
    return jose.verify(token, keys=keys, alg=site.id_token_alg)


@at_laposte
def test_password_then_code_reach_eidas2(browser: Client, site: IdentityProviderSite) -> None:
    address = give_password(browser, EVA)["Location"]
    assert address.endswith("/second-facteur")
    answer = give_code(browser, address, code_of(secret()))
    claims = claims_of(browser, site, rp.parameters(answer)["code"])
    assert claims["acr"] == "eidas2"
    assert claims["amr"] == ["pwd", "mfa"]


@at_laposte
def test_a_named_fault_plays_after_the_second_factor(
    browser: Client, site: IdentityProviderSite
) -> None:
    address = give_password(browser, f"{EVA} !retour-sans-code")["Location"]
    answer = give_code(browser, address, code_of(secret()))
    assert "code" not in rp.parameters(answer)


@at_laposte
def test_without_being_asked_for_more_a_password_is_enough(
    browser: Client, site: IdentityProviderSite
) -> None:
    answer = give_password(browser, EVA, acr_values="eidas1")
    claims = claims_of(browser, site, rp.parameters(answer)["code"])
    assert (claims["acr"], claims["amr"]) == ("eidas1", ["pwd"])


@at_laposte
def test_a_code_serves_once(browser: Client, site: IdentityProviderSite) -> None:
    code = code_of(secret())
    first = give_code(browser, give_password(browser, EVA)["Location"], code)
    assert "code" in rp.parameters(first)
    again = give_code(browser, give_password(browser, EVA)["Location"], code)
    assert "il a déjà servi" in refusal(again)


@at_laposte
def test_a_double_click_leads_where_one_click_does(
    browser: Client, site: IdentityProviderSite
) -> None:
    address = give_password(browser, EVA)["Location"]
    first, second = press_twice(browser, address, code=code_of(secret()))
    code = rp.parameters(second)["code"]
    assert rp.parameters(first)["code"] != code
    assert claims_of(browser, site, code)["acr"] == "eidas2"
    assert rp.post_token(browser, site, rp.parameters(first)["code"]).status_code == 400


@at_laposte
def test_the_second_press_brings_the_code_too(browser: Client, site: IdentityProviderSite) -> None:
    address = give_password(browser, EVA)["Location"]
    wrong = {"code": code_of(secret(), 100)}
    _, second = press_twice(browser, address, second=wrong, code=code_of(secret()))
    assert "il a déjà servi" in refusal(second)


@at_laposte
@pytest.mark.parametrize(("periods", "status"), [(-1, 303), (1, 303), (-3, 200), (3, 200)])
def test_a_code_is_of_about_now(
    browser: Client, site: IdentityProviderSite, periods: int, status: int
) -> None:
    address = give_password(browser, EVA)["Location"]
    assert give_code(browser, address, code_of(secret(), periods)).status_code == status


@at_laposte
def test_wrong_codes_are_counted_and_explained(browser: Client, site: IdentityProviderSite) -> None:
    address = give_password(browser, EVA)["Location"]
    assert "6 chiffres attendus, vous en avez saisi 3." in refusal(
        give_code(browser, address, "123")
    )
    wrong = code_of(secret(), 100)
    for _ in range(5):
        assert give_code(browser, address, wrong).status_code == 200
    assert give_code(browser, address, code_of(secret())).status_code == 429


@at_laposte
def test_the_code_page_needs_the_password_of_this_very_request(
    browser: Client, site: IdentityProviderSite
) -> None:
    address = rp.authorize(browser, acr_values="eidas2")["Location"]
    assert browser.get(f"{address}/second-facteur")["Location"] == address
    rp.post_login(browser, browser.get(address), EVA, PASSWORD)
    session = browser.session
    session["auth_time"] = int(time.time()) - 60
    session.save()
    later = rp.authorize(browser, acr_values="eidas2")["Location"]
    assert browser.get(f"{later}/second-facteur")["Location"] == later


@at_laposte
def test_an_account_without_a_second_factor_may_add_one(
    browser: Client, site: IdentityProviderSite
) -> None:
    page = browser.get(give_password(browser, ANGELE)["Location"])
    assert "Il vous faut un second facteur" in text(page)
    assert "error=unmet_authentication_requirements" in text(page)
    press(browser, browser.get("/second-facteur/"), "/second-facteur/")
    shown = text(browser.get("/second-facteur/"))
    drawing = browser.get("/second-facteur/qr.svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawing.content
    account = IdentityAccount.objects.get(site="laposte", identifier=ANGELE)
    new_secret = shown.split("saisissez ce secret")[1].split("<code>")[1].split("</code>")[0]
    assert new_secret.encode() not in bytes(SecondFactor.objects.get(account=account).sealed_secret)
    give_code(browser, "/second-facteur/", code_of(new_secret, -1))
    assert "Votre second facteur est actif" in text(browser.get("/second-facteur/"))
    assert browser.get("/second-facteur/qr.svg").status_code == 404
    address = give_password(browser, ANGELE)["Location"]
    assert "code" in rp.parameters(give_code(browser, address, code_of(new_secret)))


@at_laposte
def test_a_session_with_a_password_only_does_not_answer_for_eidas2(
    browser: Client, site: IdentityProviderSite
) -> None:
    give_password(browser, EVA, acr_values="eidas1")
    told = rp.parameters(rp.authorize(browser, prompt="none", acr_values="eidas2"))
    assert told["error"] == "unmet_authentication_requirements"
    address = give_password(browser, EVA)["Location"]
    give_code(browser, address, code_of(secret()))
    told = rp.parameters(rp.authorize(browser, prompt="none", acr_values="eidas2"))
    assert "code" in told


def test_both_levels_are_announced_where_there_are_two(
    browser: Client, site: IdentityProviderSite
) -> None:
    announced = browser.get("/.well-known/openid-configuration").json()["acr_values_supported"]
    assert announced == (["eidas1", "eidas2"] if site.slug == "laposte" else ["eidas1"])
    documents = partners.identity_providers_document()["identity_providers"]
    registered = {d["uid"]: d["allowed_acr"] for d in documents}  # type: ignore[attr-defined]
    assert registered[site.slug] == announced


@pytest.mark.parametrize("site", ["impots", "ameli"], indirect=True)
def test_the_other_sites_have_no_second_factor(browser: Client, site: IdentityProviderSite) -> None:
    page = rp.open_login_page(browser, acr_values="eidas2")
    answer = rp.post_login(browser, page, rp.identifier_of(site), PASSWORD)
    assert "code" in rp.parameters(answer)
    assert browser.get("/second-facteur/")["Location"] == "/"


def test_the_papers_show_the_code_of_the_moment(db: None) -> None:
    page = text(Client().get("/personas/eva-niveau2"))
    assert any(code_of(secret(), periods) in page for periods in (0, -1))
