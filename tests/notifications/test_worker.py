"""A real worker, in a process of its own, on the PostgreSQL of the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.db import connection
from kombu import pools
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from apps.notifications import bell
from apps.notifications.models import Message
from franceconnect.celery import OWN_DATABASE, transport_options
from tests.notifications import wires
from tests.notifications.builders import ANGELE, a_message
from tests.notifications.relay import Relay

pytestmark = pytest.mark.django_db(transaction=True)

COMMAND = [sys.executable, "-m", "celery", "--app", "franceconnect", "worker", "--beat"]
FLAGS = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
START_TIMEOUT = 40.0  # seconds
ROUND_TRIP = 15.0  # seconds: a broken connection, its mending, a sweep
IN_TIME = 2.0  # seconds that a citizen may wait


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    relay = Relay()
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture(scope="module")
def broker(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The queue of the tests' database, for the bell of this process."""
    wires.app = Celery("bell", broker=OWN_DATABASE, set_as_current=False)
    wires.app.conf.broker_transport_options = transport_options(
        OWN_DATABASE, django_settings.DATABASES["default"]
    )
    with django_db_blocker.unblock():
        empty_the_queue()
        yield
        empty_the_queue()
        connection.close()
    pools.reset()


@pytest.fixture(scope="module")
def worker(broker: None, relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A worker that runs; the value is its log."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
        "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
        "WORKER_EMAIL_PORT": str(relay.port),
        "PYTHONWARNINGS": "ignore",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, *FLAGS], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            wait_until_it_consumes(process, log)
            yield log
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(autouse=True)
def own_bell(worker: Path, relay: Relay, settings: Settings) -> Iterator[None]:
    """The bell of this process rings on the broker that the worker listens to."""
    relay.received.clear()
    settings.NOTIFICATION_CELERY_APP = "tests.notifications.wires.app"
    yield
    time.sleep(2 * bell.WINDOW)  # no ring of this test is left for the next one


def test_a_message_reaches_the_relay_and_is_forgotten_within_two_seconds(
    worker: Path, relay: Relay
) -> None:
    message = a_message()

    assert seconds_until_sent(message) < IN_TIME
    assert [mail["To"] for mail in relay.received] == [ANGELE]
    assert ANGELE not in worker.read_text()
    assert ANGELE not in what_the_queue_holds()


def test_a_broker_that_dies_under_the_worker_and_the_bell_delays_the_message_only(
    relay: Relay,
) -> None:
    assert seconds_until_sent(a_message()) < IN_TIME

    end_every_other_connection()

    assert seconds_until_sent(a_message()) < ROUND_TRIP
    assert seconds_until_sent(a_message()) < ROUND_TRIP
    assert len(relay.received) == 3


def test_the_sweep_finds_a_message_whose_ring_was_lost(
    settings: Settings,
) -> None:
    settings.NOTIFICATION_CELERY_APP = "tests.notifications.wires.nothing"

    assert seconds_until_sent(a_message()) < ROUND_TRIP


def seconds_until_sent(message: Message) -> float:
    begin = time.monotonic()
    while not Message.objects.filter(pk=message.pk, sent_at__isnull=False).exists():
        assert time.monotonic() < begin + ROUND_TRIP, "the message was never sent"
        time.sleep(0.02)
    return time.monotonic() - begin


def wait_until_it_consumes(process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the worker has taken a task from the queue."""
    wires.app.send_task("notifications.deliver_due", retry=False)
    deadline = time.monotonic() + START_TIMEOUT
    while queue_length():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def queue_length() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgmq.q_celery")
        return int(cursor.fetchone()[0])


def what_the_queue_holds() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q::text FROM pgmq.q_celery q UNION ALL SELECT a::text FROM pgmq.a_celery a"
        )
        return " ".join(row for (row,) in cursor.fetchall())


def empty_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgmq.q_celery")


def end_every_other_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
