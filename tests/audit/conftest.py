import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.audit import truncation


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        truncation.permit()
