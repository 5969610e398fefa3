"""Clients that nobody here wrote sign in on a sandbox that runs, registered by the import command."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect
from france_connect.clients import FranceConnect, Scopes

from tests.journeys.live import Sandbox
from tests.journeys.walker import Walker

CALLBACK = "http://localhost:3999/callback"
LOGGED_OUT = "http://localhost:3999/bye"
SECRET = "a-secret-for-a-stock-client-of-43-characters"


def register(sandbox: Sandbox, folder: Path, **fields: Any) -> None:
    """Register a service as its integrator would: a file and one command."""
    path = folder / "service.json"
    service = {
        "client_secret": SECRET,
        "client_name": "Service d’un intégrateur",
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [LOGGED_OUT],
        "scope": "openid profile birth email",
        **fields,
    }
    path.write_text(json.dumps({"service_providers": [service]}))
    assert "1 créé" in sandbox.manage("import_service_providers", str(path))


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_france_connect_py_signs_in_with_rs256(sandbox: Sandbox, tmp_path: Path) -> None:
    register(
        sandbox,
        tmp_path,
        client_id="france-connect-py",
        id_token_signed_response_alg="RS256",
        userinfo_signed_response_alg="RS256",
    )
    client = FranceConnect(
        client_id="france-connect-py",
        client_secret=SECRET,
        scopes=[Scopes.OPEN_ID, Scopes.PROFILE, Scopes.EMAIL, Scopes.BIRTH],
        login_callback_url=CALLBACK,
        logout_callback_url=LOGGED_OUT,
        fc_base_url=sandbox.url("broker"),
        jwt_algorithms=["RS256"],
    )
    assert client.get_configuration()["issuer"] == sandbox.url("broker", "/api/v2")
    url, nonce, state = client.get_authentication_url()
    walker = Walker(sandbox)
    answer = query_of(walker.sign_in(url, callback=CALLBACK))
    assert answer["state"] == state
    token, id_token = client.get_id_token(answer["code"])
    assert id_token["nonce"] == nonce
    person = client.get_user_info(token["access_token"])
    assert person["sub"] == id_token["sub"]
    assert person["family_name"] == "ORDINAIRE"
    page = walker.session.get(
        client.get_logout_url(token["id_token"], state), allow_redirects=False
    )
    assert page.headers["Location"].startswith(sandbox.url("impots"))


def test_authlib_signs_in_by_discovery(sandbox: Sandbox, tmp_path: Path) -> None:
    # Authlib draws a nonce of 20 characters and leaves acr_values out: the policy of the service
    # says so, visibly, instead of asking every integrator to change the library's defaults.
    register(
        sandbox, tmp_path, client_id="authlib", nonce_policy="optional", acr_required=False,
        pkce_required=True, token_endpoint_auth_method="client_secret_basic",
        userinfo_signed_response_alg=None,
    )  # fmt: skip
    service = authlib_service(sandbox)
    browser = service.test_client()
    departure = browser.get("/login").headers["Location"]
    arrival = Walker(sandbox).sign_in(departure, callback=CALLBACK, account="ameli")
    page = browser.get(arrival.removeprefix("http://localhost:3999"))
    assert page.status_code == 200, page.text
    assert page.json["id_token"]["acr"] == "eidas1"
    assert page.json["userinfo"]["birthplace"] == "35238"
    assert page.json["userinfo"]["sub"] == page.json["id_token"]["sub"]


def authlib_service(sandbox: Sandbox) -> Flask:
    """Return a Flask application as Authlib's documentation writes it."""
    app = Flask("service")
    app.secret_key = "tests-only"
    oauth = OAuth(app)
    oauth.register(
        "franceconnect",
        client_id="authlib",
        client_secret=SECRET,
        server_metadata_url=sandbox.url("broker", "/api/v2/.well-known/openid-configuration"),
        # Authlib thinks a token of 60 s expired when it is born, unless its leeway is smaller.
        client_kwargs={"scope": "openid profile birth email", "code_challenge_method": "S256", "leeway": 0},
    )  # fmt: skip

    @app.get("/login")
    def login() -> Any:
        return oauth.franceconnect.authorize_redirect(CALLBACK)

    @app.get("/callback")
    def callback() -> Any:
        token = oauth.franceconnect.authorize_access_token()
        return {
            "id_token": dict(token["userinfo"]),
            "userinfo": dict(oauth.franceconnect.userinfo(token=token)),
        }

    @app.get("/")
    def home() -> Any:
        return redirect("/login")

    return app


def test_an_imported_service_counts_at_the_next_request(sandbox: Sandbox, tmp_path: Path) -> None:
    asked = {"client_id": "just-imported", "redirect_uri": CALLBACK}
    authorize = sandbox.url("broker", "/api/v2/authorize")
    assert requests.get(authorize, asked, timeout=10).status_code == 400
    register(sandbox, tmp_path, client_id="just-imported")
    answer = requests.get(authorize, asked, timeout=10, allow_redirects=False)
    assert answer.headers["Location"].startswith(CALLBACK + "?error=invalid_request")


def test_a_rotated_secret_replaces_the_former_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    register(sandbox, tmp_path, client_id="rotating")
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK,
            "client_id": "rotating", "client_secret": SECRET}  # fmt: skip
    url = sandbox.url("broker", "/api/v2/token")
    assert requests.post(url, form, timeout=10).json()["error"] == "invalid_grant"
    secret = sandbox.manage("rotate_client_secret", "rotating").split()[-1]
    assert requests.post(url, form, timeout=10).json()["error"] == "invalid_client"
    form["client_secret"] = secret
    assert requests.post(url, form, timeout=10).json()["error"] == "invalid_grant"
