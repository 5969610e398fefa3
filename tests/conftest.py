"""What every test with a database shares: a real PostgreSQL, started when it is needed."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from franceconnect import standalone


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    with standalone.databases():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: None) -> None:
    """Run before pytest-django creates the test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the flush between tests empty the journal, which refuses TRUNCATE everywhere else."""
    from tests.audit import truncation  # needs Django, which the tests of the law run without

    with django_db_blocker.unblock():
        truncation.permit()
