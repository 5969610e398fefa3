"""« Connexion d’essai »: an agent's browser, the broker, a real provider; no citizen, no service."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker import purge
from apps.broker.models import Grant, SignIn, SsoSession
from apps.identity_providers import circuit
from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.models import IdentityProvider, Trial
from apps.identity_providers.trial.report import Line, Report, Stage
from apps.notifications.models import Message
from apps.protocol.acr import Acr
from apps.wire.circuit import THRESHOLD
from tests.broker.a_trial import begin, report_of
from tests.driver import Browser, query_of
from tests.programmable_idp import ANGELE, CLIENT_ID, Canned

pytestmark = pytest.mark.django_db

RETURN = "/api/v2/oidc-callback"


def play(
    agent: Browser, provider: IdentityProvider, level: Acr = Acr.EIDAS1, **back: Any
) -> Report:
    """Play a whole trial and return its report."""
    trial, link = begin(provider, level)
    departure = agent.client.get(link)
    assert departure.status_code == 303
    response = agent.come_back(departure, **back)
    assert response.status_code == 200
    return report_of(trial)


def line_of(report: Report, name: str) -> Line:
    return next(line for line in report.claims if line.name == name)


def check_nothing_else_was_made() -> None:
    for model in (Account, SignIn, Grant, SsoSession, Message):
        assert not model.objects.exists(), model


# --- A provider without fault ------------------------------------------------------------------------


def test_an_inactive_provider_is_tried_from_end_to_end(
    agent: Browser, provider: IdentityProvider
) -> None:
    trial, link = begin(provider, Acr.EIDAS1)
    departure = agent.client.get(link)
    asked = query_of(departure["Location"])
    assert departure["Location"].startswith(f"{agent.idp.issuer}/authorize?")
    assert asked["acr_values"] == "eidas1"
    assert asked["redirect_uri"].endswith(RETURN)
    back = agent.come_back(departure)
    trial.refresh_from_db()
    assert back["Refresh"] == f"0; url={trial.report_url}"
    assert f'href="{trial.report_url}"' in back.content.decode()
    assert trial.report_url.endswith(f"/{trial.pk}/")
    report = report_of(trial)
    assert report.verdict is Severity.CONFORM, report.to_mend
    assert [step.stage for step in report.steps] == list(Stage)
    assert all(step.milliseconds is not None for step in report.steps[2:])
    assert report.id_token == "signé en ES256, non chiffré"
    assert report.userinfo == "JSON non signé, non chiffré"
    assert {line.severity for line in report.claims} == {Severity.CONFORM}
    check_nothing_else_was_made()


def test_the_report_describes_forms(agent: Browser, provider: IdentityProvider) -> None:
    report = play(agent, provider)
    assert {line.name: line.form for line in report.claims} == {
        "given_name": "2 mots, capitales et minuscules avec accents, séparateur\u202f: espace",
        "family_name": "1 mot, capitales sans accents",
        "birthdate": "AAAA-MM-JJ",
        "gender": "l’une des trois valeurs admises",
        "birthplace": "code COG d’une commune, qui existait à cette date",
        "birthcountry": "code COG d’un pays",
        "email": "adresse électronique, domaine complet",
        "preferred_username": "absent, facultatif",
        "sub": "22 caractères ASCII",
    }


def test_the_level_asked_is_the_agents_and_the_one_returned_is_judged(
    agent: Browser, provider: IdentityProvider
) -> None:
    report = play(agent, provider, Acr.EIDAS2)
    assert agent.idp.asked[-1]["acr_values"] == "eidas2"
    assert report.level
    assert report.level.severity is Severity.BLOCKING
    assert report.level.form == (
        "demandé\u202f: eidas2\u202f; rendu\u202f: eidas1\u202f; habilité\u202f: eidas1, eidas2"
    )
    agent.idp.acr = "eidas2"
    assert play(agent, provider, Acr.EIDAS2).verdict is Severity.CONFORM


def test_the_end_is_journalled_without_a_sign_in(
    agent: Browser, provider: IdentityProvider
) -> None:
    play(agent, provider)
    line = Entry.objects.get()
    assert (line.event, line.actor, line.idp, line.code) == (
        "IDENTITY_PROVIDER_TRIED", "denis", "impots", "",
    )  # fmt: skip
    assert line.facts == {"idp_label": provider.title, "outcome": "conform"}
    assert line.sign_in is None


# --- What is wrong with an identity -----------------------------------------------------------------

BLOCKING = [
    ("given_name", None), ("given_name", ["Angèle"]), ("family_name", "--"),
    ("birthdate", "12/03/1985"), ("birthdate", "1985-00-12"), ("birthdate", "2985-03-12"),
    ("gender", "F"), ("birthplace", "Paris"), ("birthplace", None), ("birthcountry", "FR"),
    ("email", None), ("email", "angele@localhost"), ("preferred_username", 7),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BLOCKING)
def test_a_claim_that_a_sign_in_would_refuse_is_blocking(
    name: str, value: Any, agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.person[name] = value
    report = play(agent, provider)
    faulty = {line.name for line in report.claims if line.severity is Severity.BLOCKING}
    assert faulty == {name}
    assert line_of(report, name).advice
    assert report.verdict is Severity.BLOCKING
    assert report.stop is None


def test_every_fault_is_told_at_once(agent: Browser, provider: IdentityProvider) -> None:
    agent.idp.person |= {"gender": "F", "email": None, "birthdate": "?"}
    report = play(agent, provider)
    assert [line.name for line in report.to_mend] == ["birthdate", "gender", "email"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"given_name": "Angèle, Claire"}, "given_name"),
        ({"family_name": "ORDINAIRE "}, "family_name"),
        ({"birthplace": "75999"}, "birthplace"),
        ({"birthplace": "2A004", "birthdate": "1950-01-01"}, "birthplace"),
        ({"birthcountry": "99999", "birthplace": ""}, "birthcountry"),
        ({"birthcountry": "99352", "birthplace": "Oran"}, "birthplace"),
    ],
)
def test_what_the_rules_let_through_and_is_odd_is_to_be_looked_at(
    changes: dict[str, Any], name: str, agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.person |= changes
    report = play(agent, provider)
    assert [line.name for line in report.to_mend] == [name]
    assert report.verdict is Severity.WARNING


def test_a_birth_abroad_and_a_presumed_date_are_conform(
    agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.person |= {"birthcountry": "99352", "birthplace": "", "birthdate": "1985-00-00"}
    report = play(agent, provider)
    assert report.verdict is Severity.CONFORM
    assert line_of(report, "birthplace").form == "vide\u202f: naissance hors de France"
    assert line_of(report, "birthdate").form.startswith("AAAA-00-00")


def test_a_birthplace_is_not_judged_when_nobody_knows_the_country(
    agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.person["birthcountry"] = None
    report = play(agent, provider)
    assert line_of(report, "birthplace").severity is Severity.UNCHECKED


def test_claims_that_are_dropped_are_named_when_their_name_is_of_the_standards(
    agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.person |= {
        "nir": "x",
        "address": {"locality": "Ici"},
        "ne_le_12_03_1985": 1,
        "a b": 2,
    }
    report = play(agent, provider)
    assert report.unknown_names == ("address", "nir")
    assert report.unnamed == 2
    assert report.verdict is Severity.CONFORM


# --- Trials that stop -------------------------------------------------------------------------------


def stop_of(report: Report) -> tuple[Stage, str, str]:
    assert report.stop
    assert report.verdict is Severity.BLOCKING
    return report.stop.stage, report.stop.code, report.stop.detail


def test_a_provider_that_publishes_nothing_stops_the_trial_before_it_leaves(
    agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.canned["/.well-known/openid-configuration"] = Canned(status=500)
    trial, link = begin(provider)
    response = agent.client.get(link)
    report = report_of(trial)
    assert response["Location"] == trial.report_url
    assert stop_of(report) == (Stage.DEPARTURE, "Y029002", "HTTP status 500")
    assert report.not_reached == tuple(Stage)[1:]
    assert Entry.objects.get().code == "Y029002"


def test_a_provider_that_declines_is_told_without_its_words(
    agent: Browser, provider: IdentityProvider
) -> None:
    told = {"code": None, "error": "access_denied", "error_description": "Angèle a renoncé"}
    report = play(agent, provider, **told)
    assert stop_of(report) == (Stage.RETURN, "", "")
    assert report.stop
    assert "access_denied" in report.stop.text
    assert "Angèle" not in str(report)


@pytest.mark.parametrize(
    ("unkind", "expected"),
    [
        ({"canned": {"/token": Canned(status=400)}}, (Stage.CODE, "Y020026", "HTTP status 400")),
        ({"alter_token_response": lambda a: {**a, "token_type": "mac"}}, (Stage.CODE, "Y020030", "token_type")),
        ({"alter_id_token": lambda c: {**c, "aud": "other"}}, (Stage.ID_TOKEN, "Y029013", "")),
        ({"alter_id_token": lambda c: {**c, "at_hash": "x"}}, (Stage.ID_TOKEN, "Y029017", "")),
        ({"canned": {"/userinfo": Canned(status=403)}}, (Stage.USERINFO, "Y020027", "HTTP status 403")),
        ({"alter_userinfo": lambda c: {**c, "sub": "other"}}, (Stage.USERINFO, "Y020029", "")),
    ],
    ids=["code", "token type", "audience", "at_hash", "userinfo", "subject"],
)  # fmt: skip
def test_the_step_where_a_trial_stops_is_told_with_its_error(
    unkind: dict[str, Any],
    expected: tuple[Stage, str, str],
    agent: Browser,
    provider: IdentityProvider,
) -> None:
    for name, value in unkind.items():
        setattr(agent.idp, name, value)
    report = play(agent, provider)
    assert stop_of(report) == expected
    reached = [step.stage for step in report.steps]
    assert reached == list(Stage)[: list(Stage).index(expected[0])]
    assert report.claims == ()
    line = Entry.objects.get(event="IDENTITY_PROVIDER_TRIED")
    assert (line.code, line.facts["outcome"]) == (expected[1], "blocking")
    check_nothing_else_was_made()


def test_the_level_is_told_even_if_userinfo_fails(
    agent: Browser, provider: IdentityProvider
) -> None:
    agent.idp.canned["/userinfo"] = Canned(status=500)
    assert play(agent, provider).level


def test_an_open_circuit_stops_a_trial_as_it_stops_citizens(
    agent: Browser, provider: IdentityProvider
) -> None:
    trial, link = begin(provider)
    departure = agent.client.get(link)
    for _ in range(THRESHOLD):
        with circuit.of(provider).passage() as passage:
            passage.fail()
    agent.come_back(departure)
    stage, code, detail = stop_of(report_of(trial))
    assert (stage, code, detail) == (Stage.RETURN, "Y029002", "the circuit is open")
    assert "/token" not in agent.idp.calls


# --- The end of trials ------------------------------------------------------------------------------


def test_a_trial_is_forgotten_after_thirty_days(agent: Browser, provider: IdentityProvider) -> None:
    play(agent, provider)
    old, _ = begin(provider)
    Trial.objects.filter(pk=old.pk).update(created_at=datetime.now(UTC) - timedelta(days=31))
    purge.run()
    assert list(Trial.objects.values_list("verdict", flat=True)) == ["conform"]


def test_a_trial_goes_with_its_provider(agent: Browser, provider: IdentityProvider) -> None:
    play(agent, provider)
    provider.delete()
    assert not Trial.objects.exists()


def test_the_row_tells_the_configuration_that_was_tried(provider: IdentityProvider) -> None:
    trial, _ = begin(provider)
    assert (trial.issuer, trial.client_id) == (provider.issuer, CLIENT_ID)


def test_no_value_of_the_person_is_in_the_row(agent: Browser, provider: IdentityProvider) -> None:
    agent.idp.person |= {"preferred_username": "QUOTIDIEN", "zodiac": "Poissons"}
    play(agent, provider)
    kept = str(Trial.objects.values().get()) + str(list(Entry.objects.values()))
    for value in (*ANGELE.values(), "QUOTIDIEN", "Poissons", "Angèle", "Claire"):
        assert value not in kept
