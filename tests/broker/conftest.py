from collections.abc import Iterator

import pytest

from apps.identity_providers import circuit, metadata
from tests.builders import a_service_provider, an_identity_provider
from tests.driver import Browser
from tests.programmable_idp import ProgrammableIdp


@pytest.fixture
def idp() -> Iterator[ProgrammableIdp]:
    metadata.forget()
    circuit.forget()
    provider = ProgrammableIdp()
    yield provider
    provider.stop()


@pytest.fixture
def browser(db: None, idp: ProgrammableIdp) -> Browser:
    """A browser before a service and one identity provider that work."""
    a_service_provider()
    an_identity_provider(idp)
    return Browser(idp)
