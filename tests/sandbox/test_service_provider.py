"""The three services: signing in with stock mozilla-django-oidc, and everything that may go wrong."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.protocol import pkce
from apps.sandbox.models import LocalAccount
from apps.sandbox.service_provider.catalogue import EAU, MAIRIE, REGION, SERVICES, Service
from tests.sandbox.pretend_broker import PretendBroker

ANGELE = {"given_name": "Angèle Claire", "family_name": "ORDINAIRE", "birthdate": "1985-03-14"}


@pytest.fixture(params=list(SERVICES), autouse=True)
def service(request: pytest.FixtureRequest, seeded: None) -> Service:
    """Each service in turn."""
    return SERVICES[request.param]


only_mairie = pytest.mark.parametrize("service", ["mairie"], indirect=True)


def start(browser: Client, service: Service) -> dict[str, str]:
    """Press the button; return what FranceConnect is asked."""
    answer = browser.get(f"/{service.slug}/connexion")
    query = parse_qs(urlsplit(answer["Location"]).query)
    return {name: value for name, (value,) in query.items()}


def come_back(browser: Client, service: Service, **parameters: str) -> HttpResponse:
    return browser.get(f"/{service.slug}/connexion/retour", parameters)


def sign_in(
    browser: Client, broker: PretendBroker, service: Service, sub: str = "a1b2v1", **claims: object
) -> HttpResponse:
    """Sign Angèle in; return the answer of the callback."""
    asked = start(browser, service)
    broker.will_sign_in(
        client_id=service.client_id, nonce=asked["nonce"], sub=sub, **{**ANGELE, **claims}
    )
    broker.userinfo_is_signed = service.userinfo_alg is not None
    return come_back(browser, service, code="c", state=asked["state"])


def page(browser: Client, address: str) -> str:
    return browser.get(address, follow=True).content.decode()


def test_the_request_is_the_one_that_is_registered(broker: PretendBroker, service: Service) -> None:
    asked = start(Client(), service)
    assert asked["client_id"] == service.client_id
    assert asked["scope"] == service.scope
    assert asked["acr_values"] == "eidas1"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) == len(asked["nonce"]) == 32


def test_a_procedure_asks_for_the_level_it_needs_and_no_other_service_may(
    broker: PretendBroker, service: Service
) -> None:
    address = f"/{service.slug}/connexion"
    for typed, expected in (("eidas2", service.acr_values[-1]), ("eidas3", "eidas1")):
        answer = Client().get(address, {"acr_values": typed})
        assert f"acr_values={expected}&" in answer["Location"] + "&"
    assert service.acr_values[-1] == ("eidas2" if service.slug == "region" else "eidas1")


def test_the_information_page_leads_to_what_the_level_does_not_open(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    sign_in(browser, broker, service)
    address = f"/{service.slug}/mes-informations"
    assert ("?acr_values=eidas2" in page(browser, address)) is bool(service.procedure)
    LocalAccount.objects.update(acr="eidas2")
    assert "?acr_values=eidas2" not in page(browser, address)


def test_the_button_comes_before_any_other_means(broker: PretendBroker, service: Service) -> None:
    text = page(Client(), f"/{service.slug}/")
    assert text.count("<h1>") == 1
    assert "Se connecter à mon espace" in text
    assert text.index('class="fr-connect"') < text.index('class="or"') < text.index('id="email"')
    assert f'href="/{service.slug}/connexion"' in text
    assert f"{broker.url}/comprendre" in text


def test_the_button_goes_away_when_franceconnect_is_down(
    broker: PretendBroker, service: Service
) -> None:
    broker.is_ready = False
    text = page(Client(), f"/{service.slug}/")
    assert "FranceConnect est momentanément indisponible." in text
    assert "fr-connect" not in text.replace("franceconnect", "")


def test_a_first_sign_in_opens_a_space_and_says_so_once(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    answer = sign_in(browser, broker, service)
    assert answer["Location"] == f"/{service.slug}/mes-informations"
    first, second = page(browser, answer["Location"]), page(browser, answer["Location"])
    assert "Votre espace a été créé." in first
    assert "Votre espace a été créé." not in second
    assert "14/03/1985" in second
    assert "Faible (eidas1)" in second
    account = LocalAccount.objects.get()
    assert (account.service, account.sub) == (service.slug, "a1b2v1")
    assert not account.has_usable_password()


def test_the_same_person_finds_the_same_space(broker: PretendBroker, service: Service) -> None:
    sign_in(Client(), broker, service, email="a@example.org")
    sign_in(Client(), broker, service, email="b@example.org")
    account = LocalAccount.objects.get()
    assert account.claims["email"] == "b@example.org"


def test_a_shared_address_is_not_one_person(broker: PretendBroker, service: Service) -> None:
    for sub in ("paulv1", "louisev1"):
        sign_in(Client(), broker, service, sub=sub, email="foyer@example.org")
    assert LocalAccount.objects.count() == 2


def test_the_code_is_exchanged_with_pkce_and_client_secret_post(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    asked = start(browser, service)
    broker.will_sign_in(client_id=service.client_id, nonce=asked["nonce"], **ANGELE)
    come_back(browser, service, code="c", state=asked["state"])
    (sent,) = broker.token_requests
    assert sent["client_id"] == service.client_id
    assert len(sent["client_secret"]) == 43
    assert pkce.matches(sent["code_verifier"], asked["code_challenge"])


@only_mairie
def test_an_interrupted_sign_in_says_that_nothing_was_kept(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    state = start(browser, service)["state"]
    answer = come_back(browser, service, error="access_denied", state=state)
    text = page(browser, answer["Location"])
    assert "Vous avez interrompu la connexion. Rien n’a été enregistré." in text
    assert not LocalAccount.objects.exists()


@only_mairie
def test_another_error_is_shown_escaped_with_a_way_to_retry(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    state = start(browser, service)["state"]
    answer = come_back(
        browser, service, error="server_error", error_description="<b>Y500015</b>", state=state
    )
    text = page(browser, answer["Location"])
    assert "server_error – &lt;b&gt;Y500015&lt;/b&gt;" in text
    assert 'class="fr-connect"' in text


@only_mairie
def test_the_words_of_a_stranger_are_not_shown(broker: PretendBroker, service: Service) -> None:
    browser = Client()
    start(browser, service)
    answer = come_back(
        browser, service, error="x", error_description="Appelez le 0899", state="autre"
    )
    text = page(browser, answer["Location"])
    assert "0899" not in text
    assert "a déjà servi" in text


def test_a_replayed_callback_changes_nothing(broker: PretendBroker, service: Service) -> None:
    browser = Client()
    asked = start(browser, service)
    broker.will_sign_in(client_id=service.client_id, nonce=asked["nonce"], **ANGELE)
    broker.userinfo_is_signed = service.userinfo_alg is not None
    come_back(browser, service, code="c", state=asked["state"])
    answer = come_back(browser, service, code="c", state=asked["state"])
    assert answer["Location"] == f"/{service.slug}/mes-informations"
    assert len(broker.token_requests) == 1


@only_mairie
def test_a_forged_callback_does_not_log_the_citizen_out(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    sign_in(browser, broker, service)
    come_back(browser, service, error="access_denied", state="forged")
    assert "Mes informations vérifiées" in page(browser, "/mairie/mes-informations")


@only_mairie
@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://autre.example"},
        {"aud": "autre"},
        {"nonce": "autre"},
        {"exp": 1},
    ],
)
def test_an_id_token_that_lies_opens_nothing(
    broker: PretendBroker, service: Service, lie: dict[str, object]
) -> None:
    browser = Client()
    asked = start(browser, service)
    broker.will_sign_in(client_id=service.client_id, nonce=asked["nonce"], **ANGELE)
    broker.id_token |= lie
    answer = come_back(browser, service, code="c", state=asked["state"])
    assert answer["Location"] == "/mairie/"
    assert "n’a pas pu confirmer votre identité" in page(browser, "/mairie/")
    assert not LocalAccount.objects.exists()


def test_the_userinfo_of_somebody_else_opens_nothing(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    asked = start(browser, service)
    broker.will_sign_in(client_id=service.client_id, nonce=asked["nonce"], **ANGELE)
    broker.userinfo_is_signed = service.userinfo_alg is not None
    broker.userinfo["sub"] = "autrev1"
    come_back(browser, service, code="c", state=asked["state"])
    assert not LocalAccount.objects.exists()


@only_mairie
def test_a_broker_that_refuses_the_code_gives_a_sentence(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    asked = start(browser, service)
    broker.will_sign_in(client_id=service.client_id, nonce=asked["nonce"])
    broker.token_status = 400
    answer = come_back(browser, service, code="c", state=asked["state"])
    assert "n’a pas pu confirmer" in page(browser, answer["Location"])


def test_a_logout_goes_through_franceconnect_and_checks_its_state(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    sign_in(browser, broker, service)
    leaving = browser.post(f"/{service.slug}/se-deconnecter")
    assert leaving.status_code == 200
    address = leaving.context["address"]
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{broker.url}/api/v2/session/end?")
    assert asked["id_token_hint"][0].count(".") == 2
    assert asked["post_logout_redirect_uri"] == [service.post_logout_redirect_uri]
    assert page(browser, f"/{service.slug}/mes-informations").count("S’identifier avec") == 1
    back = f"/{service.slug}/deconnexion?state={asked['state'][0]}"
    text = page(browser, back)
    assert (
        f"Vous êtes déconnecté {service.of_the_name}, de FranceConnect et de votre compte." in text
    )
    assert "Nous ne savons pas" in page(browser, back)


@only_mairie
def test_a_logout_page_with_another_state_does_not_promise(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    sign_in(browser, broker, service)
    browser.post("/mairie/se-deconnecter")
    assert "Nous ne savons pas" in page(browser, "/mairie/deconnexion?state=autre")


@only_mairie
def test_a_logout_pressed_twice_leaves_for_franceconnect_all_the_same(
    broker: PretendBroker, service: Service
) -> None:
    browser, second = Client(), Client()
    sign_in(browser, broker, service)
    second.cookies.load({name: browser.cookies[name].value for name in browser.cookies})
    address = browser.post("/mairie/se-deconnecter").context["address"]
    assert second.post("/mairie/se-deconnecter").context["address"] == address
    assert "S’identifier avec" in page(second, "/mairie/mes-informations")


@only_mairie
def test_a_logout_without_a_session_comes_back_to_the_service(
    broker: PretendBroker, service: Service
) -> None:
    assert Client().post("/mairie/se-deconnecter")["Location"] == "/mairie/"


@only_mairie
def test_the_services_do_not_share_their_sessions(broker: PretendBroker, service: Service) -> None:
    browser = Client()
    sign_in(browser, broker, MAIRIE)
    sign_in(browser, broker, REGION)
    names = {name for name in browser.cookies if name.endswith(("_mairie", "_region"))}
    assert len(names) == 2
    assert {browser.cookies[name]["path"] for name in names} == {"/mairie/", "/region/"}
    assert "S’identifier avec" in page(browser, "/eau/")
    browser.post("/mairie/se-deconnecter")
    assert "Mes informations vérifiées" in page(browser, "/region/mes-informations")
    assert LocalAccount.objects.filter(service=EAU.slug).count() == 0


@only_mairie
def test_another_person_may_sign_in_over_a_session_and_still_log_out(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    sign_in(browser, broker, service, sub="unv1")
    sign_in(browser, broker, service, sub="deuxv1", given_name="Rita")
    assert "Rita" in page(browser, "/mairie/mes-informations")
    leaving = browser.post("/mairie/se-deconnecter")
    assert "id_token_hint" in leaving.context["address"]


@only_mairie
def test_the_classic_form_says_that_it_reads_nothing(
    broker: PretendBroker, service: Service
) -> None:
    browser = Client()
    answer = browser.post("/mairie/connexion/classique")
    assert "n’ont été ni lus ni enregistrés" in page(browser, answer["Location"])
