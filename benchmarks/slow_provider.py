"""What one identity provider that hangs costs to those who sign in by the others (F-037).

Sign-ins begin at a steady rate, whatever the broker answers (an open loop: a slow broker is not
given less to do), each in a new browser. First by two providers alone; then by three, the third of
which takes its time to answer, at the same rate by the two.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from benchmarks import arrangement, processes, report
from benchmarks.arrangement import Broker
from benchmarks.sign_in import SignIn, Wire

RESULTS = Path(__file__).parent / "slow_provider.md"
HEALTHY, HANGING = ("impots", "ameli"), "laposte"
HANG = 6.0  # seconds, as long as the broker waits
RATE = 8  # sign-ins a second by the three
WARM_UP = 40
LIMIT = 1.5  # times the p95 alone


@dataclass(frozen=True)
class Outcome:
    """One sign-in: by whom, how long its requests took (seconds), and whether it ended well."""

    provider: str
    seconds: float
    is_good: bool


def measure(seconds: int) -> str:
    """Play both loads for so long each, and return the report."""
    with (
        arrangement.prepared(delays=(0.0, 0.0, HANG)) as ready,
        arrangement.served(ready) as broker,
    ):
        for provider in HEALTHY:
            for _ in range(WARM_UP // len(HEALTHY)):
                _sign_in(broker, provider)
        alone = _load(broker, HEALTHY, RATE * 2 / 3, seconds)
        beside = _load(broker, (*HEALTHY, HANGING), RATE, seconds)
    return _render(alone, beside, seconds)


def keep(text: str) -> None:
    """Write the report beside this module."""
    RESULTS.write_text(text)


def _load(broker: Broker, providers: Sequence[str], rate: float, seconds: int) -> list[Outcome]:
    """Begin sign-ins at this rate (a second), by each provider in turn, and wait for their end."""
    count = round(rate * seconds)
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=128) as pool:
        playing = []
        for index in range(count):
            time.sleep(max(0.0, started + index / rate - time.monotonic()))
            playing.append(pool.submit(_sign_in, broker, providers[index % len(providers)]))
        return [played.result() for played in playing]


def _sign_in(broker: Broker, provider: str) -> Outcome:
    wire = Wire(broker.port)
    started, is_good = time.monotonic(), True
    try:
        SignIn(wire.send, provider=provider).whole()
    except RuntimeError:
        is_good = False
    finally:
        wire.close()
    return Outcome(provider, time.monotonic() - started, is_good)


def _render(alone: list[Outcome], beside: list[Outcome], seconds: int) -> str:
    healthy = [outcome for outcome in beside if outcome.provider in HEALTHY]
    hanging = [outcome for outcome in beside if outcome.provider == HANGING]
    before, after = _p95(alone), _p95(healthy)
    rows = [
        _row(f"the two, alone ({RATE * 2 / 3:.1f} a second)", alone),
        _row("the two, beside one that hangs", healthy),
        _row(f"the one that hangs for {HANG:.0f} s", hanging),
    ]
    return "\n".join(
        [
            "# One identity provider hangs",
            "",
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {report.commit()}",
            processes.machine(),
            "",
            f"{RATE} sign-ins a second for {seconds} s, a third of them by a provider whose token "
            "endpoint takes its time. Milliseconds for the eight requests of a sign-in, new "
            "connection included.",
            "",
            *report.table(("sign-ins", "count", "refused", "median", "p95", "longest"), rows),
            "",
            f"p95 of the two others: {after / before:.2f} × their p95 alone, at most {LIMIT}.",
            "",
        ]
    )


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    times = [outcome.seconds for outcome in outcomes]
    refused = sum(not outcome.is_good for outcome in outcomes)
    figures = [median(times), _p95(outcomes), max(times)]
    return (name, str(len(times)), str(refused), *(f"{value * 1000:.0f}" for value in figures))


def _p95(outcomes: Sequence[Outcome]) -> float:
    return quantiles([outcome.seconds for outcome in outcomes], n=20)[-1]
