"""Impôts: three numbers of a notice, then a password, then FranceConnect."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.sandbox.enrolment.impots import parse_income, parse_numero_fiscal, parse_online_number
from apps.sandbox.forms.fields import FieldError
from apps.sandbox.households import catalogue as households
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.identifiers import IdentifierError
from apps.sandbox.models import FailedSignIn, IdentityAccount
from apps.sandbox.personas import catalogue as personas
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import PASSWORD, PORTAL, begin, fill, new_password, refusal, text
from tests.sandbox.pretend_broker import PretendBroker

ENROLMENT = "espace-particulier"
LOU = {"tax_number": "00 01 240 000 213", "online_number": "2400213", "income": "0"}
PAUL = {"tax_number": "00 01 200 000 101", "online_number": "2000101", "income": "48 250"}
LOUISE = {"tax_number": "00 01 200 000 202", "online_number": "2000202", "income": "48 250 €"}
at_impots = pytest.mark.parametrize("site", ["impots"], indirect=True)


def try_references(browser: Client, **fields: str) -> HttpResponse:
    return fill(browser, begin(browser, ENROLMENT), **fields)


def enrol(browser: Client, **references: str) -> HttpResponse:
    """Create a space; the answer is the page at the end."""
    answer = fill(browser, try_references(browser, **references)["Location"], **new_password())
    assert answer.status_code == 303, text(answer)
    return browser.get(answer["Location"])


def sub_of(browser: Client, site: IdentityProviderSite, identifier: str, password: str) -> str:
    """Sign in and return the sub that the broker is told."""
    answer = rp.post_login(browser, rp.open_login_page(browser), identifier, password)
    token = rp.post_token(browser, site, rp.parameters(answer)["code"]).json()["access_token"]
    return str(rp.get_userinfo(browser, token).json()["sub"])


@at_impots
def test_the_way_in_is_two_clicks_from_the_home_page(
    browser: Client, site: IdentityProviderSite
) -> None:
    assert f'href="{PORTAL}">Espace particulier</a>' in text(browser.get("/"))
    page = text(browser.get(PORTAL))
    assert "Création de mon espace particulier" in page
    assert "deuxième numéro de déclarant" in page


@at_impots
def test_a_person_without_an_account_creates_one_and_signs_in(
    browser: Client, site: IdentityProviderSite
) -> None:
    page = enrol(browser, **LOU)
    assert "Votre espace particulier est créé" in text(page)
    answer = rp.post_login(browser, rp.open_login_page(browser), LOU["tax_number"], PASSWORD)
    token = rp.post_token(browser, site, rp.parameters(answer)["code"]).json()["access_token"]
    identity = rp.get_userinfo(browser, token).json()
    assert (identity["family_name"], identity["birthdate"]) == ("SANS-COMPTE", "1998-08-17")
    kept = IdentityAccount.objects.get(site="impots", identifier="0001240000213")
    assert PASSWORD not in kept.password


@at_impots
def test_both_members_of_a_household_have_an_account_and_are_two_people(
    browser: Client, site: IdentityProviderSite
) -> None:
    enrol(browser, **LOUISE)
    paul = sub_of(browser, site, PAUL["tax_number"], "chateau-de-sable")
    louise = sub_of(browser, site, LOUISE["tax_number"], PASSWORD)
    assert paul != louise


@at_impots
def test_the_first_declarants_numbers_lead_to_the_second_number(
    browser: Client, site: IdentityProviderSite
) -> None:
    assert "deuxième numéro de déclarant" in refusal(try_references(browser, **PAUL))
    mixed = {**LOUISE, "online_number": PAUL["online_number"]}
    assert "deuxième numéro de déclarant" in refusal(try_references(browser, **mixed))
    assert try_references(browser, **LOUISE).status_code == 303


@at_impots
@pytest.mark.parametrize(
    ("field", "typed", "help"),
    [
        ("tax_number", "25 01 2402130 37", "C’est la référence de l’avis."),
        ("tax_number", "07 01 240 118 907", "C’est le numéro « Déclarant 1 »."),
        ("tax_number", "61 01 25 2402130846 F", "Le numéro RIP de l’avis en compte 16."),
        ("online_number", "2402130", "une partie de la référence de l’avis"),
        ("online_number", "108 A", "c’est le numéro de rôle de l’avis"),
    ],
)
def test_another_reference_of_the_notice_is_recognised(
    browser: Client, site: IdentityProviderSite, field: str, typed: str, help: str
) -> None:
    assert help in refusal(try_references(browser, **{**LOU, field: typed}))


@at_impots
@pytest.mark.parametrize(
    "typed",
    [
        {"tax_number": "25 01 2402130 37"},
        {"tax_number": "07 01 240 118 907"},
        {"tax_number": LOU["tax_number"], "online_number": "2402130"},
        {"tax_number": PAUL["tax_number"], "online_number": LOUISE["online_number"]},
        {"tax_number": PAUL["tax_number"]},
        {"tax_number": "25 01 2402130 37", "online_number": PAUL["online_number"]},
    ],
)
def test_one_number_alone_tells_nothing_of_a_notice(
    browser: Client, site: IdentityProviderSite, typed: dict[str, str]
) -> None:
    junk = {"online_number": "9999999", "income": "7"}
    assert "ne correspondent pas à un même avis" in refusal(
        try_references(browser, **{**junk, **typed})
    )


@at_impots
@pytest.mark.parametrize("right", ["online_number", "income"])
def test_a_second_number_of_the_notice_opens_the_help(
    browser: Client, site: IdentityProviderSite, right: str
) -> None:
    junk = {"online_number": "9999999", "income": "7", right: LOU[right]}
    answer = try_references(browser, tax_number="25 01 2402130 37", **junk)
    assert "C’est la référence de l’avis." in refusal(answer)


@at_impots
def test_in_production_no_answer_tells_what_exists(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    wrong = {"online_number": "0000000", "income": "1"}
    answers = {
        refusal(try_references(browser, tax_number=number, **wrong))
        for number in (PAUL["tax_number"], LOUISE["tax_number"], "0009999999999", "2501240213037")
    }
    assert len(answers) == 1


@at_impots
def test_the_sixth_failure_waits_whoever_answers_right(
    browser: Client, site: IdentityProviderSite
) -> None:
    for _ in range(5):
        assert try_references(browser, **{**LOU, "income": "1"}).status_code == 200
    answer = try_references(browser, **LOU)
    assert answer.status_code == 429
    assert "Réessayez dans 15\u00a0min." in text(answer)
    elsewhere = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.7")
    assert try_references(elsewhere, **LOU).status_code == 429
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert try_references(browser, **LOU).status_code == 303


@at_impots
def test_an_address_that_tries_many_numbers_waits(
    browser: Client, site: IdentityProviderSite
) -> None:
    for number in range(5):
        try_references(browser, **{**LOU, "tax_number": f"000199999999{number}"})
    assert try_references(browser, **LOU).status_code == 429


@at_impots
def test_an_unknown_number_costs_as_many_statements_as_a_known_one(
    browser: Client, site: IdentityProviderSite
) -> None:
    first = begin(browser, ENROLMENT)
    wrong = {"online_number": "0000000", "income": "1"}
    counts = set()
    for number in (PAUL["tax_number"], LOU["tax_number"], "0009999999999"):
        with CaptureQueriesContext(connection) as queries:
            fill(browser, first, tax_number=number, **wrong)
        counts.add(len(queries))
    assert len(counts) == 1


@pytest.mark.parametrize("typed", ["26 100", "26100", "26 100 €", "26\u202f100\u00a0€", "026100"])
def test_incomes_that_are_the_same(typed: str) -> None:
    assert parse_income(typed) == "26100"


def test_an_income_may_be_nought() -> None:
    assert parse_income("0") == "0"


@pytest.mark.parametrize("typed", ["26,1", "26.100", "-1", "€", "beaucoup", "²", "1" * 10])
def test_what_is_no_income(typed: str) -> None:
    with pytest.raises(FieldError):
        parse_income(typed)


def test_the_number_of_the_example_is_accepted_with_its_letter() -> None:
    assert parse_numero_fiscal("00 01 123 456 789 C") == "0001123456789"
    assert parse_online_number("1234567") == "1234567"


@pytest.mark.parametrize(("typed", "count"), [("0" * 12, 12), ("0" * 14, 14)])
def test_the_digits_of_a_tax_number_are_counted(typed: str, count: int) -> None:
    with pytest.raises(IdentifierError, match=f"vous en avez saisi {count}"):
        parse_numero_fiscal(typed)


@pytest.mark.parametrize("typed", ["123456", "12345678"])
def test_the_digits_of_an_online_number_are_counted(typed: str) -> None:
    with pytest.raises(FieldError, match=f"7 chiffres attendus, vous en avez saisi {len(typed)}"):
        parse_online_number(typed)


@pytest.mark.parametrize("persona", [p for p in personas.everybody() if p.known_at("impots")])
def test_a_notice_shows_the_values_that_the_form_accepts(
    browser: Client, seeded: None, broker: PretendBroker, persona: personas.Persona
) -> None:
    page = text(browser.get(f"/avis-d-impot/{persona.slug}/"))
    assert "SPÉCIMEN" in page
    shown = re.findall(r"<code>([^<]+)</code>", page)
    known = persona.known_at("impots")
    household = households.find_of(persona.slug)
    assert known
    assert household
    declarant = next(d for d in household.declarants if d.persona is persona)
    assert known.identifier in [households.digits(value) for value in shown]
    assert declarant.online_number in shown
    income = next(value for value in shown if value.endswith("€"))
    assert parse_income(income) == str(household.reference_income)
    assert len(shown) + page.count("<time") == 9 + 2 * (len(household.declarants) - 1)


def test_a_notice_says_whose_it_is_and_leads_back_to_them(
    browser: Client, seeded: None, broker: PretendBroker
) -> None:
    page = text(browser.get("/avis-d-impot/lou-sans-compte/"))
    lou = personas.find("lou-sans-compte")
    assert lou
    body = page.split('class="paper"')[1]
    assert lou.name in body.split("</section>")[0]
    assert f"{lou.postal_code} Saint-Exemple" in body
    assert f'href="/personas/lou-sans-compte">Retour à la persona {lou.name}</a>' in page


def test_no_two_notices_share_a_number(db: None) -> None:
    numbers = [d.online_number for h in households.everyone() for d in h.declarants]
    notices = [h.references.notice for h in households.everyone()]
    assert len(set(numbers)) == len(numbers)
    assert len(set(notices)) == len(notices)
    assert all(len(number) == 7 for number in numbers)


def test_the_home_page_leads_to_the_notices(seeded: None, broker: PretendBroker) -> None:
    assert 'href="/personas/lou-sans-compte"' in text(Client().get("/"))
    assert 'href="/avis-d-impot/lou-sans-compte/"' in text(
        Client().get("/personas/lou-sans-compte")
    )
    assert Client().get("/avis-d-impot/personne/").status_code == 404
