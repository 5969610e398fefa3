"""The search can fail: what is planted is found, and the place and the encoding are named."""

import base64
import hashlib
import json
import logging
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from django.db import connection
from pytest_django import Settings

from apps.backoffice.privacy import encodings, files, places, proof, report
from apps.backoffice.privacy.place import CHUNK, Area, Piece, Place, Unreadable
from apps.backoffice.privacy.proof import Leak, Report
from tests.privacy.canary import PERSON, PERSONA
from tests.privacy.conftest import Search

NAME, EMAIL = PERSON["family_name"], PERSON["email"]


@pytest.fixture
def scratch(transactional_db: None) -> Iterator[None]:
    """A table that no model declares, in a schema of its own, as a careless migration would add."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA archives")
        cursor.execute(
            'CREATE TABLE archives."vieux comptes" (id int, note text, facts jsonb, box bytea)'
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA archives CASCADE")


def plant(column: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO archives."vieux comptes" (id, {column}) VALUES (7, %s)',  # noqa: S608
            [value],
        )


def found_in(report: Report, area: Area) -> list[Leak]:
    return [leak for leak in report.leaks if leak.area is area]


ROWS = {
    "a text": ("note", f"Dossier de {NAME}", "family_name", "UTF-8"),
    "a whole text, of five digits": ("note", PERSON["birthplace"], "birthplace", "UTF-8"),
    "an address in JSON": ("facts", json.dumps({"à": EMAIL}), "email", "UTF-8"),
    "raw bytes": ("box", b"\x00\x01" + EMAIL.encode() + b"\xff", "email", "UTF-8"),
    "the bytes of a digest": (
        "box", hashlib.sha256(EMAIL.encode()).digest(), "email", "sha256, octets",
    ),
    "a token": (
        "note",
        "eyJ." + base64.urlsafe_b64encode(json.dumps({"sub": PERSON["sub"]}).encode()).decode(),
        "sub", "base64, alignement 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_row_that_says_who_is_found(
    row: str, machine: Path, scratch: None, search: Search
) -> None:
    column, value, claim, encoding = ROWS[row]
    plant(column, value)
    (leak, *_) = [f for f in found_in(search(), Area.TABLES) if f.claim == claim]
    assert leak.where == f"archives.vieux comptes, ligne de ctid (0,1), colonne {column}"
    assert leak.encoding == encoding


def test_a_row_that_was_deleted_is_found_in_the_file_of_its_table(
    machine: Path, scratch: None, search: Search
) -> None:
    plant("note", f"Dossier de {NAME}")
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM archives."vieux comptes"')
    found = search()
    assert found_in(found, Area.TABLES) == []
    assert {f.where for f in found_in(found, Area.PAGES)} == {'fichier de archives."vieux comptes"'}


def test_a_task_that_carries_an_address_is_found_in_the_queue(
    machine: Path, transactional_db: None, search: Search
) -> None:
    body = base64.b64encode(json.dumps([[], {"to": EMAIL}, {}]).encode()).decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgmq.send('celery', %s)", [json.dumps({"body": body})])
        found = search()
        cursor.execute("DELETE FROM pgmq.q_celery")
    (leak, *_) = found_in(found, Area.TABLES)
    assert leak.claim == "email"
    assert leak.where.startswith("pgmq.q_celery, ")
    assert leak.where.endswith("colonne message")


@pytest.mark.parametrize("logger", ["structlog", "logging"])
def test_logging_the_claims_is_found_with_the_file_and_the_line(
    logger: str, log: Path, db: None, search: Search
) -> None:
    logging.getLogger("apps.broker").info("an innocent line")
    if logger == "structlog":
        structlog.get_logger().info("claims", **PERSON)
    else:
        logging.getLogger("apps.broker").info(dict(PERSON))
    found = found_in(search(), Area.LOGS)
    assert {f.where for f in found} == {f"{log}, ligne {len(log.read_text().splitlines())}"}
    assert {f.claim for f in found} >= {"family_name", "given_name", "email", "sub", "birthdate"}


def test_a_traceback_on_the_console_is_found(machine: Path, db: None, search: Search) -> None:
    print(f"ValueError: {PERSON['given_name']!r}")
    assert {f.claim for f in found_in(search(), Area.LOGS)} == {"given_name"}


def test_a_recent_temporary_file_is_searched_and_an_old_one_is_not(
    machine: Path, db: None, search: Search
) -> None:
    recent, old = machine / "tmp" / "upload", machine / "tmp" / "old"
    recent.write_bytes(b"\n\n" + NAME.encode("utf-16-le"))
    old.write_text(NAME)
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    (leak,) = found_in(search(), Area.TEMPORARY)
    assert leak.where == f"{recent}, ligne 3"


def test_where_the_personas_are_by_nature_is_not_searched(
    machine: Path, db: None, search: Search
) -> None:
    other = machine / "tmp" / "other-sandbox"
    for folder in (machine / "var" / "sandbox", machine / "var" / "test", other):
        folder.mkdir()
        (folder / "secrets.env").touch()
        (folder / "canaries.json").write_text(json.dumps(PERSON))
    assert not search().leaks
    (other / "secrets.env").unlink()
    assert search().leaks


def test_every_table_of_every_room_is_searched(machine: Path, db: None) -> None:
    survey = places.survey(since=time.time())
    names = {place.name for place in survey.places if place.area is Area.TABLES}
    expected = set(connection.introspection.table_names()) - {"audit_entry"}
    assert {f"public.{table}" for table in expected} <= names
    assert {"pgmq.q_celery", "pgmq.a_celery", "pgmq.meta"} <= names
    assert [name for name in names if name.startswith("public.audit_entry_")]
    files_of = {place.name for place in survey.places if place.area is Area.PAGES}
    assert {"notifications_message", "broker_signin", "pgmq.q_celery"} <= files_of
    logs = {Path(place.name).name for place in survey.places if place.area is Area.LOGS}
    assert "server.log" in logs


def test_an_outside_queue_is_said_not_to_be_searched(
    machine: Path, db: None, settings: Settings
) -> None:
    settings.CELERY_BROKER_URL = "redis://cache.example/1"
    left_out = places.survey(since=time.time()).left_out
    assert any("redis" in reason for reason in left_out)
    assert not any("cache.example" in reason for reason in left_out)


def test_pages_are_left_out_for_who_may_not_read_them(machine: Path, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE passante")
        cursor.execute("SET ROLE passante")
        survey = places.survey(since=time.time())
        found = proof.search([], survey.places)
        cursor.execute("RESET ROLE")
        cursor.execute("DROP ROLE passante")
    assert not [place for place in survey.places if place.area is Area.PAGES]
    assert "superutilisateur" in survey.left_out[0]
    assert "public.broker_signin (ProgrammingError)" in found.unread


def test_a_value_cut_by_the_reading_of_a_long_file_is_found_at_its_line(tmp_path: Path) -> None:
    long = tmp_path / "long.log"
    long.write_bytes(b"x\n" * (CHUNK // 2 - 5) + NAME.encode() + b"\n" + b"y" * CHUNK)
    (place,) = files.of_var_dir(tmp_path)
    found = proof.search(encodings.needles_of([PERSONA]), [place])
    assert {f.where for f in found.leaks} == {f"{long}, ligne {CHUNK // 2 - 4}"}
    assert found.counts[Area.FILES].items == 1


def test_a_place_that_cannot_be_read_is_told() -> None:
    def read() -> Iterator[Piece]:
        raise Unreadable("Permission denied")

    found = proof.search([], [Place(Area.FILES, "secret.txt", read)])
    assert found.unread == ["secret.txt (Permission denied)"]


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone").touch()
    listed = files.of_var_dir(tmp_path)
    (tmp_path / "gone").unlink()
    assert proof.search([], listed).unread == [f"{tmp_path}/gone (No such file or directory)"]


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    (tmp_path / "link").symlink_to("/proc/self/environ")
    assert files.of_var_dir(tmp_path) == []


def test_many_leaks_are_counted_and_few_are_told() -> None:
    def read() -> Iterator[Piece]:
        for number in range(proof.KEPT + 5):
            yield Piece(f"ligne {number}", EMAIL.encode(), "note")

    found = proof.search(encodings.needles([("email", EMAIL)]), [Place(Area.TABLES, "t", read)])
    assert (len(found.leaks), found.found) == (proof.KEPT, proof.KEPT + 5)
    told = list(report.verdict(found))
    assert told[-1].endswith("et 5 autres.")
    assert EMAIL not in " ".join(told)
