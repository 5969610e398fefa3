"""A provider that is down, late, endless, wandering or in pieces: nobody waits, nothing is kept."""

import base64
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import Grant, SignIn, SsoSession
from apps.identity_providers import freshness, metadata
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from tests.driver import Browser
from tests.programmable_idp import CLIENT_ID, CLIENT_SECRET, Canned, ProgrammableIdp

pytestmark = pytest.mark.django_db

CONFIGURATION = "/.well-known/openid-configuration"
LATE = "Y029002"  # configuration or keys
FAILED = {"/token": "Y020026", "/userinfo": "Y020027", "/jwks": LATE}
MEGABYTE = b" " * 1_000_000
BOMB = gzip.compress(MEGABYTE * 100, compresslevel=6)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass for what is kept of a provider's configuration and keys."""
    passed = 0.0

    def advance(seconds: float) -> None:
        nonlocal passed
        passed += seconds
        for shelf in (metadata._configurations, metadata._keys):
            monkeypatch.setattr(shelf, "_now", lambda: time.monotonic() + passed)

    return advance


def read_again(browser: Browser, later: Callable[[float], None]) -> None:
    """Let what is kept of the provider grow old, and wait until it was read again behind us."""
    later(freshness.LIFETIME + 1)
    browser.idp.received.clear()
    metadata.configuration(IdentityProvider.objects.get())
    end = time.monotonic() + 10
    slot = metadata._configurations._slots[browser.idp.issuer]
    while slot.tried_at < metadata._configurations._now() - 60 and time.monotonic() < end:
        time.sleep(0.02)


def refused(browser: Browser) -> str:
    """Sign in; return the code of the refusal, after checking that nothing came of it."""
    departure = browser.choose(browser.ask()["Location"])
    page = browser.come_back(departure).content.decode()
    line = Entry.objects.get(event="SIGN_IN_REFUSED")
    assert line.code in page
    assert "Choisir un autre compte" in page
    assert not Account.objects.exists()
    assert not Grant.objects.exists()
    assert not SsoSession.objects.exists()
    assert SignIn.objects.get().sealed is None
    return line.code


# --- Statuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 429, 401, 204])
@pytest.mark.parametrize("path", ["/token", "/userinfo"])
def test_F_038_a_status_of_failure_is_not_tried_again(
    path: str, status: int, browser: Browser
) -> None:
    browser.idp.canned[path] = Canned(status=status, headers={"Retry-After": "0"})
    assert refused(browser) == FAILED[path]
    assert browser.idp.calls.count("/token") == 1
    assert browser.idp.calls.count("/userinfo") == (path == "/userinfo")


def test_F_046_a_userinfo_that_fails_after_the_token_leaves_nothing(browser: Browser) -> None:
    browser.idp.canned["/userinfo"] = Canned(status=503, headers={"Retry-After": "120"})
    assert refused(browser) == "Y020027"
    assert not Entry.objects.filter(event="FC_VERIFIED").exists()
    assert not Entry.objects.exclude(account=None).exists()


# --- Bodies -----------------------------------------------------------------------------------------

CANARY = b"canary-of-a-body"
BODIES = {
    "HTML": Canned(b"<!DOCTYPE html><p>" + CANARY, content_type="text/html"),
    "HTML under another type": Canned(b"<!DOCTYPE html><p>" + CANARY),
    "empty": Canned(b""),
    "truncated": Canned(b'{"sub":"' + CANARY),
    "UTF-16": Canned(json.dumps({"sub": CANARY.decode()}).encode("utf-16")),
    "Latin-1": Canned(b'{"sub":"\xe9' + CANARY + b'"}'),
    "NUL": Canned(b'{"sub":"\0' + CANARY + b'"}'),
    "array": Canned(b'["' + CANARY + b'"]'),
    "number": Canned(b"7"),
    "null": Canned(b"null"),
    "deep": Canned(b"[" * 100_000),
}


@pytest.mark.parametrize("canned", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
def test_F_039_a_body_that_is_not_one_object_is_a_clear_page_and_is_not_logged(
    path: str, canned: Canned, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    browser.idp.canned[path] = canned
    assert refused(browser) == FAILED[path]
    written = caplog.text
    assert FAILED[path] in written
    assert CANARY.decode() not in written


# --- Addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
def test_F_040_a_redirect_is_not_followed(path: str, status: int, browser: Browser) -> None:
    to_itself = {"Location": browser.idp.issuer + path}
    browser.idp.canned[path] = Canned(status=status, headers=to_itself)
    assert refused(browser) == FAILED[path]
    assert browser.idp.calls.count(path) == 1


def test_F_040_a_redirect_of_the_configuration_is_not_followed(browser: Browser) -> None:
    elsewhere = {"Location": f"{browser.idp.issuer}/elsewhere"}
    browser.idp.canned[CONFIGURATION] = Canned(status=302, headers=elsewhere)
    response = browser.choose(browser.ask()["Location"])
    assert LATE in response.content.decode()
    assert "/elsewhere" not in browser.idp.calls


@pytest.mark.parametrize("host", ["fi.invalid", "127.0.0.1:1"], ids=["no such name", "refused"])
def test_F_036_a_provider_that_cannot_be_reached_is_a_page_with_a_way_back(
    host: str, browser: Browser
) -> None:
    IdentityProvider.objects.update(issuer=f"http://{host}")
    page_url = browser.ask()["Location"]
    started = time.monotonic()
    response = browser.choose(page_url)
    assert time.monotonic() - started < 5
    page = response.content.decode()
    assert response.status_code == 502
    assert LATE in page
    assert page_url in page
    assert SignIn.objects.get().state == "choosing"


# --- Sizes and slowness -----------------------------------------------------------------------------

ENDLESS = {
    "100 MB": Canned(MEGABYTE, repeated=100),
    "gzip bomb": Canned(BOMB, headers={"Content-Encoding": "gzip"}),
    "byte by byte": Canned(pace=0.1),
}


@pytest.mark.parametrize("canned", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
def test_F_041_S_122_an_endless_answer_is_cut(
    path: str, canned: Canned, browser: Browser, settings: Any
) -> None:
    settings.IDP_TIMEOUT = 1.0
    browser.idp.canned[path] = canned
    departure = browser.choose(browser.ask()["Location"])
    started = time.monotonic()
    assert FAILED[path] in browser.come_back(departure).content.decode()
    assert time.monotonic() - started < 2.5
    browser.idp.canned.clear()
    metadata.forget()
    assert "code=" in browser.sign_in(prompt="login")


@pytest.mark.parametrize("canned", ENDLESS.values(), ids=ENDLESS)
def test_S_122_an_endless_configuration_is_cut(
    canned: Canned, browser: Browser, settings: Any
) -> None:
    settings.IDP_TIMEOUT = 1.0
    browser.idp.canned[CONFIGURATION] = canned
    started = time.monotonic()
    response = browser.choose(browser.ask()["Location"])
    assert LATE in response.content.decode()
    assert time.monotonic() - started < 2.5


def test_S_122_ten_thousand_keys_are_too_many(browser: Browser) -> None:
    key = jose.public_jwks(browser.idp.keys)["keys"][0]
    many = {"keys": [{**key, "kid": f"key-{number}"} for number in range(10_000)]}
    browser.idp.canned["/jwks"] = Canned(json.dumps(many).encode())
    assert refused(browser) == LATE


# --- The environment of the process -----------------------------------------------------------------


def test_S_123_the_environment_gives_neither_proxy_nor_password_nor_trust(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(
        "machine 127.0.0.1 login canary password canary\ndefault login canary password canary\n"
    )
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in (
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    assert "code=" in browser.sign_in()
    sent = [call.headers.get("Authorization", "") for call in browser.idp.received]
    assert [value for value in sent if value] == ["Bearer at"]


# --- Registration -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_R14_we_authenticate_by_the_registered_method_alone(method: str, browser: Browser) -> None:
    IdentityProvider.objects.update(token_endpoint_auth_method=method)
    browser.sign_in()
    call = next(call for call in browser.idp.received if call.path == "/token")
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    in_form = {name: call.form.get(name) for name in ("client_id", "client_secret")}
    if method == "client_secret_basic":
        assert call.headers["Authorization"] == f"Basic {pair}"
        assert in_form == {"client_id": None, "client_secret": None}
    else:
        assert "Authorization" not in call.headers
        assert in_form == {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def test_R13_we_ask_for_claims_of_the_person(browser: Browser) -> None:
    browser.sign_in()
    (asked,) = browser.idp.asked
    assert {"openid", "profile", "email"} <= set(asked["scope"].split(" "))


# --- Time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "is_accepted"),
    [(600, False), (60, False), (5, True), (-5, True), (-30, True), (-80, False), (-600, False)],
)
def test_F_048_a_clock_is_tolerated_for_some_seconds(
    seconds: int, is_accepted: bool, browser: Browser
) -> None:
    browser.idp.clock = seconds
    if is_accepted:
        assert "code=" in browser.sign_in()
    else:
        assert refused(browser) == "Y029014"


def test_F_048_a_clock_that_jumps_counts_at_each_sign_in(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.clock = 600
    page_url = browser.ask(prompt="login")["Location"]
    assert "Y029014" in browser.come_back(browser.choose(page_url)).content.decode()
    browser.idp.clock = 0
    assert "code=" in browser.sign_in(prompt="login")


# --- Configuration and keys -------------------------------------------------------------------------


def new_keys(idp: ProgrammableIdp) -> None:
    idp.keys = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})


def test_R15_the_addresses_are_those_that_the_provider_publishes(browser: Browser) -> None:
    moved = {"authorization_endpoint": f"{browser.idp.issuer}/moved"}
    browser.idp.alter_configuration = lambda document: {**document, **moved}
    departure = browser.choose(browser.ask()["Location"])
    assert departure["Location"].startswith(f"{browser.idp.issuer}/moved?")


def test_R16_keys_that_moved_are_found_once_the_configuration_is_old(
    browser: Browser, later: Callable[[float], None]
) -> None:
    browser.sign_in()
    new_keys(browser.idp)
    moved = {"jwks_uri": f"{browser.idp.issuer}/moved-keys"}
    browser.idp.alter_configuration = lambda document: {**document, **moved}
    browser.idp.canned["/moved-keys"] = Canned(
        json.dumps(jose.public_jwks(browser.idp.keys)).encode()
    )
    browser.idp.canned["/jwks"] = Canned(status=404)
    read_again(browser, later)
    assert "code=" in browser.sign_in(prompt="login")


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
def test_S_098_a_configuration_that_becomes_wrong_leaves_the_former_in_place(
    change: dict[str, Any], browser: Browser, later: Callable[[float], None]
) -> None:
    browser.sign_in()
    browser.idp.alter_configuration = lambda document: {**document, **change}
    read_again(browser, later)
    assert CONFIGURATION in browser.idp.calls
    assert "code=" in browser.sign_in(prompt="login")


def test_R19_keys_changed_just_before_signing_are_read_again_once(
    browser: Browser, later: Callable[[float], None]
) -> None:
    departure = browser.choose(browser.ask()["Location"])
    metadata.keys(IdentityProvider.objects.get(), jose.Alg.ES256)
    later(freshness.FLOOR + 1)
    new_keys(browser.idp)
    browser.idp.received.clear()
    assert browser.come_back(departure)["Location"].endswith("/consent")
    assert browser.idp.calls.count("/jwks") == 1


def test_R20_keys_changed_between_two_sign_ins_are_read_again_once(
    browser: Browser, later: Callable[[float], None]
) -> None:
    browser.sign_in()
    for _ in range(3):
        new_keys(browser.idp)
        later(freshness.FLOOR + 1)
        browser.idp.received.clear()
        assert "code=" in browser.sign_in(prompt="login")
        assert browser.idp.calls.count("/jwks") == 1
