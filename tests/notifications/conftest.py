from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from tests.audit import truncation
from tests.notifications.relay import Relay


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        truncation.permit()


@pytest.fixture
def relay(settings: Settings) -> Iterator[Relay]:
    """A relay that runs, and that Django's mail speaks to."""
    relay = Relay()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = relay.host, relay.port
    settings.EMAIL_TIMEOUT = 2
    relay.start()
    yield relay
    relay.stop()
