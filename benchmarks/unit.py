"""The unit: the CPU of an empty Django view under gunicorn, per request.

Machines differ; a cost divided by this one, measured in the same run, travels from one to another.
"""

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


def measure(requests: int) -> float:
    """Return the CPU seconds of one request: user and system, all the processes of gunicorn."""
    port = processes.free_port()
    command = python(*GUNICORN, "--bind", f"127.0.0.1:{port}", "benchmarks.empty_view")
    with TemporaryDirectory() as folder:
        log = Path(folder) / "gunicorn.log"
        with processes.running(command, log) as process:
            processes.wait_until_served(port, "/", process, log)
            _ask(port, WARM_UP)
            before = processes.cpu_seconds(process.pid)
            _ask(port, requests)
            return (processes.cpu_seconds(process.pid) - before) / requests


def _ask(port: int, requests: int) -> None:
    wire = Wire(port)
    for _ in range(requests):
        answer = wire.send("GET", "/", {}, b"")
        if answer.status != 200:
            raise RuntimeError(f"the empty view answers {answer.status}")
    wire.close()
