"""`manage.py prove_privacy`: what it says, and its sentences when something is missing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.backoffice.management.commands import prove_privacy
from apps.notifications import kinds, outbox
from apps.statements import writing
from tests.notifications.builders import WORDS
from tests.privacy.canary import PERSON

NOBODY_LISTENS = "http://127.0.0.1:9"


def spaced(text: str) -> str:
    return text.replace("\u202f", " ")


def prove(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prove_privacy", *arguments, stdout=out)
    return spaced(out.getvalue())


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as raised:
        prove(*arguments)
    return spaced(str(raised.value))


def canary_file(folder: Path, **values: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    persona = {
        "values": {**PERSON, **values},
        "logins": {"impots": {"identifier": "0001999888777", "password": "x"}},
    }
    file = folder / "canaries.json"
    file.write_text(json.dumps({"sandbox_url": NOBODY_LISTENS, "personas": [persona]}))
    return file


@pytest.fixture
def canaries(machine: Path) -> Path:
    return canary_file(machine / "var" / "sandbox")


def test_a_search_alone_says_what_it_searched(canaries: Path, transactional_db: None) -> None:
    said = prove("--no-journey")
    assert "Canaris : 1 persona," in said
    assert "gender n’est pas un canari : deux valeurs pour tout le monde." in said
    for part in (" tables de la base de données, ", "base64", "sha256", "Non fouillé :"):
        assert part in said
    assert "Rien trouvé" in said
    assert "Parcours" not in said


def test_a_leak_ends_in_failure_and_is_not_repeated(
    canaries: Path, machine: Path, transactional_db: None
) -> None:
    log = machine / "var" / "log" / "broker.log"
    log.write_text("\n" + json.dumps({"claims": PERSON}))
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"fuite\(s\)"):
        call_command("prove_privacy", "--no-journey", stdout=out)
    told = out.getvalue()
    assert f"family_name – {log}, ligne 2 – JSON" in told
    kept = {"gender", "birthcountry"}  # words that the report itself may use
    assert not [claim for claim in PERSON.keys() - kept if PERSON[claim] in told]


def test_the_identifier_typed_at_the_provider_is_a_canary(
    canaries: Path, machine: Path, transactional_db: None
) -> None:
    (machine / "var" / "log" / "impots.log").write_text("login 0001999888777 refused")
    assert "1 fuite(s)" in refusal("--no-journey")


def test_other_canaries_are_not_a_leak_where_they_are_read(
    machine: Path, transactional_db: None
) -> None:
    file = canary_file(machine / "tmp")
    assert "Rien trouvé" in prove("--no-journey", f"--canaries={file}")


def test_a_value_too_short_to_prove_anything_is_told(machine: Path, transactional_db: None) -> None:
    file = canary_file(machine / "var" / "sandbox", given_name="Noé")
    said = prove("--no-journey", f"--canaries={file}")
    assert "given_name n’est pas un canari : moins de quatre caractères" in said


def test_a_sandbox_that_does_not_run_is_told_in_a_sentence(
    canaries: Path, transactional_db: None
) -> None:
    said = refusal()
    assert NOBODY_LISTENS in said
    assert "« make sandbox »" in said
    assert "--no-journey" in said


def test_missing_canaries_are_told_in_a_sentence(machine: Path, db: None) -> None:
    assert "lancez d’abord « make sandbox »" in refusal()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sandbox_url": "x", "personas": [{}]}',
    '{"sandbox_url": "x", "personas": [{"values": {}, "logins": {"impots": "x"}}]}'])  # fmt: skip
def test_a_file_that_is_not_one_of_canaries_is_told(content: str, machine: Path, db: None) -> None:
    file = machine / "canaries.json"
    file.write_text(content)
    assert str(file) in refusal(f"--canaries={file}")


def test_messages_that_wait_are_counted(canaries: Path, transactional_db: None) -> None:
    writing.insert(outbox.message(kinds.SIGN_IN_NOTICE, recipient=PERSON["email"], context=WORDS))
    out = io.StringIO()
    prove_privacy.Command(stdout=out).wait_for_mails(0.1)
    assert out.getvalue().startswith("1 courriel(s) encore à envoyer")
