"""The civil status that La Poste asks for: what is accepted, and what is said of the rest."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from tests.notifications.relay import Relay
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import (
    CIVIL_STATUS,
    PORTAL,
    fill,
    link_of,
    refusal,
    text,
)
from tests.sandbox.enrolling_laposte import (
    account,
    ask_for_a_check,
    begin_civil_status,
    confirm,
    play_the_postman,
)

pytestmark = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def test_a_civil_status_that_was_refused_is_there_to_be_corrected(
    browser: Client,
    site: IdentityProviderSite,
    settings: object,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
) -> None:
    sign_up(browser)
    first = confirm(browser, link_of(relay))["Location"]
    assert 'value="1998"' not in text(browser.get(first))
    ask_for_a_check(browser, first, **{"birthdate-day": "00"})
    play_the_postman(settings, refusal="different")
    page = text(browser.get(begin_civil_status(browser)))
    said = {
        "given_name": "Lou Camille",
        "family_name": "Sans-Compte",
        "birthdate-day": "00",
        "birthplace": re.escape("Bourg-en-Bresse (01053)"),
    }
    assert re.search(r'<option value="99100"\s+selected>', page)
    for name, value in said.items():
        box = re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', page)
        assert box, name
    assert "checked" in page.split('value="female"')[1].split(">")[0]


def test_the_civil_status_is_for_who_confirmed_an_address(
    browser: Client, site: IdentityProviderSite
) -> None:
    assert begin_civil_status(browser) == PORTAL
    rp.sign_in(browser, site)
    assert begin_civil_status(browser) == PORTAL


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"birthplace": ""}, "obligatoire pour une naissance en France"),
        ({"birthplace": "96001"}, "n’est pas celui d’une commune"),
        (
            {"birthplace": "Atlantide"},
            "Aucune commune n’avait un nom qui commence par « Atlantide »",
        ),
        ({"birthcountry": "12345"}, "Choisissez une réponse de la liste."),
        ({"birthcountry": "99352"}, "laissez le lieu vide"),
        ({"birthplace": "35999"}, "n’a eu le code 35999."),
        ({"birthdate-year": "2999"}, "n’est pas possible"),
        ({"birthdate-day": "30", "birthdate-month": "02"}, "n’existe pas dans le calendrier"),
        ({"family_name": "123"}, "Des lettres, des espaces"),
        ({"given_name": "L0u!"}, "Des lettres, des espaces"),
        ({"family_name": "-"}, "aucune lettre"),
        ({"gender": "autre"}, "Choisissez une réponse de la liste."),
        ({"gender": ""}, "Remplissez le champ"),
    ],
)
def test_a_civil_status_that_franceconnect_would_refuse_is_explained(
    browser: Client,
    site: IdentityProviderSite,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
    changes: dict[str, str],
    message: str,
) -> None:
    sign_up(browser)
    address = confirm(browser, link_of(relay))["Location"]
    answer = fill(browser, address, **{**CIVIL_STATUS, **changes})
    assert message in refusal(answer)
    assert account().state == "email_confirmed"


def test_a_birth_abroad_has_no_commune(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    address = confirm(browser, link_of(relay))["Location"]
    ask_for_a_check(browser, address, birthcountry="99352", birthplace="")
    assert account().claims["birthplace"] == ""


@pytest.mark.parametrize("typed", ["35238", "Rennes (35238)", "Bourg-en-Bresse"])
def test_a_commune_is_typed_by_its_name_or_its_code(
    browser: Client,
    site: IdentityProviderSite,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
    typed: str,
) -> None:
    sign_up(browser)
    ask_for_a_check(browser, confirm(browser, link_of(relay))["Location"], birthplace=typed)
    assert account().claims["birthplace"] == ("01053" if typed.startswith("B") else "35238")


def test_a_commune_is_chosen_among_those_of_its_name(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    address = confirm(browser, link_of(relay))["Location"]
    page = text(browser.get(address))
    assert "Code INSEE de 5" not in page
    assert "(facultatif)" not in page.split('for="birthplace"')[1].split("</label>")[0]
    typed = {**CIVIL_STATUS, "birthplace": "rennes"}
    answer = fill(browser, address, **typed)
    assert "communes commencent par « rennes »" in refusal(answer)
    assert "checked" in text(answer).split('value="35238"')[1].split(">")[0]
    assert "Rennes-le-Château (11309)" in text(answer)
    again = fill(browser, address, **typed, commune="35239")
    assert "Choisissez une réponse de la liste." in refusal(again)
    ask_for_a_check(browser, address, birthplace="rennes", commune="11309")
    assert account().claims["birthplace"] == "11309"
