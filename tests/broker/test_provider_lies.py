"""An identity provider that lies, fails or is somebody else: no session, no code, a clear page."""

import base64
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import Grant, SignIn, SsoSession
from apps.identity_providers import freshness
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from tests.builders import an_identity_provider
from tests.driver import Browser, query_of
from tests.programmable_idp import CLIENT_ID, Canned, ProgrammableIdp

pytestmark = pytest.mark.django_db

Tell = Callable[[ProgrammableIdp], None]


def id_token(**changes: Any) -> Tell:
    """Return a lie in the ID token; a claim set to None is left out."""

    def tell(idp: ProgrammableIdp) -> None:
        def alter(claims: dict[str, Any]) -> dict[str, Any]:
            return {k: v for k, v in {**claims, **changes}.items() if v is not None}

        idp.alter_id_token = alter

    return tell


def person(**changes: Any) -> Tell:
    def tell(idp: ProgrammableIdp) -> None:
        idp.person = {k: v for k, v in {**idp.person, **changes}.items() if v is not None}

    return tell


def userinfo(**changes: Any) -> Tell:
    def tell(idp: ProgrammableIdp) -> None:
        idp.alter_userinfo = lambda claims: {**claims, **changes}

    return tell


def jws(alter: Callable[[str], str]) -> Tell:
    def tell(idp: ProgrammableIdp) -> None:
        idp.alter_jws = alter

    return tell


def setting(**values: Any) -> Tell:
    def tell(idp: ProgrammableIdp) -> None:
        for name, value in values.items():
            setattr(idp, name, value)

    return tell


def token_answers(body: bytes, **canned: Any) -> Tell:
    def tell(idp: ProgrammableIdp) -> None:
        idp.canned["/token"] = Canned(body, **canned)

    return tell


def unsigned(alg: str) -> Tell:
    def alter(token: str) -> str:
        header = base64.urlsafe_b64encode(json.dumps({"alg": alg}).encode()).rstrip(b"=").decode()
        return f"{header}.{token.split('.')[1]}."

    return jws(alter)


def signed_by_a_stranger(idp: ProgrammableIdp) -> None:
    stranger = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    kid = idp.keys.for_alg(jose.Alg.ES256).kid
    key = jose.Key(kid, jose.Alg.ES256, stranger.keys[0].jwk)
    idp.sign = lambda claims, alg: jose.sign(claims, key)  # type: ignore[method-assign]


def signed_rs256(idp: ProgrammableIdp) -> None:
    idp.signing_alg = jose.Alg.RS256


def broken(token: str) -> str:
    return token[:-6] + ("AAAAAA" if not token.endswith("AAAAAA") else "BBBBBB")


NOW = int(time.time())
LIES: dict[str, tuple[Tell, str]] = {
    "R02 S-077 wrong iss": (id_token(iss="https://evil.example"), "Y029012"),
    "R03 S-077 no sub": (id_token(sub=None), "Y029016"),
    "R04 S-077 wrong aud": (id_token(aud="somebody-else"), "Y029013"),
    "S-088 two audiences without azp": (id_token(aud=[CLIENT_ID, "other"]), "Y029013"),
    "S-088 foreign azp": (id_token(azp="other"), "Y029013"),
    "R05 S-077 no iat": (id_token(iat=None), "Y029014"),
    "S-085 expired": (id_token(exp=NOW - 3600), "Y029014"),
    "S-085 exp as text": (id_token(exp="later"), "Y029014"),
    "S-085 issued in the future": (id_token(iat=NOW + 3600, exp=NOW + 7200), "Y029014"),
    "R12 S-084 wrong nonce": (id_token(nonce="n" * 64), "Y029015"),
    "S-084 no nonce": (id_token(nonce=None), "Y029015"),
    "R09 R18 S-078 alg none": (unsigned("none"), "Y029011"),
    "S-078 alg nOnE": (unsigned("nOnE"), "Y029011"),
    "R10 S-077 broken signature": (jws(broken), "Y029011"),
    "S-077 signed by a stranger": (signed_by_a_stranger, "Y029011"),
    "S-079 another algorithm than registered": (signed_rs256, "Y029011"),
    "S-090 level lower than asked": (setting(acr="eidas0"), "Y100001"),
    "FranceConnect §4.5 level not entitled": (setting(acr="eidas2"), "Y100018"),
    "FranceConnect §4.3 no level": (id_token(acr=None), "Y100002"),
    "R11 S-086 userinfo of somebody else": (userinfo(sub="somebody-else"), "Y020029"),
    "S-151 no birthdate": (person(birthdate=None), "Y600006"),
    "S-151 no gender": (person(gender=None), "Y600006"),
    "S-150 impossible birthplace": (person(birthplace="99999"), "Y600006"),
    "S-150 birth in the future": (person(birthdate="2999-01-01"), "Y600006"),
    "FranceConnect §4.4 no e-mail": (person(email=None), "Y609001"),
    "F-038 token 500": (token_answers(b"", status=500), "Y020026"),
    "F-039 token is HTML": (token_answers(b"<html>"), "Y020026"),
    "F-039 token is empty": (token_answers(b""), "Y020026"),
    "F-039 token is an array": (token_answers(b"[]"), "Y020026"),
    "S-095 repeated member": (token_answers(b'{"id_token":"a","id_token":"b"}'), "Y020026"),
    "OIDC Core §3.1.3.3 no id_token": (
        setting(alter_token_response=lambda answer: {"access_token": "at"}),
        "Y020030",
    ),
    "F-041 token of 100 MB": (token_answers(b" " * 1_000_000, repeated=100), "Y020026"),
    "S-087 userinfo of another type": (setting(userinfo_type="text/html"), "Y020027"),
}


def refused(browser: Browser, tell: Tell) -> Any:
    departure = browser.choose(browser.ask()["Location"])
    tell(browser.idp)
    return browser.come_back(departure)


@pytest.mark.parametrize(("tell", "code"), LIES.values(), ids=LIES)
def test_a_lie_ends_on_a_clear_page(tell: Tell, code: str, browser: Browser) -> None:
    response = refused(browser, tell)
    page = response.content.decode()
    assert response.status_code in (400, 403, 502)
    assert code in page
    assert "Impôts – bac à sable" in page
    assert "Choisir un autre compte" in page
    assert not SsoSession.objects.exists()
    assert not Grant.objects.exists()
    assert "/userinfo" not in browser.idp.calls or not code.startswith("Y02901")
    assert SignIn.objects.get().sealed is None
    line = Entry.objects.get(event="SIGN_IN_REFUSED")
    assert (line.code, line.idp, line.sp) == (code, "impots", "mairie")


def test_a_refused_identity_leaves_no_account(browser: Browser) -> None:
    refused(browser, person(birthplace="99999"))
    assert not Account.objects.exists()


def test_after_a_lie_another_account_can_be_chosen(browser: Browser) -> None:
    honest = ProgrammableIdp()
    try:
        an_identity_provider(honest, "ameli")
        page_url = browser.ask()["Location"]
        departure = browser.choose(page_url)
        browser.idp.canned["/token"] = Canned(status=500)
        assert page_url in browser.come_back(departure).content.decode()
        departure = browser.choose(page_url, "ameli")
        browser.idp = honest
        assert browser.come_back(departure)["Location"].endswith("/consent")
    finally:
        honest.stop()


def test_F_036_a_provider_that_is_down_is_named_on_the_page(browser: Browser) -> None:
    departure = browser.choose(browser.ask()["Location"])
    browser.idp.stop()
    code = browser.idp.authorize(departure["Location"])
    response = browser.client.get(
        "/api/v2/oidc-callback", {"code": code, "state": query_of(departure["Location"])["state"]}
    )
    page = response.content.decode()
    assert response.status_code == 502
    assert "Y020026" in page
    assert "Impôts – bac à sable" in page


@pytest.mark.parametrize("again", ["ameli", "impots"], ids=["another provider", "the same"])
def test_S_060_a_return_does_not_count_for_a_trip_begun_meanwhile(
    again: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, other = jose.random_token, ProgrammableIdp()
    try:
        an_identity_provider(other, "ameli")
        page_url = browser.ask()["Location"]
        departure = browser.choose(page_url)

        def meanwhile() -> str:
            """Leave once more while the return is being judged, just before it is believed."""
            monkeypatch.setattr(jose, "random_token", draw)
            browser.choose(page_url, again)
            return draw()

        monkeypatch.setattr(jose, "random_token", meanwhile)
        response = browser.come_back(departure)
        assert response.status_code == 409
        sign_in = SignIn.objects.get()
        assert (sign_in.state, sign_in.sealed, sign_in.account) == ("at_provider", None, None)
        assert sign_in.identity_provider
        assert sign_in.identity_provider.uid == again
        assert not Account.objects.exists()
    finally:
        other.stop()


def test_S_122_a_provider_that_sends_a_header_byte_by_byte_is_given_up(
    browser: Browser, settings: Any
) -> None:
    settings.IDP_TIMEOUT = 0.4
    departure = browser.choose(browser.ask()["Location"])
    browser.idp.canned["/token"] = Canned(pace=0.1)
    started = time.monotonic()
    assert browser.come_back(departure).status_code == 502
    assert time.monotonic() - started < 1.5


def test_a_provider_whose_configuration_never_comes_holds_nobody_up(
    browser: Browser, settings: Any
) -> None:
    settings.IDP_TIMEOUT = 0.4
    silent = socket.create_server(("127.0.0.1", 0))
    try:
        IdentityProvider.objects.create(
            uid="silent", name="silent", title="Silencieux", client_id="x",
            issuer=f"http://127.0.0.1:{silent.getsockname()[1]}",
        )  # fmt: skip
        page_url = browser.ask()["Location"]
        browser.client.get(page_url)
        started = time.monotonic()
        for _ in range(3):
            page = browser.client.get(page_url)
            assert "Silencieux" in page.content.decode()
        form = {"csrfmiddlewaretoken": browser.csrf(page), "providerUid": "silent"}
        assert browser.client.post(f"{page_url}/redirect-to-idp", form).status_code == 502
        assert time.monotonic() - started < 0.4
    finally:
        silent.close()


def test_a_slow_provider_is_given_up(browser: Browser, settings: Any) -> None:
    settings.IDP_TIMEOUT = 0.3
    departure = browser.choose(browser.ask()["Location"])
    browser.idp.delay = 1.0
    started = time.monotonic()
    assert browser.come_back(departure).status_code == 502
    assert time.monotonic() - started < 0.9


def test_R17_a_configuration_of_another_issuer_is_not_used(browser: Browser) -> None:
    browser.idp.alter_configuration = lambda c: {**c, "issuer": "https://evil.example"}
    response = browser.choose(browser.ask()["Location"])
    assert response.status_code == 502
    assert "Y029002" in response.content.decode()
    assert SignIn.objects.get().state == "choosing"


def test_R19_keys_rotated_between_two_sign_ins_cost_one_reading(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.keys = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    time.sleep(freshness.FLOOR)
    browser.idp.received.clear()
    assert "code=" in browser.sign_in(prompt="login")
    assert browser.idp.calls.count("/jwks") == 1
    lines = Entry.objects.filter(event="FC_REQUESTED_IDP_USERINFO").order_by("id")
    assert [line.facts.get("idp_rotated") for line in lines] == [None, True]


def test_the_journal_says_how_long_the_provider_took(browser: Browser) -> None:
    browser.idp.delay = 0.3
    assert "code=" in browser.sign_in()
    facts = Entry.objects.get(event="FC_REQUESTED_IDP_USERINFO").facts
    assert 300 <= facts["idp_ms"] < 5000
    assert "idp_rotated" not in facts


def test_S_121_unknown_kids_do_not_make_us_read_the_keys_again_and_again(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.received.clear()
    stranger = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    browser.idp.sign = lambda claims, alg: jose.sign(claims, stranger.keys[0])  # type: ignore[method-assign]
    for _ in range(5):
        page_url = browser.ask(prompt="login")["Location"]
        assert browser.come_back(browser.choose(page_url)).status_code == 502
    assert browser.idp.calls.count("/jwks") <= 1
    refused = Entry.objects.filter(event="SIGN_IN_REFUSED")
    assert {(line.code, line.idp) for line in refused} == {("Y029020", "impots")}


def test_signed_userinfo_and_hs256_are_served_when_registered(browser: Browser) -> None:
    IdentityProvider.objects.update(
        userinfo_signed_response_alg="RS256",
        id_token_signed_response_alg="HS256",
        token_endpoint_auth_method="client_secret_basic",
    )
    browser.idp.userinfo_alg = jose.Alg.RS256
    browser.idp.signing_alg = jose.Alg.HS256
    assert "code=" in browser.sign_in()


def test_S_087_plain_userinfo_is_refused_when_a_signature_is_registered(browser: Browser) -> None:
    IdentityProvider.objects.update(userinfo_signed_response_alg="ES256")
    response = refused(browser, lambda idp: None)
    assert "Y020027" in response.content.decode()


CALLBACKS: dict[str, tuple[dict[str, Any], int, str]] = {
    "S-097 no state": ({"state": None}, 400, "Y020021"),
    "S-062 wrong state": ({"state": "0" * 64}, 403, "Y020022"),
    "FranceConnect no code": ({"code": None}, 400, "Y020025"),
    "S-060 another issuer": ({"iss": "https://evil.example"}, 403, "Y029003"),
    "S-061 iss twice": ({"iss": ["a", "a"]}, 403, "Y029003"),
}


@pytest.mark.parametrize(("sent", "status", "code"), CALLBACKS.values(), ids=CALLBACKS)
def test_a_tampered_return_is_refused(
    sent: dict[str, Any], status: int, code: str, browser: Browser
) -> None:
    response = browser.come_back(browser.choose(browser.ask()["Location"]), **sent)
    assert response.status_code == status
    assert code in response.content.decode()
    assert not Account.objects.exists()


def test_S_068_a_replayed_return_opens_nothing(browser: Browser) -> None:
    departure = browser.choose(browser.ask()["Location"])
    code = browser.idp.authorize(departure["Location"])
    answer = {"code": code, "state": query_of(departure["Location"])["state"]}
    assert browser.client.get("/api/v2/oidc-callback", answer).status_code == 303
    assert browser.client.get("/api/v2/oidc-callback", answer).status_code == 403


def test_S_058_S_059_a_return_in_another_browser_is_refused(browser: Browser) -> None:
    departure = browser.choose(browser.ask()["Location"])
    code = browser.idp.authorize(departure["Location"])
    answer = {"code": code, "state": query_of(departure["Location"])["state"]}
    stranger = Client()
    assert stranger.get("/api/v2/oidc-callback", answer).status_code == 403
    assert browser.client.get("/api/v2/oidc-callback", answer).status_code == 303


def test_S_099_a_provider_closed_meanwhile_is_refused(browser: Browser) -> None:
    departure = browser.choose(browser.ask()["Location"])
    IdentityProvider.objects.update(active=False)
    response = browser.come_back(departure)
    assert response.status_code == 403
    assert "Y020017" in response.content.decode()


def test_a_citizen_who_declines_is_back_on_the_choice(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    departure = browser.choose(page_url)
    response = browser.come_back(departure, code=None, error="access_denied")
    assert response["Location"] == page_url
    assert (
        "Vous n’avez pas terminé la connexion avec Impôts"
        in browser.open(response).content.decode()
    )
    assert browser.come_back(browser.choose(page_url))["Location"].endswith("/consent")
