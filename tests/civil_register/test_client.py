"""The register over real HTTP: what travels, what is read, and every way of not answering."""

import time
from contextlib import suppress
from typing import Any

import pytest

from apps.civil_register import client
from apps.civil_register.failures import RegisterError, RegisterSilent
from apps.protocol.civil_register import Record, SearchResult
from apps.protocol.pivot import PivotIdentity
from apps.wire.circuit import THRESHOLD
from tests.programmable_register import ProgrammableRegister, a_record, an_answer

ANGELE = PivotIdentity("Angèle & Cie", "ORDI=NAIRE", "1985-03-12", "female", "75056", "99100")


def test_what_is_asked_travels_whole(register: ProgrammableRegister) -> None:
    client.find(ANGELE)
    assert register.paths == ["/rnipp/Brpp2IdentificationComplet/individus"]
    assert register.asked == [
        {
            "rechercheType": "S",
            "nom": "ORDI=NAIRE",
            "prenoms": "Angèle & Cie",
            "dateNaissance": "19850312",
            "sexe": "F",
            "codeLieuNaissance": "75056",
        }
    ]


def test_the_record_is_read_through_namespaces_and_spaces(register: ProgrammableRegister) -> None:
    register.body = an_answer("3", a_record(country="99100", deceased="oui"))
    assert client.find(ANGELE) == SearchResult(
        "3", Record(("Angèle", "Claire"), "ORDINAIRE", "1985-03-12", "F", "75056", "99100", True)
    )


@pytest.mark.parametrize("code", ["4", "6", "7", "8", "9", "0", ""])
def test_a_code_comes_without_a_record(register: ProgrammableRegister, code: str) -> None:
    register.body = an_answer(code)
    assert client.find(ANGELE) == SearchResult(code, None)


def test_of_two_persons_none_is_chosen(register: ProgrammableRegister) -> None:
    register.body = an_answer("2", a_record(), a_record(given_names="Claire"))
    assert client.find(ANGELE).record is None


def test_what_is_absent_is_empty(register: ProgrammableRegister) -> None:
    register.body = an_answer("2", a_record(family_name="", place="", birthdate=""))
    record = client.find(ANGELE).record
    assert record is not None
    assert (record.family_name, record.place, record.country, record.birthdate) == ("",) * 4


@pytest.mark.parametrize("status", [204, 301, 400, 404, 500, 503])
def test_another_status_is_not_an_answer(register: ProgrammableRegister, status: int) -> None:
    register.status = status
    register.body = b"" if status == 204 else register.body
    with pytest.raises(RegisterError):
        client.find(ANGELE)


def test_a_redirect_is_not_followed(register: ProgrammableRegister) -> None:
    register.status, register.location = 302, f"{register.url}/elsewhere"
    with pytest.raises(RegisterError):
        client.find(ANGELE)
    assert len(register.paths) == 1


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 100 + b'">]><a>&b;&b;</a>'
THIEF = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not XML",
        b"<a>",
        b"<a/>",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        BOMB,
        THIEF,
    ],
)
def test_what_is_not_its_xml_is_illegible(register: ProgrammableRegister, body: bytes) -> None:
    register.body = body
    with pytest.raises(RegisterError) as failure:
        client.find(ANGELE)
    assert not isinstance(failure.value, RegisterSilent)


def test_an_endless_answer_is_given_up(register: ProgrammableRegister) -> None:
    register.body = b" " * (client.MAX_BYTES + 1)
    with pytest.raises(RegisterError, match="too large"):
        client.find(ANGELE)


def test_a_slow_register_costs_the_deadline_once(
    register: ProgrammableRegister, settings: Any
) -> None:
    settings.CIVIL_REGISTER_TIMEOUT = 0.3
    register.delay = 1.0
    started = time.monotonic()
    with pytest.raises(RegisterSilent):
        client.find(ANGELE)
    assert time.monotonic() - started < 0.9
    assert len(register.asked) == 1


def test_a_register_that_drips_costs_the_deadline(
    register: ProgrammableRegister, settings: Any
) -> None:
    settings.CIVIL_REGISTER_TIMEOUT = 0.3
    register.drips = True
    started = time.monotonic()
    with pytest.raises(RegisterSilent):
        client.find(ANGELE)
    assert time.monotonic() - started < 0.9


def test_a_register_that_hangs_up_is_silent_and_not_asked_again(
    register: ProgrammableRegister,
) -> None:
    register.hangs_up = True
    with pytest.raises(RegisterSilent):
        client.find(ANGELE)
    assert len(register.asked) == 1


def test_a_register_that_is_not_there_is_unreachable(settings: Any) -> None:
    client.forget()
    running = ProgrammableRegister()
    running.stop()
    settings.CIVIL_REGISTER_URL = running.url
    with pytest.raises(RegisterError) as failure:
        client.find(ANGELE)
    assert not isinstance(failure.value, RegisterSilent)
    assert "ORDI" not in str(failure.value)


def test_a_register_that_fails_again_and_again_is_not_waited_for(
    register: ProgrammableRegister, settings: Any
) -> None:
    settings.CIVIL_REGISTER_TIMEOUT = 0.2
    register.delay = 1.0
    for _ in range(THRESHOLD):
        with pytest.raises(RegisterSilent):
            client.find(ANGELE)
    started, asked = time.monotonic(), len(register.asked)
    with pytest.raises(RegisterError):
        client.find(ANGELE)
    assert time.monotonic() - started < 0.1
    assert len(register.asked) == asked


def test_a_probe_that_names_nobody_brings_the_register_back(
    register: ProgrammableRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.wire.circuit.FIRST_PAUSE", 0.0)
    client.forget()
    register.status = 503
    for _ in range(THRESHOLD):
        with pytest.raises(RegisterError):
            client.find(ANGELE)
    register.status = 200
    wait_for = time.monotonic() + 5
    while time.monotonic() < wait_for:
        with suppress(RegisterError):
            client.find(ANGELE)
            break
        time.sleep(0.02)
    assert {} in register.asked
    assert register.asked[-1]
