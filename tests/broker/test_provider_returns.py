"""Returns from an identity provider that somebody tampers with: planted, stolen, mixed up, replayed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import Grant, SignIn, SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.protocol import pkce
from apps.service_providers.models import IdpFilter, ServiceProvider
from tests.builders import an_identity_provider
from tests.driver import Browser, query_of
from tests.programmable_idp import Canned, ProgrammableIdp

pytestmark = pytest.mark.django_db

RETURN = "/api/v2/oidc-callback"
NOT_FINISHED = "Vous n’avez pas terminé la connexion avec Impôts"


@pytest.fixture
def other() -> Iterator[ProgrammableIdp]:
    """A second identity provider, on the choice page as Assurance Maladie."""
    provider = ProgrammableIdp()
    an_identity_provider(provider, "ameli")
    yield provider
    provider.stop()


def leave(browser: Browser, uid: str = "impots") -> HttpResponse:
    return browser.choose(browser.ask()["Location"], uid)


def answer_to(browser: Browser, departure: HttpResponse) -> dict[str, str]:
    """Return the parameters that an honest provider would send this browser back with."""
    code = browser.idp.authorize(departure["Location"])
    return {"code": code, "state": query_of(departure["Location"])["state"]}


def refusal(response: HttpResponse) -> str:
    """Return the code of the refusal, after checking that nothing came of the return."""
    assert not Account.objects.exists()
    assert not Grant.objects.exists()
    assert not SsoSession.objects.exists()
    line = Entry.objects.get(event="SIGN_IN_REFUSED")
    assert line.code in response.content.decode()
    return line.code


# --- Planted in another browser ---------------------------------------------------------------------


def test_S_059_a_return_planted_in_a_browser_that_has_its_own_trip_is_refused(
    browser: Browser,
) -> None:
    planted = answer_to(browser, leave(browser))
    victim = Browser(browser.idp)
    departure = leave(victim)
    assert refusal(victim.client.get(RETURN, planted)) == "Y020022"
    assert victim.come_back(departure)["Location"].endswith("/consent")


def test_S_059_a_return_posted_by_another_site_is_refused(browser: Browser) -> None:
    planted = answer_to(browser, leave(browser))
    assert browser.client.post(RETURN, planted).status_code == 403
    assert Client().post(RETURN, planted).status_code == 405
    assert SignIn.objects.get().state == "at_provider"


# --- Two providers ----------------------------------------------------------------------------------


def test_S_060_a_provider_that_answers_for_another_is_refused(
    browser: Browser, other: ProgrammableIdp
) -> None:
    departure = leave(browser)
    stolen = {**answer_to(browser, departure), "iss": other.issuer}
    assert refusal(browser.client.get(RETURN, stolen)) == "Y029003"
    assert "/token" not in browser.idp.calls + other.calls


def test_S_060_a_code_of_another_provider_is_shown_to_the_chosen_one_alone(
    browser: Browser, other: ProgrammableIdp
) -> None:
    departure = leave(browser)
    mixed = {**answer_to(browser, departure), "code": other.authorize(departure["Location"])}
    assert refusal(browser.client.get(RETURN, mixed)) == "Y020026"
    assert "/token" not in other.calls


@pytest.mark.parametrize(
    "iss",
    [None, "https://evil.example", "{}/", "{}#", ["{}", "{}"], ""],
    ids=["absent", "another", "slash", "fragment", "twice", "empty"],
)
def test_S_061_the_iss_that_a_provider_announced_is_required_as_it_is(
    iss: Any, browser: Browser
) -> None:
    announced = {"authorization_response_iss_parameter_supported": True}
    browser.idp.alter_configuration = lambda document: {**document, **announced}
    issuer = browser.idp.issuer
    sent = [one.format(issuer) for one in iss] if isinstance(iss, list) else iss
    sent = sent.format(issuer) if isinstance(sent, str) else sent
    assert refusal(browser.come_back(leave(browser), iss=sent)) == "Y029003"
    assert "/token" not in browser.idp.calls


def test_S_061_the_iss_that_a_provider_announced_is_accepted(browser: Browser) -> None:
    announced = {"authorization_response_iss_parameter_supported": True}
    browser.idp.alter_configuration = lambda document: {**document, **announced}
    back = browser.come_back(leave(browser), iss=browser.idp.issuer)
    assert back["Location"].endswith("/consent")


# --- Stolen codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checks_pkce", "code"),
    [(True, "Y020026"), (False, "Y029015")],
    ids=["the provider checks PKCE", "the provider ignores PKCE"],
)
def test_S_062_a_stolen_code_is_worth_nothing_in_another_trip(
    checks_pkce: bool, code: str, browser: Browser
) -> None:
    browser.idp.checks_pkce = checks_pkce
    stolen = answer_to(browser, leave(browser))["code"]
    thief = Browser(browser.idp)
    assert refusal(thief.come_back(leave(thief), code=stolen)) == code


def test_S_063_each_trip_has_its_own_nonce_and_a_proof_that_stays_here(browser: Browser) -> None:
    trips = [leave(browser) for _ in range(3)]
    asked = [query_of(trip["Location"]) for trip in trips]
    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name] for one in asked}) == 3
    assert {one["code_challenge_method"] for one in asked} == {"S256"}
    back = browser.come_back(trips[-1])
    form = next(call.form for call in browser.idp.received if call.path == "/token")
    verifier = form["code_verifier"]
    assert pkce.challenge(verifier) == asked[-1]["code_challenge"]
    seen = [trip["Location"] for trip in trips] + [str(back.headers), str(browser.client.cookies)]
    assert verifier not in " ".join(seen)
    assert verifier not in str(list(SignIn.objects.values()))


# --- Again ------------------------------------------------------------------------------------------


def test_S_068_a_return_replayed_after_a_failure_opens_nothing(browser: Browser) -> None:
    answer = answer_to(browser, leave(browser))
    browser.idp.canned["/token"] = Canned(status=500)
    assert browser.client.get(RETURN, answer).status_code == 502
    browser.idp.canned.clear()
    browser.idp.received.clear()
    again = browser.client.get(RETURN, answer)
    assert again.status_code == 403
    page = again.content.decode()
    assert "Y020022" in page
    assert "La connexion a été interrompue" in page
    assert "/token" not in browser.idp.calls
    assert not SsoSession.objects.exists()


# --- Errors -----------------------------------------------------------------------------------------

DESCRIPTIONS = {
    "HTML": "<h1>Bonjour</h1><script src=//evil.example></script>",
    "telephone number": "Appelez le 01 99 00 12 34",
    "address": "Continuez sur https://evil.example/suite",
    "10 kB": "x" * 10_000,
}


@pytest.mark.parametrize("description", DESCRIPTIONS.values(), ids=DESCRIPTIONS)
@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("access_denied", NOT_FINISHED),
        ("server_error", "rencontre un problème"),
        ("<script>", "n’a pas abouti"),
    ],
)
def test_S_096_what_a_provider_says_of_its_error_is_never_shown(
    description: str, error: str, shown: str, browser: Browser
) -> None:
    told = {
        "code": None,
        "error": error,
        "error_description": description,
        "error_uri": description,
    }
    response = browser.come_back(leave(browser), **told)
    page = browser.open(response).content.decode()
    assert shown in page
    assert description not in page
    assert "evil.example" not in page
    assert "01 99" not in page


def test_S_097_an_error_without_state_is_a_page_and_changes_nothing(browser: Browser) -> None:
    departure = leave(browser)
    told = {"code": None, "state": None, "error": "access_denied"}
    assert refusal(browser.come_back(departure, **told)) == "Y020021"
    assert browser.come_back(departure)["Location"].endswith("/consent")


def test_S_097_an_error_with_a_state_that_was_used_changes_nothing(browser: Browser) -> None:
    departure = leave(browser)
    back = browser.come_back(departure)
    kept = SignIn.objects.values().get()
    told = {"code": None, "error": "access_denied"}
    assert "Y020022" in browser.come_back(departure, **told).content.decode()
    assert SignIn.objects.values().get() == kept
    assert "code=" in browser.go_on(back["Location"])["Location"]


def test_S_097_an_error_after_the_end_leaves_the_session_alone(browser: Browser) -> None:
    departure = leave(browser)
    browser.go_on(browser.come_back(departure)["Location"])
    told = {"code": None, "error": "access_denied"}
    assert browser.come_back(departure, **told).status_code == 403
    assert SsoSession.objects.count() == 1
    assert browser.open(browser.ask())["Location"].endswith("/consent")


# --- Hints ------------------------------------------------------------------------------------------


def test_S_075_a_hint_outside_the_list_of_the_service_goes_back_to_it(browser: Browser) -> None:
    answer = query_of(browser.ask(idp_hint="impots")["Location"])
    assert answer["error"] == "invalid_idp_hint"
    assert not SignIn.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [("unknown", "Y020019"), ("disabled", "Y020017"), ("filtered", "Y020023")],
)
def test_S_075_a_hint_is_never_a_way_around_the_choice(
    change: str, code: str, browser: Browser
) -> None:
    hint = "nowhere" if change == "unknown" else "impots"
    ServiceProvider.objects.update(allowed_idp_hints=[hint])
    if change == "disabled":
        IdentityProvider.objects.update(active=False)
    if change == "filtered":
        ServiceProvider.objects.update(idp_filter_mode=IdpFilter.ONLY, idp_filter=["ameli"])
    response = browser.open(browser.ask(idp_hint=hint))
    assert refusal(response) == code
    assert "Location" not in response


# --- Forms ------------------------------------------------------------------------------------------


def test_S_071_the_token_of_another_browser_chooses_nothing(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    browser.client.get(page_url)
    other = Browser(browser.idp)
    token = other.csrf(other.client.get(other.ask()["Location"]))
    form = {"csrfmiddlewaretoken": token, "providerUid": "impots"}
    response = browser.client.post(f"{page_url}/redirect-to-idp", form)
    assert response.status_code == 403
    assert "Y470001" in response.content.decode()
    assert {sign_in.state for sign_in in SignIn.objects.all()} == {"choosing"}
