from collections.abc import Iterator

import pytest

from apps.identity_providers import circuit, metadata
from apps.identity_providers.models import IdentityProvider
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


@pytest.fixture
def provider(db: None, idp: ProgrammableIdp) -> IdentityProvider:
    """A provider to try, as it is before citizens see it: neither usable nor shown."""
    return an_identity_provider(
        idp, active=False, display=False, allowed_acr=["eidas1", "eidas2"], amr=["pwd"]
    )


@pytest.fixture
def agent(idp: ProgrammableIdp) -> Browser:
    """The browser of an agent, which no service sent."""
    return Browser(idp)
