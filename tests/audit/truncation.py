"""Django empties the tables between two transactional tests by TRUNCATE, which the journal and the
history of partners refuse.

The test database alone lowers that guard, once; the test of the guard raises it again for itself.
"""

from django.db import connection

TRIGGERS = ["audit_entry_no_truncate", "partner_history_no_truncate"]


def permit() -> None:
    """Let what is append-only be truncated in the database of the tests."""
    _alter_all("DISABLE")


def refuse() -> None:
    """Put the guard back as the migrations left it."""
    _alter_all("ENABLE")


def _alter_all(verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname = ANY(%s)",
            [TRIGGERS],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE ONLY {table} {verb} TRIGGER {trigger}")
