"""Faults on demand: chosen in a list or typed after the identifier, played once."""

import re

import pytest
from django.test import Client

from apps.protocol import errors, jose
from apps.sandbox.identity_provider.catalogue import SITES, IdentityProviderSite
from apps.sandbox.identity_provider.faults import suffix
from apps.sandbox.identity_provider.faults.catalogue import FAMILIES, FAULTS
from apps.sandbox.identity_provider.faults.fault import Outcome
from apps.sandbox.models import AuthenticationRequest, Grant
from tests.house import french
from tests.sandbox import relying_party as rp

PASSWORD = "chateau-de-sable"


def nonce_of(browser: Client, site: IdentityProviderSite, code: str) -> object:
    token = rp.post_token(browser, site, code).json()["id_token"]
    keys = jose.load_public_keys(browser.get("/jwks").json())
    return jose.verify(token, keys=keys, alg=site.id_token_alg)["nonce"]


def post(browser: Client, typed: str, chosen: str = "", password: str = PASSWORD) -> object:
    """Fill the form of a new login page."""
    page = rp.open_login_page(browser)
    return rp.post_login(browser, page, typed, password, fault=chosen)


def test_no_two_faults_share_a_name() -> None:
    assert len(FAULTS) == sum(len(family.faults) for family in FAMILIES)


@pytest.mark.parametrize("slug", FAULTS)
def test_a_fault_says_what_is_wrong_and_what_is_expected(slug: str) -> None:
    fault = FAULTS[slug]
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug)
    assert fault.label
    assert fault.what.endswith(".")
    assert not [*french.faults(fault.label), *french.faults(fault.what)]
    assert fault.sites <= SITES.keys()
    assert fault.sites
    known = {spec.code for spec in errors.CATALOGUE.values()}
    assert (fault.code in known) == (fault.outcome is Outcome.REFUSED)
    assert bool(fault.code) == (fault.outcome is Outcome.REFUSED)


@pytest.mark.parametrize(
    ("typed", "identifier", "slug"),
    [
        ("00 01 123 456 789 C", "00 01 123 456 789 C", ""),
        ("00 01 123 456 789 C !mauvais-nonce", "00 01 123 456 789 C", "mauvais-nonce"),
        ("00 01 123 456 789 C\u202f! mauvais-nonce ", "00 01 123 456 789 C", "mauvais-nonce"),
        ("une!adresse@example.org", "une!adresse@example.org", ""),
        ("une!adresse@example.org !expire", "une!adresse@example.org", "expire"),
        ("a@example.org !a !b", "a@example.org", "a !b"),
        (" !expire", "", "expire"),
    ],
)
def test_the_name_of_a_fault_is_told_from_the_identifier(
    typed: str, identifier: str, slug: str
) -> None:
    assert suffix.split(typed) == (identifier, slug)


@pytest.mark.parametrize("way", ["typed", "chosen"])
def test_a_fault_is_played_once_for_that_sign_in_only(
    browser: Client, site: IdentityProviderSite, way: str
) -> None:
    identifier = rp.identifier_of(site)
    asked = ("", "mauvais-nonce") if way == "chosen" else (" !mauvais-nonce", "")
    answer = post(browser, identifier + asked[0], asked[1])
    assert nonce_of(browser, site, rp.parameters(answer)["code"]) == "0" * 64
    honest = post(browser, identifier)
    assert nonce_of(browser, site, rp.parameters(honest)["code"]) == rp.NONCE
    assert list(AuthenticationRequest.objects.order_by("pk").values_list("fault", flat=True)) == [
        "mauvais-nonce",
        "",
    ]


def test_an_unknown_fault_that_is_near_to_none_suggests_nothing(
    browser: Client, site: IdentityProviderSite
) -> None:
    page = post(browser, rp.identifier_of(site) + " !tout-autre-chose").content.decode()
    assert "Aucune panne ne s’appelle «\u202ftout-autre-chose\u202f»." in page
    assert "Les noms les plus proches" not in page


def test_what_is_typed_wins_over_the_list(browser: Client, site: IdentityProviderSite) -> None:
    post(browser, rp.identifier_of(site) + " !expire", "mauvais-nonce")
    assert AuthenticationRequest.objects.get().fault == "expire"


def test_an_unknown_fault_is_answered_with_the_nearest_names(
    browser: Client, site: IdentityProviderSite
) -> None:
    typed = rp.identifier_of(site) + " !mauvais-nonse"
    page = post(browser, typed).content.decode()
    assert "Aucune panne ne s’appelle «\u202fmauvais-nonse\u202f»." in page
    assert "Les noms les plus proches\u202f: mauvais-nonce" in page
    assert f'value="{typed}"' in page
    assert 'href="#identifier"' in page
    assert PASSWORD not in page.partition("<details class")[0]
    assert not Grant.objects.exists()


@pytest.mark.parametrize("site", ["laposte"], indirect=True)
def test_a_fault_that_another_account_plays_is_refused_and_the_list_stays_open(
    browser: Client, site: IdentityProviderSite
) -> None:
    page = post(browser, rp.identifier_of(site), "identite-signee").content.decode()
    assert "ne se joue pas sur ce compte" in page
    assert 'id="pannes" open' in re.sub(r"\s+", " ", page)
    assert '<option value="identite-signee"' not in page


def test_a_wrong_password_keeps_the_fault_that_was_asked_for(
    browser: Client, site: IdentityProviderSite
) -> None:
    typed = rp.identifier_of(site) + " !expire"
    page = post(browser, typed, "sans-nonce", password="faux").content.decode()
    assert f'value="{typed}"' in page
    assert '<option value="sans-nonce" selected>' in page
    assert not Grant.objects.exists()


@pytest.mark.usefixtures("seeded")
def test_the_page_of_faults_says_how_to_play_each_of_them() -> None:
    page = Client().get("/pannes/").content.decode()
    assert "L’identifiant est celui d’Angèle ORDINAIRE" in page
    for slug, fault in FAULTS.items():
        assert f"!{slug}</code>" in page
        assert f'id="{slug}"' in page
        assert fault.code in page
    assert "/pannes/" in Client().get("/").content.decode()
