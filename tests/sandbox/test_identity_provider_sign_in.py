"""From the password to the identity: login page, code, token, userinfo."""

import base64
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from apps.protocol import jose, jwe
from apps.protocol.jwe import ContentEncryption
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AccessToken, FailedSignIn, Grant
from tests.sandbox import relying_party as rp
from tests.sandbox.pretend_broker import CLIENT_KEYS

A256GCM = ContentEncryption.A256GCM


def claims_of(browser: Client, site: IdentityProviderSite, id_token: str) -> dict[str, object]:
    keys = jose.load_public_keys(browser.get("/jwks").json())
    return jose.verify(id_token, keys=keys, alg=site.id_token_alg)


def test_a_citizen_signs_in_and_the_broker_learns_who_they_are(
    browser: Client, site: IdentityProviderSite
) -> None:
    told = rp.sign_in(browser, site)
    assert told["state"] == rp.STATE
    assert told["iss"] == site.issuer
    answer = rp.post_token(browser, site, told["code"])
    body = answer.json()
    claims = claims_of(browser, site, body["id_token"])
    now = int(time.time())
    assert answer["Cache-Control"] == "no-store"
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 60
    assert claims["iss"] == site.issuer
    assert claims["aud"] == "franceconnect"
    assert claims["nonce"] == rp.NONCE
    assert claims["acr"] == "eidas1"
    assert claims["amr"] == ["pwd"]
    assert claims["iat"] <= now < claims["exp"]
    assert now - 5 <= claims["auth_time"] <= now
    userinfo = rp.get_userinfo(browser, body["access_token"])
    assert read_userinfo(browser, site, userinfo)["sub"] == claims["sub"]
    assert read_userinfo(browser, site, userinfo)["birthdate"] == "1985-03-14"


def read_userinfo(browser: Client, site: IdentityProviderSite, answer: object) -> dict[str, object]:
    if site.userinfo_alg is None:
        assert answer["Content-Type"] == "application/json"
        return answer.json()
    assert answer["Content-Type"] == "application/jwt"
    token = answer.content.decode()
    if site.userinfo_encryption:
        token = jwe.decrypt(
            token, keys=CLIENT_KEYS.decryption, alg=site.userinfo_encryption, enc=A256GCM
        )
    keys = jose.load_public_keys(browser.get("/jwks").json())
    claims = jose.verify(token, keys=keys, alg=site.userinfo_alg)
    assert (claims["iss"], claims["aud"]) == (site.issuer, "franceconnect")
    return claims


def test_scopes_decide_which_claims_are_given(browser: Client, site: IdentityProviderSite) -> None:
    code = rp.sign_in(browser, site, scope="openid email")["code"]
    token = rp.post_token(browser, site, code).json()["access_token"]
    claims = read_userinfo(browser, site, rp.get_userinfo(browser, token))
    assert claims.keys() - {"iss", "aud", "iat", "exp"} == {"sub", "email"}


@pytest.mark.parametrize("site", ["ameli"], indirect=True)
def test_basic_authentication_is_form_decoded(browser: Client, site: IdentityProviderSite) -> None:
    code = rp.sign_in(browser, site)["code"]
    pair = f"{quote('franceconnect')}:{quote(rp.secret(site), safe='')}"
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": rp.redirect_uri(),
        "code_verifier": rp.VERIFIER,
    }
    header = "Basic " + base64.b64encode(pair.encode()).decode()
    answer = browser.post("/token", fields, headers={"Authorization": header})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": None, "client_assertion": None}, 401, "invalid_client"),
        ({"client_id": "stranger"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": "unknown"}, 400, "invalid_grant"),
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost:8000/elsewhere"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_token_request_gives_nothing(
    browser: Client,
    site: IdentityProviderSite,
    changes: dict[str, str | None],
    status: int,
    error: str,
) -> None:
    code = rp.sign_in(browser, site)["code"]
    answer = rp.post_token(browser, site, code, **changes)
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("site", ["impots", "ameli"], indirect=True)
def test_a_wrong_secret_gives_nothing(browser: Client, site: IdentityProviderSite) -> None:
    code = rp.sign_in(browser, site)["code"]
    answer = rp.post_token(browser, site, code, client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("header", ["Basic ???", "Basic " + base64.b64encode(b"no").decode(), "x"])
def test_a_malformed_authorization_header_is_an_invalid_client(
    browser: Client, site: IdentityProviderSite, header: str
) -> None:
    answer = browser.post("/token", {}, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_a_replayed_code_is_refused_and_kills_its_token(
    browser: Client, site: IdentityProviderSite
) -> None:
    code = rp.sign_in(browser, site)["code"]
    token = rp.post_token(browser, site, code).json()["access_token"]
    assert rp.get_userinfo(browser, token).status_code == 200
    assert rp.post_token(browser, site, code).json()["error"] == "invalid_grant"
    assert rp.get_userinfo(browser, token).status_code == 401


def test_an_expired_code_and_an_expired_token_are_refused(
    browser: Client, site: IdentityProviderSite
) -> None:
    past = timezone.now() - timedelta(seconds=1)
    code = rp.sign_in(browser, site)["code"]
    Grant.objects.update(expires_at=past)
    assert rp.post_token(browser, site, code).json()["error"] == "invalid_grant"
    Grant.objects.update(expires_at=timezone.now() + timedelta(seconds=9))
    token = rp.post_token(browser, site, code).json()["access_token"]
    AccessToken.objects.update(expires_at=past)
    assert rp.get_userinfo(browser, token).status_code == 401


def test_a_verifier_without_a_challenge_is_a_downgrade(
    browser: Client, site: IdentityProviderSite
) -> None:
    code = rp.sign_in(browser, site, code_challenge=None, code_challenge_method=None)["code"]
    assert rp.post_token(browser, site, code).json()["error"] == "invalid_grant"
    assert rp.post_token(browser, site, code, code_verifier=None).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer x", "Basic eA=="])
def test_userinfo_without_a_good_token_answers_401(
    browser: Client, site: IdentityProviderSite, header: str
) -> None:
    answer = browser.get("/userinfo", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_password_keeps_the_identifier_and_never_the_password(
    browser: Client, site: IdentityProviderSite
) -> None:
    typed = rp.identifier_of(site)
    answer = rp.post_login(browser, rp.open_login_page(browser), typed, "pas-le-bon")
    text = answer.content.decode()
    assert typed in text
    assert "pas-le-bon" not in text
    assert "ne correspondent pas" in text


def test_an_unknown_account_reads_like_a_wrong_password(
    browser: Client, site: IdentityProviderSite
) -> None:
    known = rp.identifier_of(site)
    unknown = {"impots": "0009999999999", "ameli": "1480599999356", "laposte": "qui@example.org"}
    texts = []
    for typed in (known, unknown[site.slug]):
        answer = rp.post_login(browser, rp.open_login_page(browser), typed, "pas-le-bon")
        texts.append(answer.content.decode().split('role="alert"')[1].split("</ul>")[0])
    assert texts[0] == texts[1]


def test_after_five_failures_even_the_right_password_waits(
    browser: Client, site: IdentityProviderSite
) -> None:
    page, typed = rp.open_login_page(browser), rp.identifier_of(site)
    for _ in range(5):
        assert rp.post_login(browser, page, typed, "pas-le-bon").status_code == 200
    answer = rp.post_login(browser, page, typed, "chateau-de-sable")
    assert answer.status_code == 429
    assert "Réessayez dans 15\u00a0min" in answer.content.decode()
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert rp.post_login(browser, page, typed, "chateau-de-sable").status_code == 303


@pytest.mark.parametrize("site", ["impots"], indirect=True)
def test_the_format_is_explained_with_a_count(browser: Client, site: IdentityProviderSite) -> None:
    answer = rp.post_login(browser, rp.open_login_page(browser), "00 01 123 456 78", "x")
    assert "13 chiffres attendus, vous en avez saisi 12." in answer.content.decode()
    assert not FailedSignIn.objects.exists()


def test_a_login_form_pressed_twice_gives_one_answer(
    browser: Client, site: IdentityProviderSite
) -> None:
    page, typed = rp.open_login_page(browser), rp.identifier_of(site)
    first, second = (rp.post_login(browser, page, typed, "chateau-de-sable") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] != second["Location"]
    assert Grant.objects.count() == 1


def test_a_login_form_serves_no_more_once_its_code_was_used(
    browser: Client, site: IdentityProviderSite
) -> None:
    page, typed = rp.open_login_page(browser), rp.identifier_of(site)
    assert rp.post_login(browser, page, typed, "chateau-de-sable").status_code == 303
    Grant.objects.update(used_at=timezone.now())
    assert rp.post_login(browser, page, typed, "chateau-de-sable").status_code == 410
    assert Grant.objects.count() == 1


def test_a_persona_fills_the_form(browser: Client, site: IdentityProviderSite) -> None:
    address = rp.authorize(browser)["Location"]
    page = browser.get(address, {"persona": "angele-ordinaire"})
    text = page.content.decode()
    assert f'value="{rp.identifier_of(site)}"' in text
    assert 'value="chateau-de-sable"' in text
    assert browser.get(address, {"persona": "personne"}).status_code == 200


def test_a_session_answers_for_the_citizen_unless_login_is_asked(
    browser: Client, site: IdentityProviderSite
) -> None:
    rp.sign_in(browser, site)
    assert rp.authorize(browser)["Location"].startswith("/connexion/")
    assert "code" in rp.parameters(rp.authorize(browser, prompt="none"))
    assert "code" in rp.parameters(rp.authorize(browser, prompt=None))
    assert rp.authorize(browser, prompt=None, max_age="0")["Location"]


def test_the_form_may_end_at_the_broker_and_nowhere_else(
    browser: Client, site: IdentityProviderSite
) -> None:
    policy = rp.open_login_page(browser)["Content-Security-Policy"]
    origin = rp.redirect_uri().removesuffix("/api/v2/oidc-callback")
    assert f"form-action 'self' {origin};" in policy + ";"
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


def test_a_form_without_its_csrf_token_is_refused_kindly(
    browser: Client, site: IdentityProviderSite
) -> None:
    address = rp.authorize(browser)["Location"]
    answer = browser.post(address, {"identifier": "x", "password": "y"})
    assert answer.status_code == 403
    assert "Cette page a expiré" in answer.content.decode()
