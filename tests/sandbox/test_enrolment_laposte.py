"""La Poste: sign up, confirm the address, give a civil status, be checked, then FranceConnect."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox import clock
from apps.sandbox.clock import Step
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import EmailConfirmation, FailedSignIn, IdentityCheck
from tests.notifications.relay import Relay
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import (
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
from tests.sandbox.enrolling_laposte import (
    account,
    ask_for_a_check,
    begin_civil_status,
    confirm,
    play_the_postman,
)

pytestmark = pytest.mark.parametrize("site", ["laposte"], indirect=True)


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
    page = text(browser.get(answer["Location"]))
    assert f'href="{PORTAL}">Rien reçu après quelques minutes\u202f? Recommencez</a>' in page
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


@pytest.mark.parametrize(
    ("decision", "subject", "said"),
    [
        ("", "Votre identité est vérifiée", "permet maintenant de vous connecter à des services"),
        ("expired", "Votre identité n’a pas été confirmée", "Faites renouveler votre pièce"),
        ("different", "Votre identité n’a pas été confirmée", "n’est pas celui de la pièce"),
        ("absent", "Votre identité n’a pas été confirmée", "Demandez une nouvelle vérification"),
    ],
)
def test_the_person_is_told_of_the_decision_by_mail(
    browser: Client,
    site: IdentityProviderSite,
    settings: object,
    relay: Relay,
    sign_up: Callable[..., HttpResponse],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
    decision: str,
    subject: str,
    said: str,
) -> None:
    sign_up(browser)
    ask_for_a_check(browser, confirm(browser, link_of(relay))["Location"])
    with django_capture_on_commit_callbacks(execute=True):
        play_the_postman(settings, refusal=decision)
    message = relay.received[-1]
    assert (message["To"], message["Subject"]) == (EMAIL, subject)
    body = " ".join(message.get_content().split())
    assert said in body
    assert f"{site.issuer}/connexion/" in body
    assert "&" not in body
    assert ("Corriger mon état civil" in body) == bool(decision)


def test_guesses_of_a_confirmation_are_counted(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    sign_up(browser)
    FailedSignIn.objects.all().delete()
    for _ in range(5):
        assert confirm(browser, link_of(relay), "pas le bon mot").status_code == 200
    assert confirm(browser, link_of(relay)).status_code == 429
