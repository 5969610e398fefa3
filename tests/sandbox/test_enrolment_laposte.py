"""La Poste: sign up, confirm the address, give a civil status, be checked, then FranceConnect."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox import clock
from apps.sandbox.clock import Step
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import EmailConfirmation, FailedSignIn, IdentityAccount, IdentityCheck
from tests.notifications.relay import Relay
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import (
    CIVIL_STATUS,
    EMAIL,
    PASSWORD,
    PORTAL,
    begin,
    fill,
    link_of,
    new_password,
    press,
    refusal,
    text,
)

pytestmark = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def confirm(browser: Client, link: str, password: str = PASSWORD) -> HttpResponse:
    return fill(browser, link, password=password)


def account(email: str = EMAIL) -> IdentityAccount:
    return IdentityAccount.objects.get(site="laposte", identifier=email)


def ask_for_a_check(browser: Client, address: str, **changes: str) -> HttpResponse:
    """Fill the civil status and choose the postman; the answer is the page at the end."""
    answer = fill(browser, address, **{**CIVIL_STATUS, **changes})
    assert answer.status_code == 303, refusal(answer)
    answer = fill(browser, answer["Location"], method="postman")
    return browser.get(answer["Location"])


def play_the_postman(settings: object, refusal: str = "") -> str:
    """Decide the newest check on the main site; return the page that follows."""
    settings.ROOT_URLCONF, kept = "apps.sandbox.urls", settings.ROOT_URLCONF  # type: ignore[attr-defined]
    office = Client(enforce_csrf_checks=True)
    page = office.get("/controles-d-identite/")
    pk = IdentityCheck.objects.latest("pk").pk
    press(office, page, f"/controles-d-identite/{pk}/decision", refusal=refusal)
    page = office.get("/controles-d-identite/")
    settings.ROOT_URLCONF = kept  # type: ignore[attr-defined]
    return text(page)


def test_from_the_sign_up_to_franceconnect(
    browser: Client,
    site: IdentityProviderSite,
    settings: object,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
) -> None:
    assert f'href="{PORTAL}">Créer mon identité numérique' in text(browser.get("/"))
    assert "Je m’inscris" in text(browser.get(PORTAL))
    sign_up(browser)
    states = [account().state]
    civil_status = confirm(browser, link_of(relay))["Location"]
    states.append(account().state)
    end = ask_for_a_check(browser, civil_status)
    assert "demande de vérification est enregistrée" in text(end)
    states.append(account().state)
    assert "Identité vérifiée" in play_the_postman(settings)
    states.append(account().state)
    assert states == ["created", "email_confirmed", "to_verify", "verified"]
    signed_in = rp.post_login(browser, rp.open_login_page(browser), EMAIL, PASSWORD)
    assert "code" in rp.parameters(signed_in)
    claims = account().claims
    assert (claims["given_name"], claims["birthplace"]) == ("Lou Camille", "01053")
    assert claims["email"] == EMAIL


def test_the_message_holds_the_link_and_never_the_password(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    (message,) = relay.received
    assert message["To"] == EMAIL
    assert message["Subject"] == "Confirmez votre adresse électronique"
    assert PASSWORD not in message.as_string()
    assert PASSWORD not in account().password
    token = link_of(relay).rsplit("/", 1)[1]
    assert not EmailConfirmation.objects.filter(token_hash=token).exists()


def test_opening_the_link_changes_nothing_and_using_it_does_once(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    link = link_of(relay)
    browser.get(link)
    assert account().state == "created"
    page = browser.get(link)
    assert press(browser, page, link, password=PASSWORD).status_code == 303
    assert browser.get(link).status_code == 410


def test_a_link_expires_on_the_clock_of_the_sandbox(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    clock.advance(Step(hours=23))
    assert browser.get(link_of(relay)).status_code == 200
    clock.advance(Step(hours=1))
    assert browser.get(link_of(relay)).status_code == 410
    assert browser.get("/confirmation/inconnu").status_code == 410


def test_whoever_signed_up_first_with_anothers_address_gets_nothing(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    thief = Client(enforce_csrf_checks=True)
    sign_up(thief, password="le mot de passe du voleur")
    stolen = rp.open_login_page(thief)
    rp.post_login(thief, stolen, EMAIL, "le mot de passe du voleur")
    sign_up(browser)
    # The owner opens the thief's link first: their own password does not confirm it.
    assert "Ce n’est pas le mot de passe" in refusal(confirm(browser, link_of(relay, 0)))
    assert confirm(browser, link_of(relay, 1)).status_code == 303
    page = rp.open_login_page(thief)
    answer = rp.post_login(thief, page, EMAIL, "le mot de passe du voleur")
    assert "ne correspondent pas" in text(answer)
    assert "Vous êtes connecté" not in text(thief.get("/"))
    assert thief.get(link_of(relay, 0)).status_code == 410


def test_an_address_that_has_an_account_reads_the_same_and_is_told_by_mail(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    pages = [
        text(browser.get(sign_up(browser, email)["Location"])).split("<main")[1]
        for email in (EMAIL, "angele.ordinaire@example.org")
    ]
    assert pages[0] == pages[1]
    assert [message["Subject"] for message in relay.received] == [
        "Confirmez votre adresse électronique",
        "Vous avez déjà un compte",
    ]
    signed_in = rp.post_login(
        browser,
        rp.open_login_page(browser),
        "angele.ordinaire@example.org",
        "chateau-de-sable",
    )
    assert "code" in rp.parameters(signed_in)


def test_an_address_is_not_written_to_without_end(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    for _ in range(5):
        assert sign_up(browser).status_code == 303
    assert sign_up(browser).status_code == 429
    assert len(relay.received) == 5
    assert sign_up(browser, "autre@example.org").status_code == 303


def test_a_relay_that_is_away_shows_the_same_page(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    relay.stop()
    answer = sign_up(browser)
    assert "Recommencez" in text(browser.get(answer["Location"]))
    relay.start()
    sign_up(browser)
    assert confirm(browser, link_of(relay)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "lou", **new_password()}, "Adresse attendue"),
        ({"email": EMAIL, **new_password("trop court")}, "vous en avez saisi 10."),
    ],
)
def test_a_sign_up_says_what_is_wrong(
    browser: Client, site: IdentityProviderSite, fields: dict[str, str], message: str
) -> None:
    answer = fill(browser, begin(browser, "inscription"), **fields)
    assert message in refusal(answer)
    assert f'value="{fields["email"]}"' in text(answer)
    assert 'autocomplete="new-password"' in text(answer)
    assert 'autocomplete="email"' in text(answer)


def test_before_the_check_the_account_says_what_remains(
    browser: Client,
    site: IdentityProviderSite,
    settings: object,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
) -> None:
    def remaining() -> str:
        login = rp.post_login(browser, rp.open_login_page(browser), EMAIL, PASSWORD)
        return text(browser.get(login["Location"]))

    sign_up(browser)
    assert "Confirmez votre adresse" in remaining()
    confirm(browser, link_of(relay))
    page = remaining()
    assert "/inscription/etat-civil" in page
    ask_for_a_check(browser, begin_civil_status(browser))
    assert "/controles-d-identite/" in remaining()
    assert "Contrôle refusé" in play_the_postman(settings, refusal="expired")
    assert "Motif\u202f: la pièce d’identité n’est plus valable." in remaining()
    ask_for_a_check(browser, begin_civil_status(browser))
    play_the_postman(settings)
    assert account().state == "verified"


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


def begin_civil_status(browser: Client) -> str:
    answer = press(browser, browser.get(PORTAL), "/inscription/etat-civil")
    return str(answer["Location"])


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


def test_a_check_is_decided_once(
    browser: Client,
    site: IdentityProviderSite,
    settings: object,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
) -> None:
    sign_up(browser)
    ask_for_a_check(browser, confirm(browser, link_of(relay))["Location"])
    settings.ROOT_URLCONF = "apps.sandbox.urls"  # type: ignore[attr-defined]
    page = browser.get("/controles-d-identite/")
    address = f"/controles-d-identite/{IdentityCheck.objects.get().pk}/decision"
    for refused, said in (
        ("parce que", "Choisissez un motif"),
        ("", "Identité vérifiée"),
        ("absent", "a déjà eu lieu"),
    ):
        press(browser, page, address, refusal=refused)
        assert said in text(browser.get("/controles-d-identite/"))
    assert account().state == "verified"
    check = IdentityCheck.objects.get()
    assert (check.refusal, check.method) == ("", "postman")
    assert abs(check.decided_at - clock.now()) < timedelta(minutes=1)


def test_guesses_of_a_confirmation_are_counted(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    FailedSignIn.objects.all().delete()
    for _ in range(5):
        assert confirm(browser, link_of(relay), "pas le bon mot").status_code == 200
    assert confirm(browser, link_of(relay)).status_code == 429
