"""What is written stays: in Python for our own mistakes, in PostgreSQL for everybody else's."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit import events, journal
from apps.audit.models import AppendOnly, Entry
from tests.audit import truncation

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Entry:
    journal.append(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp="mairie")
    return Entry.objects.get()


def test_a_line_is_not_saved_again(line: Entry) -> None:
    line.sp = "another"

    with pytest.raises(AppendOnly):
        line.save()


def test_a_line_is_not_created_beside_the_journal() -> None:
    with pytest.raises(AppendOnly):
        Entry.objects.create(event="FC_VERIFIED", step="5.0.0")


def test_a_line_is_not_deleted(line: Entry) -> None:
    with pytest.raises(AppendOnly):
        line.delete()


def test_lines_are_not_changed_nor_deleted_together(line: Entry) -> None:
    with pytest.raises(AppendOnly):
        Entry.objects.update(sp="another")
    with pytest.raises(AppendOnly):
        Entry.objects.bulk_update([line], ["sp"])
    with pytest.raises(AppendOnly):
        Entry.objects.all().delete()
    with pytest.raises(AppendOnly):
        Entry.objects.bulk_create([line])


def partition_of(line: Entry) -> str:
    return f"audit_entry_{line.at:%Y_%m}"


@pytest.mark.parametrize("statement", ["UPDATE {table} SET sp = 'another'", "DELETE FROM {table}"])
@pytest.mark.parametrize("is_direct", [False, True], ids=["by the parent", "by the partition"])
def test_postgresql_refuses_to_change_a_line(line: Entry, statement: str, is_direct: bool) -> None:
    table = partition_of(line) if is_direct else "audit_entry"

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))

    line.refresh_from_db()
    assert line.sp == "mairie"


@pytest.mark.parametrize("table", ["audit_entry", "audit_entry_default", "{partition}"])
def test_postgresql_refuses_to_truncate_the_journal(line: Entry, table: str) -> None:
    truncation.refuse()

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table.format(partition=partition_of(line))}")

    assert Entry.objects.count() == 1


def test_the_journal_points_at_no_other_table() -> None:
    assert not [field for field in Entry._meta.get_fields() if field.is_relation]
