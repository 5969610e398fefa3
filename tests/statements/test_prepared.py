"""Prepared statements: values in, rows out, transactions kept, plans found again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.statements.execution import run

pytestmark = pytest.mark.django_db(transaction=True)

ECHO = "SELECT $1::text, $2::bigint, $3::boolean, $4::uuid, $5::timestamptz, $6::bytea, $7::text[]"
ID = UUID("0198c0de-0000-7000-8000-000000000001")


def test_values_come_back_as_they_went() -> None:
    moment = datetime(2026, 7, 14, 12, 0, 0, 123456, tzinfo=UTC)
    for values in (
        ["É' \\ $1 %s", 2**40, True, ID, moment, b"\x00\\'\xff", ["a,b", '"', "", "NULL"]],
        ["", -1, False, ID, moment, b"", []],
        [None, None, None, None, None, None, None],
    ):
        assert run(ECHO, values).rows == [tuple(values)]


def test_a_number_may_grow_from_one_execution_to_the_next() -> None:
    for number in (1, 2**20, 2**40):
        assert run("SELECT $1::bigint + 1", [number]).rows == [(number + 1,)]


def test_the_count_is_of_the_rows_read_or_changed() -> None:
    assert run("SELECT * FROM generate_series(1, $1)", [3]).count == 3


def test_a_statement_is_prepared_once() -> None:
    for _ in range(3):
        run("SELECT 41 + 1 AS prepared_once")
    found = run("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%prepared_once'")
    assert found.rows[0][0] == 1


def test_a_transaction_that_rolls_back_takes_statements_along() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE noted (word text)")
    try:
        with transaction.atomic():
            run("INSERT INTO noted VALUES ($1)", ["first"])
            transaction.set_rollback(True)
        run("INSERT INTO noted VALUES ($1)", ["second"])
        assert run("SELECT word FROM noted").rows == [("second",)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE noted")


def test_a_statement_that_lost_its_plan_is_prepared_anew() -> None:
    assert run("SELECT 1 AS forgotten").rows == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert run("SELECT 1 AS forgotten").rows == [(1,)]


def test_a_table_that_a_migration_changed_is_read_as_it_is_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE altered AS SELECT 1 AS number")
        try:
            assert run("SELECT number FROM altered").rows == [(1,)]
            cursor.execute("ALTER TABLE altered ALTER number TYPE text")
            assert run("SELECT number FROM altered").rows == [("1",)]
        finally:
            cursor.execute("DROP TABLE altered")


def test_an_error_is_django_s_and_leaves_the_connection_usable() -> None:
    with pytest.raises(ProgrammingError):
        run("SELECT nothing FROM nowhere")
    with pytest.raises(DatabaseError):
        run("SELECT 1 / $1::int", [0])
    assert run("SELECT 1").rows == [(1,)]


def test_a_cut_connection_is_said_and_replaced() -> None:
    before = run("SELECT pg_backend_pid()").rows
    connection.ensure_connection()
    with pytest.raises(OperationalError):
        run("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close_if_unusable_or_obsolete()
    assert run("SELECT pg_backend_pid()").rows != before


def test_statements_are_counted_like_any_other() -> None:
    with CaptureQueriesContext(connection) as captured:
        run("SELECT $1::int", [1])
    assert [query["sql"] for query in captured.captured_queries] == ["SELECT $1::int"]
