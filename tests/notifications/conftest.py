from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notifications.relay import Relay


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
