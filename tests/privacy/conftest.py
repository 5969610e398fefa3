"""A platform as a citizen meets it, all its traces real: commits, outbox, bell, queue, mails, logs."""

import logging
import logging.config
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.db import connection
from kombu import pools
from pytest_django import Settings

from apps.backoffice.privacy import encodings, places, proof
from apps.backoffice.privacy.encodings import Needle
from apps.backoffice.privacy.proof import Report
from apps.identity_providers import metadata
from apps.service_providers.models import ServiceKind
from franceconnect.celery import OWN_DATABASE, transport_options
from tests.builders import a_service_provider, an_identity_provider
from tests.driver import Browser
from tests.notifications import wires
from tests.notifications.relay import Relay
from tests.privacy.canary import PERSON, PERSONA
from tests.programmable_idp import ProgrammableIdp

Search = Callable[..., Report]

OTHER_MACHINES = ("mail.log",)  # the relay of the tests, which runs in this process
RING_TIMEOUT = 10.0  # seconds


@pytest.fixture
def machine(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where this test has its own VAR_DIR and temporary folder.

    The data of PostgreSQL stay where they are, behind a link, as root's are.
    """
    var_dir, temporary = tmp_path / "var", tmp_path / "tmp"
    (var_dir / "log").mkdir(parents=True)
    temporary.mkdir()
    (var_dir / "postgres").symlink_to(Path(settings.VAR_DIR) / "postgres")
    settings.VAR_DIR = var_dir
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return tmp_path


@pytest.fixture
def log(machine: Path) -> Iterator[Path]:
    """Everything that this process logs, debugging included, in the form of production."""
    path = machine / "var" / "log" / "broker.log"
    handler = logging.FileHandler(path)
    form = django_settings.LOGGING["formatters"]["json"]
    handler.setFormatter(
        logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(form))
    )
    handler.addFilter(lambda record: record.name not in OTHER_MACHINES)
    root, django = logging.getLogger(), logging.getLogger("django")
    levels = root.level, django.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    django.setLevel(logging.DEBUG)
    yield path
    root.removeHandler(handler)
    root.setLevel(levels[0])
    django.setLevel(levels[1])
    handler.close()


@pytest.fixture
def relay(settings: Settings) -> Iterator[Relay]:
    relay = Relay()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = relay.host, relay.port
    settings.EMAIL_TIMEOUT = 2
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def idp() -> Iterator[ProgrammableIdp]:
    metadata.forget()
    provider = ProgrammableIdp(person=dict(PERSON))
    yield provider
    provider.stop()


@pytest.fixture
def browser(transactional_db: None, log: Path, relay: Relay, idp: ProgrammableIdp) -> Browser:
    """A browser before three services, one of them private, and a provider that knows the canary."""
    a_service_provider()
    a_service_provider("region", name="Région Exemple")
    a_service_provider("eau", name="Eau d’Exemple", kind=ServiceKind.PRIVATE, identity_consent=True)
    an_identity_provider(idp)
    return Browser(idp)


@pytest.fixture
def queue(transactional_db: None, settings: Settings) -> Iterator[Callable[[], int]]:
    """Celery's own queue in this database; the value tells how many rings it holds, one at least."""
    wires.app = Celery("bell", broker=OWN_DATABASE, set_as_current=False)
    database = django_settings.DATABASES["default"]
    wires.app.conf.broker_transport_options = transport_options(OWN_DATABASE, database)
    settings.NOTIFICATION_CELERY_APP = "tests.notifications.wires.app"
    yield _wait_for_a_ring
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgmq.q_celery")
    pools.reset()


def _wait_for_a_ring() -> int:
    deadline = time.monotonic() + RING_TIMEOUT
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pgmq.q_celery")
            count = int(cursor.fetchone()[0])
        if count:
            return count
        time.sleep(0.05)
    return 0


@pytest.fixture
def search(machine: Path, capfd: pytest.CaptureFixture[str]) -> Search:
    """Search for the canary in every place of this test's machine, and in what it printed."""
    begin = time.time()

    def look(**secrets: str) -> Report:
        said = machine / "var" / "log" / "console.log"
        said.write_text("".join(capfd.readouterr()))
        needles = encodings.needles_of([PERSONA]) + undigested(secrets)
        return proof.search(needles, places.survey(since=begin).places)

    return look


def undigested(secrets: dict[str, str]) -> list[Needle]:
    """Return the needles of secrets but their digests, which are what we keep of them."""
    needles = encodings.needles(secrets.items())
    return [needle for needle in needles if not needle.encoding.startswith(encodings.DIGESTS)]
