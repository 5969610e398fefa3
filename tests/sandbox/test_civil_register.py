"""The sandbox's civil register: who is found, how, and what the switch does."""

from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.test import Client

from apps.protocol import pivot
from apps.protocol.civil_register import PATH, build_query
from apps.protocol.majority import has_reached
from apps.sandbox.civil_register import views
from apps.sandbox.models import IdentityAccount, RegisterSwitch
from apps.sandbox.personas import catalogue, civil_day, relative_dates

pytestmark = pytest.mark.usefixtures("seeded")

ADDRESS = f"/registre{PATH}"


def query_of(slug: str, site: str = "impots", **changes: str) -> dict[str, str]:
    """Return what FranceConnect would ask of the register about a persona's account."""
    persona = catalogue.find(slug)
    assert persona
    claims = civil_day.spoken(persona.accounts[site].claims)
    person = pivot.parse_pivot(claims, today=civil_day.today())
    return {**build_query(person), **changes}


def search(query: dict[str, str]) -> tuple[str, Element]:
    answer = Client().get(ADDRESS, query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    root = fromstring(answer.content)  # noqa: S314 our own answer
    return texts(root, "TypeReponseIdentification")[0], root


def texts(root: Element, name: str) -> list[str]:
    return [found.text or "" for found in root.iter() if found.tag.endswith(f"}}{name}")]


REFUSED = {"nora-inconnue": "8", "sam-doublon": "6"}


@pytest.mark.parametrize("persona", catalogue.everybody(), ids=lambda persona: persona.slug)
def test_every_account_of_a_persona_is_found_or_is_there_for_not_being(persona: Any) -> None:
    for site in persona.accounts:
        code, _ = search(query_of(persona.slug, site))
        assert code == REFUSED.get(persona.slug, "2")


def test_a_record_is_the_persona_as_the_register_writes_it() -> None:
    _, root = search(query_of("angele-ordinaire"))
    assert texts(root, "NomFamille") == ["ORDINAIRE"]
    assert texts(root, "Prenom") == ["Angèle", "Claire"]
    assert texts(root, "DateNaissance") == ["1985-03-14"]
    assert texts(root, "Sexe") == ["F"]
    assert [e.get("code") for e in root.iter() if e.tag.endswith("}Localite")] == ["35238"]


@pytest.mark.parametrize(
    ("slug", "written"), [("hoa-presume-jour", "1992-11"), ("awa-presume-mois", "1992")]
)
def test_a_presumed_date_is_written_in_part(slug: str, written: str) -> None:
    assert texts(search(query_of(slug))[1], "DateNaissance") == [written]


def test_a_birth_abroad_has_a_country() -> None:
    _, root = search(query_of("ines-etranger"))
    assert [e.get("code") for e in root.iter() if e.tag.endswith("}Pays")] == ["99352"]


def test_theo_is_found_deceased() -> None:
    code, root = search(query_of("theo-decede"))
    assert code == "2"
    assert texts(root, "Deces")
    assert not texts(search(query_of("angele-ordinaire"))[1], "Deces")


def test_the_beginning_of_the_first_names_is_rectified() -> None:
    code, root = search(query_of("angele-ordinaire", prenoms="Angèle"))
    assert (code, texts(root, "Prenom")) == ("3", ["Angèle", "Claire"])


def test_the_name_of_daily_life_is_the_marital_name() -> None:
    rita = catalogue.find("rita-usage")
    assert rita
    usage = next(iter(rita.accounts.values())).claims["preferred_username"]
    code, root = search(query_of("rita-usage", next(iter(rita.accounts)), nom=usage))
    assert (code, texts(root, "NomFamille")) == ("7", [])


def test_one_field_apart_is_a_near_match() -> None:
    assert search(query_of("angele-ordinaire", nom="ORDINAIRES"))[0] == "4"
    assert search(query_of("angele-ordinaire", nom="ORDINAIRES", prenoms="Anne"))[0] == "8"


def test_two_people_one_field_apart_are_several(db: None) -> None:
    angele = IdentityAccount.objects.filter(claims__given_name="ANGELE CLAIRE").get()
    claims = {**angele.claims, "given_name": "Bérengère"}
    IdentityAccount.objects.create(site="laposte", identifier="b@x.test", sub="b", claims=claims)
    assert search(query_of("angele-ordinaire", prenoms="Odile"))[0] == "6"


def test_whoever_enrolled_is_found_too(db: None) -> None:
    claims = {
        "given_name": "Lou",
        "family_name": "NOUVEAU",
        "gender": "unspecified",
        "birthdate": "2001-02-03",
        "birthplace": "31555",
        "birthcountry": "99100",
    }
    query = build_query(pivot.parse_pivot(claims, today=civil_day.today()))
    assert search(query)[0] == "8"
    IdentityAccount.objects.create(site="impots", identifier="1" * 13, sub="lou", claims=claims)
    assert search(query)[0] == "2"


@pytest.mark.parametrize(
    "changes",
    [{"sexe": "X"}, {"dateNaissance": "1985"}, {"nom": ""}, {"codeLieuNaissance": "Rennes"}],
)
def test_a_request_that_makes_no_sense_is_rejected(changes: dict[str, str]) -> None:
    assert search(query_of("angele-ordinaire", **changes))[0] == "9"


def test_the_switch_breaks_the_register_down_and_repairs_it(
    db: None, broker: Any, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press(mode: str) -> None:
        page = browser.get("/")
        assert f'value="{mode}"' in page.content.decode()
        token = browser.cookies["sandbox_home_csrf"].value
        browser.post("/registre/mode", {"mode": mode, "csrfmiddlewaretoken": token})

    waited: list[float] = []
    monkeypatch.setattr(views.time, "sleep", waited.append)
    press("down")
    assert Client().get(ADDRESS, query_of("angele-ordinaire")).status_code == 503
    press("slow")
    assert search(query_of("angele-ordinaire"))[0] == "2"
    assert waited == [views.SLOW]
    press("up")
    assert search(query_of("angele-ordinaire"))[0] == "2"
    assert waited == [views.SLOW]
    assert RegisterSwitch.objects.count() == 1


def test_an_unknown_mode_changes_nothing(db: None) -> None:
    Client().post("/registre/mode", {"mode": "on fire"})
    assert not RegisterSwitch.objects.exists()


TODAYS = [date(2026, 11, 26), date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 1)]


@pytest.mark.parametrize("today", TODAYS)
def test_the_three_ages_are_on_their_side_of_the_gate_every_day(today: date) -> None:
    def is_adult(slug: str) -> bool:
        persona = catalogue.find(slug)
        assert persona
        born = relative_dates.resolve(persona.accounts["impots"].claims["birthdate"], today)
        return has_reached(born, years=18, today=today)

    assert is_adult("max-dix-huit-aujourdhui")
    assert not is_adult("zoe-dix-huit-demain")
    assert not is_adult("leo-mineur")


def test_a_relative_date_is_resolved_when_the_provider_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for days in range(3):
        day = date(2026, 11, 26) + timedelta(days=days)
        monkeypatch.setattr(civil_day, "today", lambda day=day: day)
        assert civil_day.spoken({"birthdate": "today-18y"})["birthdate"] == f"2008-11-{26 + days}"
    assert civil_day.spoken({"birthdate": "1992-00-00"}) == {"birthdate": "1992-00-00"}
    assert civil_day.spoken({"given_name": "x"}) == {"given_name": "x"}
