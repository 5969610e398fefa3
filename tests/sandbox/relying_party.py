"""What a broker does at an identity provider of the sandbox, as plain functions of a test."""

import re
import time
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from apps.protocol import client_assertion, jose, pkce
from apps.sandbox import private_files
from apps.sandbox.identity_provider import registration
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.personas import catalogue as personas
from tests.sandbox.pretend_broker import CLIENT_KEYS

VERIFIER = "v" * 43
STATE = "état d’ici: https://exemple.test/?a=b&c=%20 ~"
NONCE = "n" * 32


def redirect_uri() -> str:
    return f"{settings.BROKER_URL}/api/v2/oidc-callback"


def request(**changes: str | list[str] | None) -> dict[str, str | list[str]]:
    """A good authentication request; a change to None takes the parameter away."""
    good = {
        "client_id": registration.CLIENT_ID,
        "redirect_uri": redirect_uri(),
        "response_type": "code",
        "scope": "openid profile email birth",
        "state": STATE,
        "nonce": NONCE,
        "prompt": "login",
        "acr_values": "eidas1",
        "code_challenge": pkce.challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def authorize(browser: Client, **changes: str | list[str] | None) -> HttpResponse:
    return browser.get("/authorize", request(**changes))


def open_login_page(browser: Client, **changes: str | list[str] | None) -> HttpResponse:
    """Arrive on the login page; the answer is that page."""
    return browser.get(authorize(browser, **changes)["Location"])


def post_login(
    browser: Client, page: HttpResponse, identifier: str, password: str, **more: str
) -> HttpResponse:
    """Fill and send the form of a login page."""
    text = page.content.decode()
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', text)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert action
    assert token
    fields = {"identifier": identifier, "password": password, "csrfmiddlewaretoken": token[1]}
    return browser.post(action[1], {**fields, **more})


def identifier_of(site: IdentityProviderSite, slug: str = "angele-ordinaire") -> str:
    persona = personas.find(slug)
    assert persona
    return persona.accounts[site.slug].displayed_identifier


def sign_in(
    browser: Client, site: IdentityProviderSite, **changes: str | list[str] | None
) -> dict[str, str]:
    """Sign Angèle in; return the parameters of the redirect to the broker."""
    page = open_login_page(browser, **changes)
    answer = post_login(browser, page, identifier_of(site), "chateau-de-sable")
    assert answer.status_code == 303
    assert answer["Location"].startswith(redirect_uri() + "?")
    return parameters(answer)


def parameters(answer: HttpResponse) -> dict[str, str]:
    query = parse_qs(urlsplit(answer["Location"]).query, strict_parsing=True)
    return {name: value for name, (value,) in query.items()}


def secret(site: IdentityProviderSite) -> str:
    return private_files.client_secret(registration.secret_name(site))


def proof(site: IdentityProviderSite, **changes: object) -> dict[str, str]:
    """What proves the broker at a site; `changes` alter the claims of the assertion."""
    if site.shares_a_secret:
        return {"client_secret": secret(site)}
    claims = client_assertion.build(
        client_id=registration.CLIENT_ID,
        audience=site.issuer,
        jti=jose.random_token(),
        now=int(time.time()),
    )
    key = CLIENT_KEYS.signing.for_alg(site.assertion_alg)
    return {
        "client_assertion_type": client_assertion.TYPE,
        "client_assertion": jose.sign({**claims, **changes}, key),
    }


def post_token(
    browser: Client, site: IdentityProviderSite, code: str, /, **changes: str | None
) -> HttpResponse:
    """Redeem a code, proved by a secret in the form or by a signature, as the site wants it."""
    good = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": VERIFIER,
        "client_id": registration.CLIENT_ID,
        **proof(site),
    }
    fields = {name: value for name, value in {**good, **changes}.items() if value is not None}
    return browser.post("/token", fields)


def get_userinfo(browser: Client, access_token: str) -> HttpResponse:
    return browser.get("/userinfo", headers={"Authorization": f"Bearer {access_token}"})
