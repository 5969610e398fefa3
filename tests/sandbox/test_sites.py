"""What each process of the sandbox serves, and under which headers."""

import json
import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.personas.catalogue import everybody
from franceconnect.urls import sandbox as urls
from tests.sandbox.pretend_broker import PretendBroker


@pytest.mark.parametrize(
    ("site", "served", "not_served"),
    [("home", "/mairie/", "/authorize"), ("impots", "/authorize", "/mairie/")],
)
def test_a_process_serves_one_site(site: str, served: str, not_served: str) -> None:
    patterns = tuple(urls.addresses(site))
    assert resolve(served, patterns)
    assert resolve("/healthz/live", patterns)
    with pytest.raises(Resolver404):
        resolve(not_served, patterns)


def test_the_home_page_tells_a_newcomer_everything(
    seeded: None, broker: PretendBroker, settings: object
) -> None:
    settings.SMTP_PORT = 1  # type: ignore[attr-defined] nobody listens there, whatever else runs here
    text = Client().get("/").content.decode()
    for persona in everybody():
        assert persona.name in text
    assert f"{broker.url}/api/v2/.well-known/openid-configuration" in text
    assert "en marche" in text
    assert "arrêté" in text
    client = json.loads(
        re.search(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)[1].replace("&quot;", '"')
    )
    assert client["client_id"] == "client-pret-a-l-emploi"
    assert "http://localhost:3000/callback" in client["redirect_uris"]


def test_every_page_has_strict_headers(seeded: None, broker: PretendBroker) -> None:
    for address in ("/", "/mairie/", "/courriels/", "/nulle-part"):
        answer = Client().get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        # Under no-referrer, forms would be sent with `Origin: null` and refused.
        assert answer["Referrer-Policy"] == "same-origin"


def test_no_page_has_inline_script_or_style(
    browser: Client, site: IdentityProviderSite, broker: PretendBroker
) -> None:
    for address in ("/", "/end_session", "/authorize", "/connexion/x"):
        text = browser.get(address).content.decode()
        assert "<script" not in text
        assert "style=" not in text
        assert text.count("<h1>") == 1
        assert "Bac à sable" in text


def test_an_unknown_page_is_told_in_the_look_of_the_sandbox(db: None) -> None:
    answer = Client().get("/nulle-part")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


def test_health_answers_without_a_page(db: None) -> None:
    assert Client().get("/healthz/live").status_code == 200
    assert Client().get("/healthz/ready").json() == {"status": "ok"}
