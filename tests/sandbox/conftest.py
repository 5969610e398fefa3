"""The sandbox under its own settings: `pytest tests/sandbox --ds=franceconnect.settings.sandbox`.

Under the settings of another site there is no sandbox, so nothing is collected here.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import pytest_django
from django.conf import settings as django_settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

if django_settings.SETTINGS_MODULE != "franceconnect.settings.sandbox":
    collect_ignore_glob = ["test_*.py"]
else:
    from apps.sandbox import partners, private_files
    from apps.sandbox.identity_provider import registration
    from apps.sandbox.identity_provider.catalogue import SITES, IdentityProviderSite
    from apps.sandbox.personas import accounts
    from tests.notifications.relay import Relay
    from tests.sandbox import enrolling
    from tests.sandbox.pretend_broker import PretendBroker


@pytest.fixture(scope="session")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A VAR_DIR with keys and secrets, made once: RSA keys are slow to generate."""
    folder = tmp_path_factory.mktemp("var")
    kept, django_settings.VAR_DIR = django_settings.VAR_DIR, folder
    registration.keys.cache_clear()
    for site in SITES.values():
        registration.ensure_keys(site)
    private_files.ensure_client_secrets(partners.client_ids())
    yield folder
    django_settings.VAR_DIR = kept
    registration.keys.cache_clear()


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    """Whether the broker answers is remembered for some seconds: not from one test to the next."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """The personas are there before any test: hashing their passwords takes a while."""
    with django_db_blocker.unblock():
        accounts.load()


@pytest.fixture
def seeded(var_dir: Path, db: None) -> None:
    """A sandbox ready to use, personas included."""


@pytest.fixture(params=["impots", "ameli", "laposte"])
def site(
    request: pytest.FixtureRequest, settings: object, seeded: None, broker: "PretendBroker"
) -> "IdentityProviderSite":
    """Each identity provider in turn, served by this process, before a broker that publishes its keys."""
    settings.SANDBOX_SITE = request.param  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = "apps.sandbox.identity_provider.urls"  # type: ignore[attr-defined]
    return SITES[request.param]


@pytest.fixture
def relay(settings: object) -> Iterator["Relay"]:
    """A real SMTP server where the messages arrive."""
    server = Relay()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port  # type: ignore[attr-defined]
    yield server
    server.stop()


@pytest.fixture
def sign_up(
    site: "IdentityProviderSite",
    relay: "Relay",
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> Callable[..., HttpResponse]:
    """Sign up as a person does; messages leave as they do once the transaction is committed."""

    def sign_up(
        browser: Client,
        email: str = enrolling.EMAIL,
        password: str = enrolling.PASSWORD,
        **portal: str,
    ) -> HttpResponse:
        with django_capture_on_commit_callbacks(execute=True):
            address = enrolling.begin(browser, "inscription", **portal)
            return enrolling.fill(browser, address, email=email, **enrolling.new_password(password))

    return sign_up


@pytest.fixture
def browser() -> Client:
    """A browser that checks CSRF, as the real ones do."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def broker(settings: object) -> Iterator["PretendBroker"]:
    """A broker that says what the test wants, over real HTTP."""
    pretend = PretendBroker()
    settings.BROKER_URL = pretend.url  # type: ignore[attr-defined]
    yield pretend
    pretend.stop()
