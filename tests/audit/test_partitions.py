"""A table a month, made ahead, and a place for every line whatever its month."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.audit import events, journal, partitions, tasks
from apps.audit.models import Entry

pytestmark = pytest.mark.django_db

FAR = date(2071, 11, 23)


def tables_of_the_lines() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM audit_entry ORDER BY id")
        return [table for (table,) in cursor.fetchall()]


def append_at(moment: datetime) -> None:
    _, *others = journal.build(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp="mairie")
    journal.append_many([journal.Line((moment, *others))])


def test_a_line_of_today_lies_in_the_partition_of_its_month() -> None:
    journal.append(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp="mairie")

    assert tables_of_the_lines() == [f"audit_entry_{Entry.objects.get().at:%Y_%m}"]


def test_the_migrations_made_the_first_months() -> None:
    outcomes = [made.outcome for made in partitions.create(today=datetime.now(UTC).date())]

    assert outcomes == ["present"] * 4


def test_months_are_made_ahead_across_the_end_of_a_year() -> None:
    made = partitions.create(today=FAR, months_ahead=2)

    assert [partition.name for partition in made] == [
        "audit_entry_2071_11",
        "audit_entry_2071_12",
        "audit_entry_2072_01",
    ]
    assert {partition.outcome for partition in made} == {"created"}


@pytest.mark.parametrize(
    ("moment", "table"),
    [
        (datetime(2071, 11, 1, 0, 0, tzinfo=UTC), "audit_entry_2071_11"),
        (datetime(2071, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC), "audit_entry_2071_11"),
        (datetime(2071, 12, 1, 0, 0, tzinfo=UTC), "audit_entry_2071_12"),
        (datetime(2072, 1, 1, 0, 0, tzinfo=UTC), "audit_entry_default"),
    ],
)
def test_a_month_is_a_month_of_utc(moment: datetime, table: str) -> None:
    partitions.create(today=FAR, months_ahead=1)

    append_at(moment)

    assert tables_of_the_lines() == [table]


def test_a_month_that_began_without_its_table_stays_in_the_default_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    append_at(datetime(2071, 11, 23, tzinfo=UTC))

    made = partitions.create(today=FAR, months_ahead=1)

    assert [partition.outcome for partition in made] == ["blocked", "created"]
    assert tables_of_the_lines() == ["audit_entry_default"]
    assert "audit_entry_2071_11" in caplog.text


def test_a_new_partition_refuses_changes_as_the_others() -> None:
    partitions.create(today=FAR, months_ahead=0)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry_2071_11'::regclass"
        )
        triggers = {name for (name,) in cursor.fetchall()}

    assert triggers == {"audit_entry_append_only", "audit_entry_no_truncate"}


def test_the_command_says_what_it_made() -> None:
    said = StringIO()

    call_command("create_journal_partitions", "--months", "4", stdout=said)

    lines = said.getvalue().replace("\u202f", " ").splitlines()
    assert len(lines) == 5
    assert lines[0] == f"audit_entry_{datetime.now(UTC):%Y_%m} : déjà présente"
    assert lines[-1].endswith(" : créée")


@pytest.mark.parametrize("months", ["-1", "121", "99999"])
def test_the_command_makes_no_absurd_number_of_months(months: str) -> None:
    with pytest.raises(CommandError, match="de 0 à 120"):
        call_command("create_journal_partitions", f"--months={months}")


def test_the_worker_makes_the_months_that_come() -> None:
    tasks.create_partitions()

    journal.append(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp="mairie")
    append_at(datetime.now(UTC) + timedelta(days=60))
    assert "audit_entry_default" not in tables_of_the_lines()


def test_the_table_written_by_hand_is_the_one_that_django_believes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute"
            " WHERE attrelid = 'audit_entry'::regclass AND attnum > 0 ORDER BY attnum"
        )
        columns = cursor.fetchall()

    believed = [
        (field.column, _sql_type(str(field.db_type(connection))), field.null)
        for field in Entry._meta.concrete_fields
    ]
    assert columns == believed


def _sql_type(type_of_django: str) -> str:
    return type_of_django.replace("varchar", "character varying")


def test_the_indexes_written_by_hand_are_those_of_the_model() -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "audit_entry")

    for index in Entry._meta.indexes:
        assert constraints[index.name]["columns"] == index.fields
