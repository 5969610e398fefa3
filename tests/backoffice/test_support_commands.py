"""Support's commands: the look-up in the civil register, and the closing of an account."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.backoffice import civil_identity
from tests.programmable_register import ProgrammableRegister, a_record, an_answer

pytestmark = pytest.mark.django_db

ANGELE = {
    "given_name": "Angèle Claire",
    "family_name": "ORDINAIRE",
    "birthdate": "1985-03-12",
    "gender": "female",
    "birthplace": "75056",
    "birthcountry": "99100",
}


def an_account(**changes: Any) -> Account:
    person = civil_identity.parse(ANGELE)
    return Account.objects.create(identity_hash=civil_identity.hash_of(person), **changes)


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().replace("\u202f", " ")


@pytest.fixture
def look_up(tmp_path: Path) -> Callable[..., str]:
    def called(ticket: str = "SUP-42", **changes: str) -> str:
        file = tmp_path / "identity.json"
        file.write_text(json.dumps({**ANGELE, **changes}))
        return run("look_up_civil_register", f"--identity={file}", f"--ticket={ticket}")

    return called


def close(*arguments: str) -> str:
    return run("close_account", "--ticket=SUP-42", *arguments)


def test_a_person_found_is_shown_with_the_ticket_and_the_code(
    register: ProgrammableRegister, look_up: Callable[..., str]
) -> None:
    lines = look_up().splitlines()
    assert lines[0] == "Dossier : SUP-42"
    assert lines[1] == "Réponse du registre : 2 – trouvée, identité identique"
    assert "Nom de naissance : ORDINAIRE" in lines
    assert "Commune de naissance : 75056 – Paris" in lines
    assert lines[-1] == "Compte FranceConnect : inconnu"
    assert "Décédé" not in "\n".join(lines)


@pytest.mark.parametrize("code", ["4", "6", "8", "9"])
def test_a_person_not_found_is_a_code_and_no_failure(
    register: ProgrammableRegister, code: str, look_up: Callable[..., str]
) -> None:
    register.body = an_answer(code)
    assert f"Réponse du registre : {code} – " in look_up()


@pytest.mark.parametrize(
    ("birthdate", "place", "country", "told"),
    [
        ("1960-05-02", "14472", "", ["14472 – Notre-Dame-de-Fresnay", "absent"]),
        ("2015-05-02", "14472", "", ["14472 – L’Oudon", "absent"]),
        ("1960-00-00", "14472", "", ["14472 – Notre-Dame-de-Fresnay ou L’Oudon", "absent"]),
        ("1985-03-12", "", "99109", ["absent", "99109 – Allemagne"]),
        ("1985-03-12", "00000", "99999", ["00000", "99999"]),
    ],
)
def test_the_places_of_a_record_are_told_by_the_name_that_they_had(
    register: ProgrammableRegister,
    look_up: Callable[..., str],
    birthdate: str,
    place: str,
    country: str,
    told: list[str],
) -> None:
    register.body = an_answer("2", a_record(birthdate=birthdate, place=place, country=country))
    lines = look_up().splitlines()
    assert f"Commune de naissance : {told[0]}" in lines
    assert f"Pays de naissance : {told[1]}" in lines


def test_an_unusable_record_is_shown_with_its_code(
    register: ProgrammableRegister, look_up: Callable[..., str]
) -> None:
    register.body = an_answer("2", a_record(family_name="", birthdate="1985-13-45"))
    shown = look_up()
    assert "Réponse du registre : 2" in shown
    assert "Nom de naissance : absent" in shown
    assert "Date de naissance : 1985-13-45" in shown


@pytest.mark.parametrize(("sex", "word"), [("F", "Décédée"), ("M", "Décédé")])
def test_the_deceased_are_said_to_be_in_their_gender(
    register: ProgrammableRegister, sex: str, word: str, look_up: Callable[..., str]
) -> None:
    register.body = an_answer("2", a_record(sex=sex, deceased="oui"))
    assert word in look_up().splitlines()


def test_the_account_is_known_by_the_rectified_identity(
    register: ProgrammableRegister, look_up: Callable[..., str]
) -> None:
    account = an_account(last_sign_in=datetime(2026, 11, 26, 1, 5, tzinfo=UTC))
    register.body = an_answer("3", a_record())
    shown = look_up(family_name="ORDINAIR").splitlines()[-1]
    assert shown == (
        f"Compte FranceConnect : actif, {account.pk}, dernière connexion : 26/11/2026 02 h 05"
    )


def test_a_register_that_does_not_answer_is_said_to(
    register: ProgrammableRegister, look_up: Callable[..., str]
) -> None:
    register.stop()
    with pytest.raises(CommandError, match="n’a pas répondu"):
        look_up()
    assert Entry.objects.count() == 1


def test_a_platform_without_a_register_says_so(look_up: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="CIVIL_REGISTER_URL"):
        look_up()
    assert not Entry.objects.exists()


def test_a_look_up_is_journalled_by_its_ticket_alone(
    register: ProgrammableRegister, look_up: Callable[..., str]
) -> None:
    look_up()
    line = Entry.objects.get()
    assert (line.event, line.actor) == (
        "CIVIL_REGISTER_CONSULTED",
        "manage.py:look_up_civil_register",
    )
    assert line.facts == {"ticket": "SUP-42"}


@pytest.mark.parametrize("ticket", ["", "Angèle", "a@example.org", "12 34"])
def test_a_ticket_is_a_number_and_nothing_is_asked_without_one(
    register: ProgrammableRegister, ticket: str, look_up: Callable[..., str]
) -> None:
    with pytest.raises(CommandError, match="numéro"):
        look_up(ticket=ticket)
    assert not register.asked


def test_a_malformed_identity_is_refused_without_being_repeated(
    register: ProgrammableRegister, look_up: Callable[..., str]
) -> None:
    with pytest.raises(CommandError) as refusal:
        look_up(birthplace="PARIS")
    assert "birthplace (ce n’est pas le code COG d’une commune" in str(refusal.value)
    assert "PARIS" not in str(refusal.value)
    assert not register.asked


def test_the_identity_is_read_on_the_standard_input_and_never_in_the_arguments(
    register: ProgrammableRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.dumps(ANGELE).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert "ORDINAIRE" in run("look_up_civil_register", "--identity=-", "--ticket=SUP-42")
    with pytest.raises(TypeError, match="family_name"):
        call_command("look_up_civil_register", identity="-", ticket="1", family_name="ORDINAIRE")


def test_an_account_is_closed_and_reopened(tmp_path: Path) -> None:
    account = an_account()
    assert close(f"--account={account.pk}") == f"Compte {account.pk} fermé, dossier SUP-42.\n"
    account.refresh_from_db()
    assert not account.active
    assert "rouvert" in close(f"--account={account.pk}", "--reopen")
    account.refresh_from_db()
    assert account.active
    lines = [(line.event, line.account, line.facts) for line in Entry.objects.order_by("id")]
    assert lines == [
        ("ACCOUNT_CLOSED", account.pk, {"ticket": "SUP-42"}),
        ("ACCOUNT_REOPENED", account.pk, {"ticket": "SUP-42"}),
    ]


def test_closing_twice_is_journalled_once() -> None:
    account = an_account()
    close(f"--account={account.pk}")
    assert "déjà fermé" in close(f"--account={account.pk}")
    assert Entry.objects.count() == 1


def test_an_account_is_found_by_identity_on_the_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = an_account()
    content = json.dumps({**ANGELE, "family_name": "Ordinaire"}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    said = close("--identity=-")
    account.refresh_from_db()
    assert not account.active
    assert "ordinaire" not in said.lower()


def test_a_person_who_never_came_can_be_closed_beforehand(tmp_path: Path) -> None:
    file = tmp_path / "bob.json"
    file.write_text(json.dumps(ANGELE))
    close(f"--identity={file}")
    account = Account.objects.get()
    assert (account.active, account.last_sign_in) == (False, None)


def test_nothing_is_closed_without_a_person_or_a_ticket(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Aucun compte"):
        close(f"--account={uuid4()}")
    with pytest.raises(CommandError, match="ticket"):
        run("close_account", f"--account={uuid4()}")
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(CommandError, match="objet JSON"):
        close(f"--identity={tmp_path / 'x.json'}")
    assert not Entry.objects.exists()
