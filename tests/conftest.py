"""What every test with a database shares: a real PostgreSQL, started when it is needed."""

from collections.abc import Iterator

import pytest

from franceconnect import standalone


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    with standalone.databases():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: None) -> None:
    """Run before pytest-django creates the test database."""
