"""What is kept of a provider: who waits, who does not, how often it is asked, for how long it serves."""

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from apps.identity_providers import freshness
from apps.identity_providers.freshness import MetadataError, Reading, Shelf
from apps.identity_providers.metadata import max_age

KEY = "https://fi.example/jwks"


@dataclass
class Provider:
    """What is read: a new text each time, slowly or not at all if the test says so."""

    time: float = 1000.0
    readings: int = 0
    is_down: bool = False
    delay: float = 0.0
    max_age: float | None = None
    readers: set[int] = field(default_factory=set)

    def read(self, key: str) -> Reading[str]:
        self.readings += 1
        self.readers.add(threading.get_ident())
        time.sleep(self.delay)
        if self.is_down:
            raise MetadataError("unreachable")
        return Reading(f"value {self.readings}", self.max_age)

    def now(self) -> float:
        return self.time


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def shelf(provider: Provider) -> Shelf[str]:
    return Shelf(provider.read, provider.now)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_a_fresh_value_is_served_without_a_reading(provider: Provider, shelf: Shelf[str]) -> None:
    assert shelf.get(KEY) == "value 1"
    provider.time += freshness.LIFETIME - 1
    assert shelf.get(KEY) == shelf.find(KEY) == "value 1"
    assert provider.readings == 1


def test_the_first_value_is_read_once_for_all_who_wait(
    provider: Provider, shelf: Shelf[str]
) -> None:
    provider.delay = 0.1
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(shelf.get, [KEY] * 16)) == {"value 1"}
    assert provider.readings == 1


def test_a_stale_value_is_served_at_once_while_one_reading_replaces_it(
    provider: Provider, shelf: Shelf[str]
) -> None:
    shelf.get(KEY)
    provider.time += freshness.LIFETIME
    provider.delay = 0.5
    started = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(shelf.get, [KEY] * 16)) == {"value 1"}
    assert time.monotonic() - started < 0.4
    assert eventually(lambda: shelf.get(KEY) == "value 2")
    assert provider.readings == 2
    assert len(provider.readers) == 2  # the first who asked, then the thread behind


def test_what_is_asked_for_is_read_again_on_time_without_anybody_asking(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "TICK", 0.01)
    shelf = Shelf(provider.read, provider.now)
    shelf.get(KEY)
    provider.time += freshness.LIFETIME
    assert eventually(lambda: provider.readings == 2)
    provider.time += freshness.IDLE
    time.sleep(0.1)
    assert provider.readings == 2  # nobody asked for an hour


def test_what_nobody_asks_for_any_more_is_dropped(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "TICK", 0.01)

    class Keys:
        """Something whose end can be seen."""

    shelf = Shelf(lambda key: Reading(Keys()), provider.now)
    kept = weakref.ref(shelf.get(KEY))
    assert kept() is not None
    provider.time += freshness.MAX_STALE + 1
    assert eventually(lambda: kept() is None)


def test_F_042_what_is_kept_serves_while_the_provider_is_down_until_it_is_too_old(
    provider: Provider, shelf: Shelf[str], caplog: pytest.LogCaptureFixture
) -> None:
    shelf.get(KEY)
    provider.is_down = True
    provider.time += freshness.MAX_STALE - 1
    assert shelf.get(KEY) == shelf.find(KEY) == "value 1"
    assert eventually(lambda: provider.readings == 2)
    assert eventually(lambda: f"{KEY} cannot be read: unreachable" in caplog.text)
    provider.time += 1
    with pytest.raises(MetadataError):
        shelf.get(KEY)
    assert shelf.find(KEY) is None


def test_F_042_a_provider_that_stays_down_is_not_asked_at_each_sign_in(
    provider: Provider, shelf: Shelf[str]
) -> None:
    shelf.get(KEY)
    provider.is_down = True
    provider.time += freshness.LIFETIME
    assert shelf.get(KEY)
    assert eventually(lambda: provider.readings == 2)
    for _ in range(20):
        assert shelf.get(KEY) == "value 1"
        time.sleep(0.01)
    assert provider.readings == 2
    provider.time += freshness.RETRY
    assert shelf.get(KEY) == "value 1"
    assert eventually(lambda: provider.readings == 3)


def test_F_043_what_could_not_be_read_at_first_is_read_again_behind(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "TICK", 0.01)
    shelf = Shelf(provider.read, provider.now)
    provider.is_down = True
    assert shelf.find(KEY) is None
    provider.is_down, provider.delay = False, 0.5
    provider.time += freshness.RETRY
    started = time.monotonic()
    assert shelf.find(KEY) is None
    assert time.monotonic() - started < 0.4  # a page does not wait for it
    assert eventually(lambda: shelf.find(KEY) == "value 2")


def test_those_who_cannot_do_without_share_one_failure(
    provider: Provider, shelf: Shelf[str]
) -> None:
    provider.is_down, provider.delay = True, 0.1

    def fails(key: str) -> bool:
        with pytest.raises(MetadataError):
            shelf.get(key)
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(fails, [KEY] * 8))
    assert provider.readings == 1
    provider.time += freshness.FAILURE_LIFETIME
    provider.is_down = False
    assert shelf.get(KEY) == "value 2"


def test_R19_all_who_saw_an_outdated_value_share_one_reading(
    provider: Provider, shelf: Shelf[str]
) -> None:
    seen = shelf.get(KEY)
    provider.time += freshness.FLOOR
    provider.delay = 0.1
    with ThreadPoolExecutor(16) as pool:
        renewed = set(pool.map(lambda _: shelf.renew(KEY, seen), range(16)))
    assert renewed == {"value 2"}
    assert provider.readings == 2
    provider.time += freshness.FLOOR
    assert shelf.renew(KEY, seen) == "value 2"  # late, but what was read since is good for it
    assert provider.readings == 2


def test_S_121_a_value_is_not_read_again_within_the_floor(
    provider: Provider, shelf: Shelf[str]
) -> None:
    seen = shelf.get(KEY)
    provider.time += freshness.FLOOR - 0.1
    assert shelf.renew(KEY, seen) is seen
    provider.time += 0.1
    provider.is_down = True
    assert shelf.renew(KEY, seen) is seen
    assert shelf.renew(KEY, seen) is seen
    assert provider.readings == 2


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (None, freshness.LIFETIME),
        (60, 60),
        (0, freshness.SHORTEST),
        (freshness.LIFETIME + 1, freshness.LIFETIME),
        (999_999_999, freshness.LIFETIME),
    ],
)
def test_a_provider_may_shorten_our_patience_and_not_lengthen_it(
    asked: float | None, kept: float, provider: Provider, shelf: Shelf[str]
) -> None:
    provider.max_age = asked
    shelf.get(KEY)
    provider.time += kept - 0.1
    assert shelf.get(KEY) == "value 1"
    time.sleep(0.05)
    assert provider.readings == 1
    provider.time += 0.1
    assert shelf.get(KEY) == "value 1"
    assert eventually(lambda: provider.readings == 2)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("public", None),
        ("public, max-age=60", 60),
        ("Max-Age=60", 60),
        ('max-age="60"', 60),
        ("max-age=0", 0),
        ("no-store", 0),
        ("no-cache, max-age=60", 0),
        ("s-maxage=60", None),
        ("stale-max-age=60", None),
        ("max-age=-1", None),
        ("max-age=" + "9" * 30, 999_999_999),
        ("max-age=soon", None),
    ],
)
def test_RFC9111_s5_2_2_1_max_age_is_read_as_it_is_written(
    header: str, seconds: float | None
) -> None:
    assert max_age(header) == seconds


def test_an_unforeseen_failure_does_not_stop_the_thread_behind() -> None:
    bad = KEY + "?bad"
    now, readings = [1000.0], {KEY: 0, bad: 0}

    def read(key: str) -> Reading[str]:
        readings[key] += 1
        if key == bad and readings[key] > 1:
            raise ZeroDivisionError
        return Reading(f"value {readings[key]}")

    shelf = Shelf(read, lambda: now[0])
    assert shelf.get(bad) == shelf.get(KEY) == "value 1"
    for expected in ("value 2", "value 3"):
        now[0] += freshness.LIFETIME
        assert shelf.get(bad) == "value 1"
        shelf.get(KEY)
        assert eventually(lambda: shelf.get(KEY) == expected)  # noqa: B023 - called here
    assert readings[bad] == 3


def test_who_reads_has_news_and_those_who_meet_a_kept_failure_have_none(
    provider: Provider, shelf: Shelf[str]
) -> None:
    provider.is_down = True
    news = []
    for _ in range(3):
        with pytest.raises(MetadataError) as failure:
            shelf.get(KEY)
        news.append(failure.value.is_news)
    assert (news, provider.readings) == ([True, False, False], 1)
    provider.time += freshness.FAILURE_LIFETIME
    with pytest.raises(MetadataError) as failure:
        shelf.get(KEY)
    assert failure.value.is_news
