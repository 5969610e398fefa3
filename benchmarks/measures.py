"""What is measured: whole sign-ins, each stage, and what stays in memory."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import fmean

from benchmarks import processes
from benchmarks.arrangement import Broker
from benchmarks.sign_in import STAGES, SignIn, Wire
from benchmarks.unit import EmptyView

SLICE = 100  # sign-ins between two samples of the unit
SAMPLE = 400  # requests in a sample of the unit
BATCH = 200  # sign-ins kept between two stages: a code lives 30 seconds, an access token 60


@dataclass
class Cost:
    """CPU seconds, user and system, of the broker and of PostgreSQL."""

    broker: float = 0.0
    postgres: float = 0.0

    @property
    def total(self) -> float:
        return self.broker + self.postgres

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.broker + other.broker, self.postgres + other.postgres)

    def __truediv__(self, count: int) -> "Cost":
        return Cost(self.broker / count, self.postgres / count)


def whole(broker: Broker, view: EmptyView, count: int, *, clients: int = 1) -> tuple[Cost, float]:
    """Return what one sign-in costs, and the unit measured meanwhile.

    clients   browsers at once
    """
    cost, samples = Cost(), []
    for _ in range(count // SLICE):
        samples.append(view.sample(SAMPLE))
        with _charged(broker, cost):
            play(broker, SLICE, clients=clients)
    return cost / (count // SLICE * SLICE), fmean(samples)


def by_stage(broker: Broker, view: EmptyView, count: int) -> tuple[dict[str, Cost], float]:
    """Return what each stage costs, and the unit measured meanwhile.

    They are played by batches, a stage of all before the next.
    """
    costs = {stage: Cost() for stage in STAGES}
    samples = []
    wire = Wire(broker.port)
    for _ in range(batched(count) // BATCH):
        sign_ins = [SignIn(wire.send) for _ in range(BATCH)]
        for stage in STAGES:
            samples.append(view.sample(SAMPLE))
            with _charged(broker, costs[stage]):
                for sign_in in sign_ins:
                    sign_in.play(stage)
    wire.close()
    return {stage: costs[stage] / batched(count) for stage in STAGES}, fmean(samples)


def batched(count: int) -> int:
    """Return how many sign-ins `by_stage` plays when asked for this many."""
    return max(1, count // BATCH) * BATCH


def memory(broker: Broker) -> list[float]:
    """Return the resident memory of the broker's processes in MiB: the one that serves is first."""
    return processes.resident_mib(broker.pid)


def play(broker: Broker, count: int, *, clients: int = 1) -> None:
    """Sign in so many times, by this many clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(_play, broker, count // clients) for _ in range(clients)]:
            done.result()


def _play(broker: Broker, count: int) -> None:
    wire = Wire(broker.port)
    for _ in range(count):
        SignIn(wire.send).whole()
    wire.close()


@contextmanager
def _charged(broker: Broker, cost: Cost) -> Iterator[None]:
    """Add to a cost what the processes consume during the block."""
    before = [processes.cpu_seconds(pid) for pid in (broker.pid, broker.postgres_pid)]
    yield
    after = [processes.cpu_seconds(pid) for pid in (broker.pid, broker.postgres_pid)]
    cost.broker += after[0] - before[0]
    cost.postgres += after[1] - before[1]
