"""What anybody may send: never a 500, and never an answer without its headers."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from apps.audit.models import Entry
from apps.broker import flow
from apps.broker.models import SsoSession
from apps.protocol import errors
from apps.protocol.errors import CATALOGUE, Delivery, ErrorSpec
from tests.builders import CALLBACK, SECRET, a_service_provider
from tests.driver import Browser, query_of, read_userinfo, redeem

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def basic(pair: bytes) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


@pytest.mark.parametrize(
    "sent",
    [
        {"client_id": "a%00b"},
        {"client_id": None, "client_secret": None, "headers": basic(b"a%00b:x")},
        {"client_id": None, "client_secret": None, "headers": basic(b"a\x00b:x")},
    ],
    ids=["form", "Basic, encoded", "Basic, raw"],
)
def test_a_null_in_a_client_id_is_an_unknown_client(sent: dict[str, Any], browser: Browser) -> None:
    answer = redeem(query_of(browser.sign_in())["code"], **sent)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def unsigned(claims: dict[str, str]) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + ".x"


@pytest.mark.parametrize(
    "asked",
    [
        {"client_id": "\x00"},
        {"id_token_hint": unsigned({"aud": "a\x00b"})},
        {"id_token_hint": "\x00", "state": "\x00", "post_logout_redirect_uri": "\x00"},
    ],
    ids=["client_id", "hint", "everything"],
)
def test_a_null_in_a_logout_is_ignored(asked: dict[str, str], browser: Browser) -> None:
    assert browser.client.get("/api/v2/session/end", asked).status_code == 200


def test_a_logout_return_with_an_odd_state_goes_nowhere(browser: Browser) -> None:
    hint = redeem(query_of(browser.sign_in())["code"]).json()["id_token"]
    browser.client.get("/api/v2/session/end", {"id_token_hint": hint})
    assert browser.client.cookies["fc_logout"].value
    for state in ("é", "\ud800".encode("utf-8", "surrogatepass")):
        page = browser.client.get("/api/v2/client/logout-callback", {"state": state})
        assert page.status_code == 200


def test_S_022_a_link_preview_of_a_logout_logs_nobody_out(browser: Browser) -> None:
    hint = redeem(query_of(browser.sign_in())["code"]).json()["id_token"]
    assert browser.client.head("/api/v2/session/end", {"id_token_hint": hint}).status_code == 200
    assert SsoSession.objects.count() == 1


def test_a_logout_state_that_no_cookie_can_hold_is_left_out(browser: Browser) -> None:
    hint = redeem(query_of(browser.sign_in())["code"]).json()["id_token"]
    asked = {"id_token_hint": hint, "state": "s" * 20_000}
    browser.client.get("/api/v2/session/end", asked)
    assert len(browser.client.cookies["fc_logout"].value) < 4000


@pytest.mark.parametrize(
    "query", ["a=%zz", "a=%", "=", "%00", "a=é", ";" * 50, "schema=" + "x" * 9000]
)
def test_an_odd_query_of_userinfo_is_ignored(query: str, browser: Browser) -> None:
    tokens = redeem(query_of(browser.sign_in())["code"]).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert Client().get(f"/api/v2/userinfo?{query}", headers=bearer).status_code == 200
    assert read_userinfo("unknown").status_code == 401


@pytest.mark.parametrize("path", ["authorize", "session/end", "userinfo", "token"])
@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'a' * 300}",
     f"{FORM}; charset=utf-16", f"{FORM}; charset=none-such"],
)  # fmt: skip
def test_an_odd_content_type_is_refused_with_every_header(path: str, content_type: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["fc_csrf"] = "c" * 32
    headers = {"Authorization": "Bearer x"} if path == "userinfo" else {}
    answer = client.generic(
        "POST", f"/api/v2/{path}", b"a=b", content_type=content_type, headers=headers
    )
    assert answer.status_code in (200, 400, 401)
    assert answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_odd_charset_on_a_form_of_ours_is_refused_with_every_header(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    browser.client.get(page_url)
    browser.client.raise_request_exception = False
    answer = browser.client.generic(
        "POST", f"{page_url}/abandon", b"a=b", content_type=f"{FORM}; charset=utf-16"
    )
    assert 400 <= answer.status_code < 500
    assert answer["Content-Security-Policy"]


def test_a_redirect_uri_may_hold_what_we_add_to_it(browser: Browser) -> None:
    address = f"{CALLBACK}?code=x&state=y"
    a_service_provider("odd", redirect_uris=address)
    information = browser.to_information(client_id="odd", redirect_uri=address)
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(information))}
    action = information.replace("/consent", "/login")
    first, second = (browser.client.post(action, form) for _ in range(2))
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize(
    "character", ["\u00ad", "\u200b", "\u200c", "\u2060", "\ufeff", "\u034f", "\ufe0f"]
)
def test_an_invisible_character_in_an_address_is_refused(character: str, browser: Browser) -> None:
    browser.idp.person["email"] = f"angele@exa{character}mple.org"
    departure = browser.choose(browser.ask()["Location"])
    assert "Y609001" in browser.come_back(departure).content.decode()


@pytest.mark.parametrize(
    ("sent", "code", "service"),
    [
        ({"client_secret": "wrong" * 9}, errors.CLIENT_AUTH_FAILED, "mairie"),
        ({"code": "unknown"}, errors.CODE_INVALID, "mairie"),
        ({"client_id": "unknown"}, errors.CLIENT_AUTH_FAILED, ""),
        ({"grant_type": "password"}, errors.GRANT_TYPE_UNSUPPORTED, "mairie"),
    ],
    ids=["secret", "code", "client", "grant"],
)
def test_a_refusal_to_a_machine_is_json_and_journalled(
    sent: dict[str, Any], code: ErrorSpec, service: str, browser: Browser
) -> None:
    answer = redeem(**{"code": query_of(browser.sign_in())["code"], **sent})
    assert answer["Content-Type"] == "application/json"
    line = Entry.objects.get(event="SIGN_IN_REFUSED")
    assert (line.code, line.sp) == (code.code, service)
    assert SECRET not in str(line.facts)


@pytest.mark.parametrize(
    "spec", [s for s in CATALOGUE.values() if s.delivery is Delivery.PAGE], ids=lambda s: s.slug
)
def test_every_error_of_the_catalogue_has_its_page(
    spec: ErrorSpec, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise errors.ProtocolError(spec, debug="for developers")

    page_url = browser.ask()["Location"]
    monkeypatch.setattr(flow, "offer", refuse)
    answer = browser.client.get(page_url)
    page = answer.content.decode()
    assert answer.status_code == spec.status
    assert f"<h1>{spec.title}</h1>" in page
    assert f"<strong>{spec.code}</strong>" in page
    assert spec.text in page
    assert "for developers" in page
