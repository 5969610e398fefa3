"""The door: one message whatever is wrong, own addresses only, and headers on every answer."""

import pytest
from django.test import Client

from apps.accounts.models import StaffUser
from tests.backoffice.conftest import sign_in

pytestmark = pytest.mark.django_db

PASSWORD = "un-mot-de-passe-solide"


@pytest.fixture
def agents() -> None:
    StaffUser.objects.create_user("denis", password=PASSWORD, is_staff=True)
    StaffUser.objects.create_user("partie", password=PASSWORD, is_staff=True, is_active=False)
    StaffUser.objects.create_user("usager", password=PASSWORD)


def attempt(username: str, password: str, next_url: str = "/") -> tuple[int, str]:
    form = {"username": username, "password": password, "next": next_url}
    response = Client().post("/login/", form)
    page = response.content.decode()
    start = page.find('id="login-error"')
    return response.status_code, page[start : page.find("</p>", start)] if start > 0 else ""


def test_the_root_shows_the_sign_in_page(agents: None) -> None:
    response = Client().get("/", follow=True)
    assert "Connexion des agents" in response.content.decode()
    assert "FranceConnect — back-office" in response.content.decode()


def test_an_agent_signs_in(agents: None) -> None:
    client = Client()
    response = client.post("/login/", {"username": "denis", "password": PASSWORD, "next": "/"})
    assert response["Location"] == "/"
    assert client.get("/").status_code == 200


def test_every_failure_says_the_same(agents: None) -> None:
    answers = {
        attempt("denis", "mauvais"),
        attempt("inconnue", PASSWORD),
        attempt("partie", PASSWORD),
        attempt("usager", PASSWORD),
        attempt("", ""),
    }
    ((status, message),) = answers
    assert status == 200
    assert "Connexion impossible" in message


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_sign_in_leads_to_our_pages_only(agents: None, target: str) -> None:
    form = {"username": "denis", "password": PASSWORD, "next": target}
    assert Client().post("/login/", form)["Location"] == "/"


def test_a_form_without_its_token_is_refused_in_french(agents: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "denis"})
    assert response.status_code == 403
    assert "Formulaire expiré" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/login/", 200), ("/", 200), ("/inconnu", 404), ("/audit/entry/add/", 403)],
)
def test_every_answer_has_its_headers(path: str, status: int) -> None:
    response = sign_in("denis").get(path, follow=True)
    assert response.status_code == status
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "<style" not in response.content.decode()
    assert " style=" not in response.content.decode()


def test_refusals_are_in_french() -> None:
    client = sign_in("denis")
    assert "Accès refusé" in client.get("/audit/entry/add/").content.decode()
    assert "Page introuvable" in client.get("/inconnu").content.decode()


@pytest.mark.parametrize(
    ("path", "method"),
    [("/password_change/", "get"), ("/password_change/done/", "get"), ("/logout/", "post")],
)
def test_the_pages_of_the_session_are_those_of_the_back_office(path: str, method: str) -> None:
    response = getattr(sign_in("denis"), method)(path)
    assert response.status_code == 200
    page = response.content.decode()
    for words in ("Changer de thème", "Déconnexion", "Accueil", "Merci pour le temps"):
        assert words not in page


def test_an_agent_changes_their_password(agents: None) -> None:
    client, elsewhere = Client(), Client()
    for browser in (client, elsewhere):
        browser.post("/login/", {"username": "denis", "password": PASSWORD, "next": "/"})
    new = "un-autre-mot-de-passe"
    typed = {"old_password": "faux", "new_password1": new, "new_password2": "encore un autre"}
    page = client.post("/password_change/", typed).content.decode()
    assert "2 champs à corriger" in page
    assert StaffUser.objects.get(username="denis").check_password(PASSWORD)
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    done = client.post("/password_change/", typed, follow=True)
    assert "a été modifié" in done.content.decode()
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert attempt("denis", new)[0] == 302
