"""The civil register in a sign-in: one test for each answer, and for each way of not answering."""

import json
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.op import document
from apps.civil_register import client
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from apps.service_providers.models import ServiceProvider
from tests.broker.test_statement_budgets import whole_sign_in
from tests.builders import a_service_provider
from tests.driver import Browser, query_of, read_userinfo, redeem
from tests.pages.page import parse_page
from tests.programmable_register import ProgrammableRegister, a_record, an_answer

pytestmark = pytest.mark.django_db

TITLE = "Nous ne pouvons pas vérifier votre identité"


@pytest.fixture
def asking(browser: Browser, register: ProgrammableRegister) -> Browser:
    """A browser before a service, a provider and a register that work."""
    return browser


def comes_back(browser: Browser) -> Any:
    return browser.come_back(browser.choose(browser.ask()["Location"]))


def identity_given(browser: Browser, **asked: Any) -> dict[str, Any]:
    code = query_of(browser.sign_in(**asked))["code"]
    token = redeem(code).json()["access_token"]
    return jose.unverified_claims(read_userinfo(token).content.decode())


def steps() -> list[tuple[str, str]]:
    lines = Entry.objects.filter(step__gte="4", step__lt="6").order_by("id")
    return list(lines.values_list("step", "event"))


def test_a_person_found_signs_in(asking: Browser, register: ProgrammableRegister) -> None:
    assert comes_back(asking)["Location"].endswith("/consent")
    assert steps() == [
        ("4.0.0", "IDP_CALLEDBACK"),
        ("4.1.0", "FC_REQUESTED_IDP_TOKEN"),
        ("4.2.0", "FC_REQUESTED_IDP_USERINFO"),
        ("4.3.0", "FC_REQUESTED_RNIPP"),
        ("4.4.2", "FC_RECEIVED_VALID_RNIPP"),
        ("5.0.0", "FC_VERIFIED"),
    ]
    assert len(register.asked) == 1


REFUSALS = [
    ("4", "Y010004", 403, "FC_RECEIVED_INVALID_RNIPP"),
    ("6", "Y010006", 403, "FC_RECEIVED_INVALID_RNIPP"),
    ("7", "Y010007", 403, "FC_RECEIVED_INVALID_RNIPP"),
    ("8", "Y010008", 403, "FC_RECEIVED_INVALID_RNIPP"),
    ("9", "Y010009", 403, "FC_FAILED_RNIPP"),
    ("42", "Y010013", 400, "FC_RECEIVED_INVALID_RNIPP"),
]


def refused(browser: Browser, code: str, status: int, event: str) -> str:
    """Come back and be refused; return the page, once what must be true of any refusal is."""
    page = comes_back(browser)
    text = page.content.decode()
    assert page.status_code == status, text
    assert TITLE in text
    assert code in text
    assert [name for _, name in steps()][2:] == [
        "FC_REQUESTED_IDP_USERINFO",
        "FC_REQUESTED_RNIPP",
        event,
    ]
    assert Entry.objects.order_by("id").last().code == code  # type: ignore[union-attr]
    assert not Account.objects.exists()
    assert "ORDINAIRE" not in str(list(Entry.objects.values()))
    return text


@pytest.mark.parametrize(("answer", "code", "status", "event"), REFUSALS)
def test_each_answer_has_its_page_and_its_event(
    asking: Browser, register: ProgrammableRegister, answer: str, code: str, status: int, event: str
) -> None:
    register.body = an_answer(answer)
    text = refused(asking, code, status, event)
    assert "Choisir un autre compte" in text
    assert "Revenir sur" in text


def test_the_deceased_are_refused_without_another_account(
    asking: Browser, register: ProgrammableRegister
) -> None:
    register.body = an_answer("2", a_record(deceased="oui"))
    text = refused(asking, "Y010015", 403, "FC_RECEIVED_DECEASED_RNIPP")
    assert "Choisir un autre compte" not in text
    assert "décéd" not in text.split("Pour les développeurs")[0]


def test_a_record_without_a_name_is_unusable(
    asking: Browser, register: ProgrammableRegister
) -> None:
    register.body = an_answer("2", a_record(family_name=""))
    refused(asking, "Y010013", 400, "FC_RECEIVED_INVALID_RNIPP")


def test_a_register_that_is_too_slow(
    asking: Browser, register: ProgrammableRegister, settings: Any
) -> None:
    settings.CIVIL_REGISTER_TIMEOUT = 0.3
    register.delay = 0.8
    assert "Réessayez" in refused(asking, "Y010011", 504, "FC_FAILED_RNIPP")


def test_a_register_that_cuts(asking: Browser, register: ProgrammableRegister) -> None:
    register.hangs_up = True
    refused(asking, "Y010011", 504, "FC_FAILED_RNIPP")


def test_a_register_that_is_down(asking: Browser, register: ProgrammableRegister) -> None:
    register.stop()
    assert "Réessayez" in refused(asking, "Y010012", 504, "FC_FAILED_RNIPP")


@pytest.mark.parametrize("changes", [{"status": 503}, {"body": b"<html>"}])
def test_a_register_in_error_is_unavailable(
    asking: Browser, register: ProgrammableRegister, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(register, name, value)
    refused(asking, "Y010012", 504, "FC_FAILED_RNIPP")


def test_a_malformed_identity_is_not_asked_about(
    asking: Browser, register: ProgrammableRegister
) -> None:
    asking.idp.person["birthdate"] = "1985-00-12"
    assert "Y600006" in comes_back(asking).content.decode()
    assert not register.asked
    assert [event for _, event in steps()][-1] == "FC_REQUESTED_IDP_USERINFO"


def test_a_minor_is_not_asked_about(asking: Browser, register: ProgrammableRegister) -> None:
    asking.idp.person["birthdate"] = "2020-01-01"
    assert "Y109001" in comes_back(asking).content.decode()
    assert not register.asked


def test_a_minor_whom_the_register_alone_knows_is_refused(
    asking: Browser, register: ProgrammableRegister
) -> None:
    register.body = an_answer("3", a_record(birthdate="2020-01-01"))
    assert "Y109001" in comes_back(asking).content.decode()
    assert not Account.objects.exists()


RECTIFIED = an_answer("3", a_record(family_name="ORDINAIRE-DUPONT", birthdate="1985-03"))
SCOPE = "openid identite_pivot email idp_birthdate"


def test_a_service_receives_the_rectified_identity(
    asking: Browser, register: ProgrammableRegister
) -> None:
    register.body = RECTIFIED
    page_url = asking.to_information()
    assert "ORDINAIRE-DUPONT" in asking.client.get(page_url).content.decode()
    given = identity_given(asking)
    assert given["family_name"] == "ORDINAIRE-DUPONT"
    assert given["birthdate"] == "1985-03-00"


def test_the_profile_may_give_the_provider_s_identity(
    asking: Browser, register: ProgrammableRegister, settings: Any
) -> None:
    register.body = RECTIFIED
    rectified = identity_given(asking)
    settings.IDENTITY_SOURCE = "provider"
    own = identity_given(Browser(asking.idp))
    assert (own["family_name"], own["birthdate"]) == ("ORDINAIRE", "1985-03-12")
    assert own["sub"] == rectified["sub"]
    assert Account.objects.count() == 1


def test_the_profile_may_give_the_register_s_word_beside_the_provider_s(
    asking: Browser, register: ProgrammableRegister, settings: Any
) -> None:
    settings.IDENTITY_SOURCE = "provider"
    ServiceProvider.objects.update(scopes=["openid", "rnipp_identite_pivot"])
    register.body = RECTIFIED
    given = identity_given(asking, scope="openid rnipp_identite_pivot")
    assert (given["family_name"], given["rnipp_family_name"]) == ("ORDINAIRE", "ORDINAIRE-DUPONT")
    assert (given["birthdate"], given["rnipp_birthdate"]) == ("1985-03-12", "1985-03-00")
    assert given["rnipp_given_name_array"] == ["Angèle", "Claire"]
    assert not {"email", "given_name_array"} & given.keys()


def test_the_citizen_reads_both_words_before_they_are_given(
    asking: Browser, register: ProgrammableRegister, settings: Any
) -> None:
    settings.IDENTITY_SOURCE = "provider"
    ServiceProvider.objects.update(scopes=["openid", "rnipp_family_name", "rnipp_birthdate"])
    register.body = RECTIFIED
    page_url = asking.to_information(scope="openid rnipp_family_name rnipp_birthdate")
    text = parse_page(asking.client.get(page_url).content.decode()).text()
    for said in (
        "Nom de naissance (état civil)",
        "ORDINAIRE-DUPONT",
        "Date de naissance (état civil)",
    ):
        assert said in text


def test_the_register_s_word_is_given_to_who_asks_for_it_alone(
    asking: Browser, register: ProgrammableRegister, settings: Any
) -> None:
    settings.IDENTITY_SOURCE = "provider"
    given = identity_given(asking)
    assert not [name for name in given if name.startswith("rnipp_")]


def test_nothing_is_said_twice_when_the_register_s_identity_is_the_one_given(
    asking: Browser, register: ProgrammableRegister
) -> None:
    ServiceProvider.objects.update(scopes=["openid", "rnipp_identite_pivot"])
    register.body = RECTIFIED
    given = identity_given(asking, scope="openid rnipp_identite_pivot")
    assert given["family_name"] == "ORDINAIRE-DUPONT"
    assert not [name for name in given if name.startswith("rnipp_")]


@pytest.mark.parametrize(("source", "is_announced"), [("provider", True), ("register", False)])
def test_the_register_s_word_is_announced_where_it_is_given(
    source: str, is_announced: bool, settings: Any
) -> None:
    settings.IDENTITY_SOURCE = source
    published = json.loads(document.configuration.__wrapped__())
    assert ("rnipp_profile" in published["scopes_supported"]) is is_announced
    assert ("rnipp_gender" in published["claims_supported"]) is is_announced


def test_the_provider_s_birth_date_stays_apart(
    asking: Browser, register: ProgrammableRegister
) -> None:
    ServiceProvider.objects.update(scopes=SCOPE.split())
    register.body = RECTIFIED
    given = identity_given(asking, scope=SCOPE)
    assert (given["birthdate"], given["idp_birthdate"]) == ("1985-03-00", "1985-03-12")


def test_the_account_is_the_same_with_and_without_the_register(
    asking: Browser, register: ProgrammableRegister, settings: Any
) -> None:
    asking.idp.person["birthdate"] = "1985-03-00"
    register.body = an_answer("2", a_record(birthdate="1985-03"))
    asking.sign_in()
    settings.CIVIL_REGISTER_URL = ""
    Browser(asking.idp).sign_in()
    assert Account.objects.count() == 1


def test_a_recognised_citizen_is_not_asked_about_again(
    asking: Browser, register: ProgrammableRegister
) -> None:
    register.body = RECTIFIED
    a_service_provider("region", name="Région Exemple")
    asking.sign_in()
    page_url = asking.open(asking.ask(client_id="region"))["Location"]
    assert "ORDINAIRE-DUPONT" in asking.client.get(page_url).content.decode()
    assert len(register.asked) == 1


def test_each_authentication_asks_again(asking: Browser, register: ProgrammableRegister) -> None:
    asking.sign_in()
    register.body = an_answer("2", a_record(deceased="oui"))
    page = Browser(asking.idp)
    assert "Y010015" in comes_back(page).content.decode()


def test_a_provider_that_is_trusted_is_not_checked(
    asking: Browser, register: ProgrammableRegister
) -> None:
    IdentityProvider.objects.update(trusted_identity=True)
    asking.sign_in()
    assert not register.asked
    assert "4.3.0" not in [step for step, _ in steps()]


def test_the_register_costs_no_statement(asking: Browser, register: ProgrammableRegister) -> None:
    whole_sign_in(asking, callback=7)
    whole_sign_in(Browser(asking.idp), callback=4)


def test_the_register_is_asked_outside_of_any_transaction(
    asking: Browser, register: ProgrammableRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(connection.savepoint_ids)
    seen: list[int] = []
    find = client.find

    def watched(person: Any) -> Any:
        seen.append(len(connection.savepoint_ids))
        return find(person)

    monkeypatch.setattr(client, "find", watched)
    asking.sign_in()
    assert seen == [depth]
