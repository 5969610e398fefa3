"""The circuit of a machine: when it opens, who passes, and how it closes."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from apps.wire import circuit
from apps.wire.circuit import FIRST_PAUSE, THRESHOLD, Circuit, Unavailable

AT_ONCE = 4


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Probe:
    """Answers what it is told, when it is told."""

    def __init__(self) -> None:
        self.answer, self.calls = True, 0
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self) -> bool:
        self.calls += 1
        assert self.may_answer.wait(5)
        return self.answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def probe() -> Iterator[Probe]:
    made = Probe()
    yield made
    made.may_answer.set()


@pytest.fixture
def line(clock: Clock, probe: Probe) -> Circuit:
    return Circuit("fi", probe, at_once=AT_ONCE, longest_pause=300, now=clock)


def fail(line: Circuit, times: int = 1) -> None:
    for _ in range(times):
        with line.passage() as passage:
            passage.fail()


def succeed(line: Circuit) -> None:
    with line.passage() as passage:
        passage.succeed()


def wait_until_probed(line: Circuit) -> None:
    """Let the thread of the probe end."""
    assert line.is_open  # which starts the probe when it is due
    for thread in threading.enumerate():
        if thread.name == "probe-fi":
            thread.join(5)


def test_failures_in_a_row_open_it(line: Circuit) -> None:
    fail(line, THRESHOLD - 1)
    assert not line.is_open
    fail(line)
    assert line.is_open
    with pytest.raises(Unavailable), line.passage():
        pytest.fail("somebody passed")


def test_a_success_between_failures_keeps_it_closed(line: Circuit) -> None:
    fail(line, THRESHOLD - 1)
    succeed(line)
    fail(line, THRESHOLD - 1)
    assert not line.is_open


def test_a_use_that_asked_nothing_neither_opens_nor_closes_it(line: Circuit) -> None:
    fail(line, THRESHOLD - 1)
    with line.passage():
        pass
    fail(line)
    assert line.is_open


def test_a_part_that_failed_makes_a_failure_of_the_whole(line: Circuit) -> None:
    for _ in range(THRESHOLD):
        with line.passage() as passage:
            passage.fail()
            passage.succeed()
    assert line.is_open


def test_what_is_raised_inside_comes_out_and_counts(line: Circuit) -> None:
    for _ in range(THRESHOLD):
        with suppress(ZeroDivisionError), line.passage() as passage:
            passage.fail()
            pytest.fail(str(1 // 0))
    assert line.is_open


def test_it_is_probed_after_a_pause_and_not_before(
    line: Circuit, clock: Clock, probe: Probe
) -> None:
    fail(line, THRESHOLD)
    clock.seconds += FIRST_PAUSE - 1
    wait_until_probed(line)
    assert probe.calls == 0
    clock.seconds += 1
    wait_until_probed(line)
    assert probe.calls == 1
    assert not line.is_open


def test_nobody_waits_for_the_probe_and_one_is_made(
    line: Circuit, clock: Clock, probe: Probe
) -> None:
    fail(line, THRESHOLD)
    clock.seconds += FIRST_PAUSE
    probe.may_answer.clear()
    started = time.monotonic()
    assert all(line.is_open for _ in range(50))
    assert time.monotonic() - started < 1
    probe.may_answer.set()
    wait_for = time.monotonic() + 5
    while line.is_open and time.monotonic() < wait_for:
        time.sleep(0.01)
    assert probe.calls == 1


def test_a_failure_after_a_probe_opens_it_at_once_and_for_longer(
    line: Circuit, clock: Clock, probe: Probe
) -> None:
    fail(line, THRESHOLD)
    clock.seconds += FIRST_PAUSE
    wait_until_probed(line)
    fail(line)
    assert line.is_open
    clock.seconds += FIRST_PAUSE
    wait_until_probed(line)
    assert probe.calls == 1
    clock.seconds += FIRST_PAUSE
    wait_until_probed(line)
    assert probe.calls == 2


def test_a_probe_that_fails_keeps_it_open(line: Circuit, clock: Clock, probe: Probe) -> None:
    fail(line, THRESHOLD)
    probe.answer = False
    clock.seconds += FIRST_PAUSE
    wait_until_probed(line)
    assert line.is_open


def test_a_success_after_a_probe_closes_it_for_good(line: Circuit, clock: Clock) -> None:
    fail(line, THRESHOLD)
    clock.seconds += FIRST_PAUSE
    wait_until_probed(line)
    succeed(line)
    fail(line, THRESHOLD - 1)
    assert not line.is_open


def test_each_opening_is_told_once_and_outside_of_the_lock(clock: Clock, probe: Probe) -> None:
    told: list[bool] = []
    line = Circuit(
        "fi",
        probe,
        at_once=AT_ONCE,
        longest_pause=300,
        on_open=lambda: told.append(line._guard.locked()),
        now=clock,
    )
    fail(line, THRESHOLD - 1)
    assert told == []
    fail(line)
    assert told == [False]
    clock.seconds += FIRST_PAUSE
    wait_until_probed(line)
    fail(line)
    assert told == [False, False]


def test_a_listener_that_fails_changes_nothing(probe: Probe) -> None:
    def fall() -> None:
        raise ConnectionError("no database")

    line = Circuit("fi", probe, at_once=AT_ONCE, longest_pause=300, on_open=fall)
    fail(line, THRESHOLD)
    assert line.is_open


def test_a_probe_whose_thread_cannot_start_is_tried_again(
    line: Circuit, clock: Clock, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    fail(line, THRESHOLD)
    clock.seconds += FIRST_PAUSE
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        assert line.is_open
    wait_until_probed(line)
    assert probe.calls == 1
    assert not line.is_open


def test_F_037_a_slow_provider_holds_so_many_threads_and_no_more(
    line: Circuit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit, "PATIENCE", 0.05)
    may_leave, inside = threading.Event(), threading.Semaphore(0)

    def wait_for_the_provider() -> None:
        with suppress(Unavailable), line.passage():
            inside.release()
            may_leave.wait(5)

    waiting = [threading.Thread(target=wait_for_the_provider) for _ in range(AT_ONCE)]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert inside.acquire(timeout=5)
    started = time.monotonic()
    with pytest.raises(Unavailable), line.passage():
        pytest.fail("one too many passed")
    assert time.monotonic() - started < 1
    may_leave.set()
    for thread in waiting:
        thread.join(5)
    succeed(line)
