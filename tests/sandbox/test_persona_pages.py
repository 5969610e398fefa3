"""The pages of personas: created, shown, shared, received, deleted; nothing typed is lost."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox.models import IdentityAccount, OwnPersona
from apps.sandbox.personas import catalogue, documents, own, sharing
from tests.pages.page import Element, parse_page
from tests.sandbox import relying_party
from tests.sandbox.test_persona_rules import TODAY, a_document

pytestmark = pytest.mark.django_db

TYPED = {
    "given_name": "Ada Lune",
    "family_name": "Essai",
    "preferred_username": "",
    "gender": "female",
    "day": "14",
    "month": "3",
    "year": "1985",
    "birthcountry": "99100",
    "birthplace": "35238",
    "email": "",
    "reason": "Pour voir.",
    "tax_number": "",
    "nir": "",
    "sites": ["impots", "ameli", "laposte"],
}


@pytest.fixture(autouse=True)
def _sandbox(seeded: None) -> None:
    """A sandbox with its personas."""


def page_of(response: HttpResponse) -> Element:
    return parse_page(response.content.decode())


def submit(browser: Client, **changes: Any) -> HttpResponse:
    """Fill the form as a person does, in a browser that checks CSRF."""
    form = page_of(browser.get("/personas/nouvelle"))
    (token,) = [e for e in form.all("input") if e.attributes.get("name") == "csrfmiddlewaretoken"]
    typed = {**TYPED, **changes, "csrfmiddlewaretoken": token.attributes["value"]}
    return browser.post("/personas/nouvelle", {k: v for k, v in typed.items() if v is not None})


def value_of(page: Element, name: str) -> str:
    return next(
        e.attributes["value"] for e in page.all("input") if e.attributes.get("name") == name
    )


def errors(response: HttpResponse) -> dict[str, str]:
    """Return the reasons of the summary, by the control they lead to, and check they are there.

    The reasons that are of no field are under "", one text.
    """
    assert response.status_code == 422
    page = page_of(response)
    (summary,) = [e for e in page.all("div") if "notice--error" in e.attributes.get("class", "")]
    links = {a.attributes["href"][1:]: a.text() for a in summary.all("a")}
    found = {field: text.partition("\u202f: ")[2] for field, text in links.items()}
    assert found.keys() <= {e.attributes.get("id") for e in page.walk()}
    assert all(f"Erreur\u202f: {reason}" in page.text() for reason in found.values())
    others = [item.text() for item in summary.all("li") if not item.all("a")]
    count = len(found) + len(others)
    assert summary.all("h2")[0].text().startswith(f"Corrigez {count} erreur")
    return found | ({"": " ".join(others)} if others else {})


def test_a_persona_is_created_with_identifiers_of_its_own(browser: Client) -> None:
    response = submit(browser)
    assert (response.status_code, response["Location"]) == (303, "/personas/ada-essai")
    assert dict(IdentityAccount.objects.filter(claims__family_name="Essai").values_list(
        "site", "identifier"
    )) == {
        "impots": "0001950000001",
        "ameli": "2850335238901",
        "laposte": "ada.essai@example.org",
    }  # fmt: skip
    text = page_of(browser.get("/personas/ada-essai")).text()
    for shown in ("Ada ESSAI", "Rennes (35238)", "14/03/1985", "00 01 950 000 001", "Pour voir."):
        assert shown in text
    assert catalogue.PASSWORD in text


def test_a_second_persona_gets_other_identifiers(browser: Client) -> None:
    submit(browser)
    assert submit(browser, family_name="Essai Deux", day="15")["Location"] == (
        "/personas/ada-essai-deux"
    )
    assert submit(browser, day="16")["Location"] == "/personas/ada-essai-2"
    assert OwnPersona.objects.count() == 3
    sites = IdentityAccount.objects.values_list("site", "identifier")
    assert len(set(sites)) == len(sites)
    assert IdentityAccount.objects.filter(identifier="ada.essai2@example.org").exists()


def test_a_created_persona_is_on_the_home_page(browser: Client) -> None:
    submit(browser)
    (row,) = [r for r in page_of(browser.get("/")).all("tr") if "Ada ESSAI" in r.text()]
    assert "00 01 950 000 001" in row.text()
    assert "Ada ESSAI" in browser.get("/?trait=ajoutee").content.decode()
    assert "Ada ESSAI" not in browser.get("/?trait=corse").content.decode()


def test_traits_filter_the_personas(browser: Client) -> None:
    def people(trait: str) -> list[str]:
        rows = page_of(browser.get(f"/?trait={trait}")).all("tbody")[0].all("th")
        return [row.all("a")[0].text() for row in rows]

    assert people("corse") == ["Ange CORSE"]
    assert people("date-presumee") == ["Hoa PRÉSUMÉ-JOUR", "Awa PRÉSUMÉ-MOIS"]
    assert people("ancienne-commune") == ["Lise VIEUX-COG"]
    assert people("courriel-partage") == ["Paul FOYER", "Louise FOYER"]
    assert people("sans-courriel") == ["Noé SANS-MAIL"]
    assert people("inconnu") == [one.name for one in catalogue.everybody()]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"birthplace": "99999"}, "birthplace", "99999 n’est pas une commune"),
        (
            {"birthplace": "74011", "year": "2020"},
            "birthplace",
            "n’existe plus depuis le 1er janvier",
        ),
        ({"birthplace": "Atlantide"}, "birthplace", "Aucune commune n’avait un nom"),
        ({"birthplace": ""}, "birthplace", "Une naissance en France a un lieu"),
        ({"birthcountry": "99352"}, "birthplace", "laissez le lieu vide"),
        ({"birthcountry": "99999"}, "birthcountry", "un pays de la liste"),
        ({"birthcountry": ""}, "birthcountry", "un pays de la liste"),
        ({"given_name": ""}, "given_name", "Indiquez les prénoms."),
        ({"family_name": "123"}, "family_name", "Aucune lettre"),
        ({"gender": None}, "gender-female", "Choisissez"),
        ({"year": ""}, "day", "au moins l’année"),
        ({"day": "xx"}, "day", "des nombres"),
        ({"day": "31", "month": "2"}, "day", "n’est pas un jour du calendrier"),
        ({"month": ""}, "day", "Un jour connu dans un mois inconnu"),
        ({"year": "2999"}, "day", "dans l’avenir"),
        ({"email": "ada@gmail.com"}, "email", "peut être à quelqu’un"),
        ({"no_email": "1"}, "email", "Le compte La Poste se reconnaît à l’adresse"),
        ({"email": "rita.usage@example.org"}, "email", "est déjà l’identifiant de Rita USAGE"),
        ({"tax_number": "123"}, "tax_number", "13 chiffres attendus"),
        ({"tax_number": "0001123456789"}, "tax_number", "déjà l’identifiant de Angèle"),
        ({"nir": "1 85 03 35 238 901"}, "nir", "Le premier chiffre dit le sexe"),
        ({"reason": "a" * 400}, None, ""),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    browser: Client, changes: dict[str, Any], field: str | None, reason: str
) -> None:
    response = submit(browser, **changes)
    if field is None:
        assert response.status_code == 303
        return
    found = errors(response)
    assert list(found) == [field]
    assert reason in found[field]
    page = page_of(response)
    typed = {**TYPED, **changes}
    for name in ("given_name", "family_name", "day", "month", "year", "birthplace", "tax_number"):
        assert value_of(page, name) == typed[name]
    assert not OwnPersona.objects.exists()


def test_every_reason_is_told_at_once(browser: Client) -> None:
    response = submit(browser, given_name="", birthplace="99999", day="40", email="x@gmail.com")
    assert list(errors(response)) == ["given_name", "day", "birthplace", "email"]


def test_a_commune_is_found_by_its_name(browser: Client) -> None:
    assert submit(browser, birthplace="Annecy-le-Vieux", year="1964").status_code == 303
    assert own.everybody()[0].identity["birthplace"] == "74011"


@pytest.mark.parametrize("typed", ["Rennes (35238)", "rennes (35238)", "35238"])
def test_a_commune_is_found_as_the_site_writes_it(browser: Client, typed: str) -> None:
    assert submit(browser, birthplace=typed).status_code == 303
    assert own.everybody()[0].identity["birthplace"] == "35238"


def test_a_name_and_the_code_of_another_are_not_a_commune(browser: Client) -> None:
    said = errors(submit(browser, birthplace="Brest (35238)"))["birthplace"]
    assert "Aucune commune n’avait un nom" in said


def test_a_commune_is_chosen_among_those_of_its_day(browser: Client) -> None:
    typed = {"birthplace": "annecy", "year": "1964"}
    response = submit(browser, **typed)
    assert "2 communes commencent par" in errors(response)["birthplace"]
    offered = {
        e.attributes["value"]: "checked" in e.attributes
        for e in page_of(response).all("input")
        if e.attributes.get("name") == "commune"
    }
    assert offered == {"74010": True, "74011": False}
    response = submit(browser, **typed, searched="annecy", commune="74011")
    assert response.status_code == 303
    assert own.everybody()[0].identity["birthplace"] == "74011"


def test_a_choice_of_another_search_is_forgotten(browser: Client) -> None:
    response = submit(browser, birthplace="saint-a", searched="annecy", commune="74011")
    assert "Plus de 30 communes" in errors(response)["birthplace"]


def test_a_birth_abroad_with_a_presumed_date(browser: Client) -> None:
    response = submit(browser, birthcountry="99352", birthplace="", day="", month="")
    assert response.status_code == 303
    persona = own.everybody()[0]
    assert persona.identity["birthdate"] == "1985-00-00"
    assert persona.accounts["ameli"].identifier == "2852099352901"


def test_a_persona_without_address_has_none_anywhere(browser: Client) -> None:
    response = submit(browser, no_email="1", sites=["impots"], email="ada@example.org")
    assert response.status_code == 303
    assert "email" not in own.everybody()[0].accounts["impots"].claims


def test_the_same_person_twice_is_refused(browser: Client) -> None:
    submit(browser)
    assert "le même état civil" in errors(submit(browser, given_name="ADA LUNE"))[""]


def test_a_hostile_name_is_shown_as_text(browser: Client) -> None:
    response = submit(browser, family_name='<script>alert("x")</script>')
    text = browser.get(response["Location"]).content.decode()
    assert "&lt;SCRIPT&gt;" in text
    assert "<SCRIPT>" not in text.replace("&lt;SCRIPT&gt;", "")


def test_a_created_persona_signs_in_at_the_identity_provider(
    browser: Client, settings: Any
) -> None:
    submit(browser)
    settings.SANDBOX_SITE = "impots"
    settings.ROOT_URLCONF = "apps.sandbox.identity_provider.urls"
    page = relying_party.open_login_page(browser)
    (filled,) = re.findall(r'href="([^"]+\?persona=ada-essai)"', page.content.decode())
    assert "de Ada ESSAI" in browser.get(filled).content.decode()
    answer = relying_party.post_login(browser, page, "0001950000001", catalogue.PASSWORD)
    assert "code" in relying_party.parameters(answer)


def link_of(browser: Client) -> str:
    submit(browser)
    page = page_of(browser.get("/personas/ada-essai"))
    (link,) = [a.text() for a in page.all("a") if "importer?p=" in a.attributes["href"]]
    return "/personas" + link.partition("/personas")[2]


def test_a_link_recreates_the_same_persona_once_the_person_agrees(browser: Client) -> None:
    link = link_of(browser)
    before = set(IdentityAccount.objects.values_list("site", "identifier", "sub"))
    assert own.remove("ada-essai")
    response = browser.get(link)
    assert response.status_code == 200
    assert not OwnPersona.objects.exists(), "reading keeps nothing"
    page = page_of(response)
    assert "Ajouter Ada ESSAI" in page.all("h1")[0].text()
    form = {name: value_of(page, name) for name in ("p", "csrfmiddlewaretoken")}
    assert browser.post("/personas/importer", form)["Location"] == "/personas/ada-essai"
    assert set(IdentityAccount.objects.values_list("site", "identifier", "sub")) == before
    again = browser.post("/personas/importer", form)
    assert again.status_code == 409
    assert "Vous avez déjà cette persona" in again.content.decode()


def test_a_link_of_somebody_else_with_that_name_is_told_apart(browser: Client) -> None:
    link = link_of(browser)
    assert browser.get(link).status_code == 409
    own.remove("ada-essai")
    own.add("ada-essai", a_document(), TODAY)
    response = browser.get(link)
    assert response.status_code == 409
    assert "Une autre persona porte ce nom" in response.content.decode()


def test_a_link_is_judged_like_any_persona(browser: Client) -> None:
    parameter = sharing.encode("faux", a_document(identity__birthplace="99999"))
    response = browser.get("/personas/importer", {"p": parameter})
    assert response.status_code == 422
    assert "99999 n’est pas une commune" in response.content.decode()
    with_csrf = Client()
    assert with_csrf.post("/personas/importer", {"p": parameter}).status_code == 422
    assert not OwnPersona.objects.exists()


@pytest.mark.parametrize("parameter", ["", "1abc", "<script>", "é" * 10])
def test_a_damaged_link_is_told(browser: Client, parameter: str) -> None:
    response = browser.get("/personas/importer", {"p": parameter})
    assert response.status_code == 400
    assert "incomplet ou abîmé" in response.content.decode()


def test_the_file_can_be_added_elsewhere(browser: Client) -> None:
    submit(browser)
    response = browser.get("/personas/ada-essai.yaml")
    assert response["Content-Disposition"] == 'attachment; filename="ada-essai.yaml"'
    document = documents.load(response.content.decode())
    assert document.pop("slug") == "ada-essai"
    assert own.remove("ada-essai")
    assert own.add("ada-essai", document, TODAY).name == "Ada ESSAI"


def test_a_persona_of_the_project_is_shown_and_stays(browser: Client) -> None:
    response = browser.get("/personas/lise-vieux-cog")
    assert "Annecy-le-Vieux (74011), aujourd’hui Annecy" in response.content.decode()
    assert "Supprimer" not in response.content.decode()
    assert browser.get("/personas/lise-vieux-cog.yaml").status_code == 200
    plain = Client()
    assert plain.post("/personas/lise-vieux-cog/supprimer").status_code == 404
    assert catalogue.find("lise-vieux-cog")


def test_an_own_persona_is_deleted_with_its_accounts(browser: Client) -> None:
    submit(browser)
    page = page_of(browser.get("/personas/ada-essai"))
    form = {"csrfmiddlewaretoken": value_of(page, "csrfmiddlewaretoken")}
    assert Client(enforce_csrf_checks=True).post("/personas/ada-essai/supprimer").status_code == 403
    assert browser.get("/personas/ada-essai/supprimer").status_code == 405
    browser.post("/personas/ada-essai/supprimer", form)
    assert not OwnPersona.objects.exists()
    assert not IdentityAccount.objects.filter(claims__family_name="Essai").exists()
    assert browser.get("/personas/ada-essai").status_code == 404


def test_what_is_nobodys_is_not_found(browser: Client) -> None:
    for address in ("/personas/inconnue", "/personas/inconnue.yaml"):
        assert browser.get(address).status_code == 404
