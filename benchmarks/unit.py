"""The unit: the CPU of an empty Django view under gunicorn, per request.

Machines differ, and so does one machine from a minute to the next when others use it: a cost divided
by this one travels, provided that both are measured in turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import processes
from benchmarks.processes import python
from benchmarks.sign_in import Wire

WARM_UP = 500
GUNICORN = (
    "gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "4",
    "--log-level", "warning",
)  # fmt: skip


class EmptyView:
    """The server of the empty view, and what its requests cost so far; one value a sample."""

    def __init__(self, pid: int, port: int) -> None:
        self._pid = pid
        self._port = port
        self.samples: list[float] = []

    def sample(self, requests: int) -> float:
        """Return the CPU seconds of one request over this many: user and system, all processes.

        As many requests come first, uncounted: what ran meanwhile has taken the caches.
        """
        self.ask(requests)
        before = processes.cpu_seconds(self._pid)
        self.ask(requests)
        self.samples.append((processes.cpu_seconds(self._pid) - before) / requests)
        return self.samples[-1]

    def ask(self, requests: int) -> None:
        """Send requests one after the other, on one connection kept alive."""
        wire = Wire(self._port)
        for _ in range(requests):
            answer = wire.send("GET", "/", {}, b"")
            if answer.status != 200:
                raise RuntimeError(f"the empty view answers {answer.status}")
        wire.close()


@contextmanager
def served() -> Iterator[EmptyView]:
    """Keep the empty view, warmed up, for the block."""
    port = processes.free_port()
    command = python(*GUNICORN, "--bind", f"127.0.0.1:{port}", "benchmarks.empty_view")
    with TemporaryDirectory() as folder:
        log = Path(folder) / "gunicorn.log"
        with processes.running(command, log) as process:
            processes.wait_until_served(port, "/", process, log)
            view = EmptyView(process.pid, port)
            view.ask(WARM_UP)
            yield view
