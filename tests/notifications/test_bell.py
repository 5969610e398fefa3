"""The bell: never slow, never failing, and one task for many rings."""

import logging
import os
import threading
import time

import pytest
from celery import Celery
from pytest_django import Settings

from apps.notifications import bell as module
from apps.notifications.bell import WINDOW, Bell
from apps.notifications.models import Message
from tests.notifications import wires
from tests.notifications.builders import a_message


class Worker:
    """Counts how often it was woken; may be made to raise or to hang."""

    def __init__(self) -> None:
        self.times = 0
        self.failure: Exception | None = None
        self.may_go = threading.Event()
        self.may_go.set()

    def wake(self) -> None:
        self.may_go.wait()
        self.times += 1
        if self.failure:
            raise self.failure

    def is_woken(self, times: int) -> bool:
        deadline = time.monotonic() + 10 * WINDOW
        while self.times < times and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.times >= times


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def bell(worker: Worker) -> Bell:
    return Bell(worker.wake)


def test_many_rings_wake_the_worker_once(bell: Bell, worker: Worker) -> None:
    for _ in range(500):
        bell.ring()

    assert worker.is_woken(1)
    time.sleep(2 * WINDOW)
    assert worker.times == 1


def test_a_later_ring_wakes_the_worker_again(bell: Bell, worker: Worker) -> None:
    bell.ring()
    assert worker.is_woken(1)

    bell.ring()

    assert worker.is_woken(2)


def test_a_ring_while_the_broker_hangs_returns_at_once_and_is_not_lost(
    bell: Bell, worker: Worker
) -> None:
    worker.may_go.clear()
    bell.ring()
    time.sleep(2 * WINDOW)

    begin = time.perf_counter()
    for _ in range(1000):
        bell.ring()
    assert time.perf_counter() - begin < 0.1

    worker.may_go.set()
    assert worker.is_woken(2)


def test_a_broker_that_is_down_is_told_once_and_rung_again(
    bell: Bell, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.failure = ConnectionRefusedError("amqp://user:password@broker")

    with caplog.at_level(logging.WARNING):
        for times in (1, 2, 3):
            bell.ring()
            assert worker.is_woken(times)
        time.sleep(0.05)

    assert caplog.text.count("bell not heard") == 1
    assert "ConnectionRefusedError" in caplog.text
    assert "password" not in caplog.text


def test_one_thread_serves_every_ring_of_a_process(bell: Bell) -> None:
    before = threading.active_count()

    threads = [threading.Thread(target=bell.ring) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert threading.active_count() == before + 1


def test_a_process_forked_after_a_ring_has_a_bell_of_its_own() -> None:
    module._bell = Bell(lambda: None)
    module._bell.ring()
    parent = module._bell

    child = os.fork()
    if child == 0:
        os._exit(0 if module._bell is not parent and module._bell._thread is None else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert module._bell is parent
    module._renew()


@pytest.mark.django_db(transaction=True)
def test_a_citizen_waits_for_no_broker_that_is_down(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    dead = Celery("dead", broker="amqp://127.0.0.1:1", set_as_current=False)
    monkeypatch.setattr(wires, "app", dead, raising=False)
    settings.NOTIFICATION_CELERY_APP = "tests.notifications.wires.app"
    module._renew()

    begin = time.perf_counter()
    messages = [a_message() for _ in range(20)]

    assert time.perf_counter() - begin < 1
    assert Message.objects.filter(sent_at=None).count() == len(messages)
    deadline = time.monotonic() + 10
    while "bell not heard" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.05)
    assert caplog.text.count("bell not heard") == 1
