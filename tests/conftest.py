"""What tests share: a real PostgreSQL, started when it is needed, and a civil register."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from franceconnect import standalone

if TYPE_CHECKING:
    from tests.programmable_register import ProgrammableRegister


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    with standalone.databases():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: None) -> None:
    """Run before pytest-django creates the test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the flush between tests empty the journal, which refuses TRUNCATE everywhere else.

    At the end, the connections that threads of the tests keep are cut: the database can be dropped.
    """
    from django.conf import settings  # needs Django, which the tests of the law run without
    from django.db import connection

    from tests.audit import truncation

    with django_db_blocker.unblock():
        if settings.SITE != "sandbox":
            truncation.permit()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def register(settings: Any) -> "Iterator[ProgrammableRegister]":
    """Run a civil register that answers as it is told, and ask it."""
    from apps.civil_register import client
    from tests.programmable_register import ProgrammableRegister

    client.forget()
    running = ProgrammableRegister()
    settings.CIVIL_REGISTER_URL = running.url
    yield running
    running.stop()
