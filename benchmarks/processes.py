"""Programs started for a measure, and what they cost: CPU time and memory, read from outside."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds for a program to answer
MIB = 2**20
CPUCLOCK_SCHED = 2  # linux/posix-timers.h: the clock of all the threads of a process


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a program running for the block, from the root of the project."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def python(*arguments: str) -> list[str]:
    """Return the command line of a Python module."""
    return [sys.executable, "-m", *arguments]


def free_port() -> int:
    """Return a TCP port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_served(port: int, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once this address answers 200. Raises RuntimeError with the log otherwise."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("localhost", port, timeout=2)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"{process.args} does not serve {path}:\n{log.read_text()[-4000:]}")


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process and of its descendants, those that ended included."""
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        times = process.cpu_times()
        total += _own_cpu_seconds(process.pid, times.user + times.system)
        total += times.children_user + times.children_system
    return total


def _own_cpu_seconds(pid: int, rounded: float) -> float:
    """Return a process's CPU seconds to the nanosecond; psutil's are rounded to 10 ms."""
    if sys.platform != "linux":
        return rounded
    clock = (~pid << 3) | CPUCLOCK_SCHED  # clock_getcpuclockid(3)
    return time.clock_gettime(clock)


def resident_mib(pid: int) -> list[float]:
    """Return the resident memory of a process and of its descendants, largest first, in MiB."""
    root = psutil.Process(pid)
    family = [root, *root.children(recursive=True)]
    return sorted((process.memory_info().rss / MIB for process in family), reverse=True)


def machine() -> str:
    """Return one line about this machine."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")),
        os.uname().machine,
    )
    memory = psutil.virtual_memory().total / 2**30
    version = sys.version.split()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {os.uname().sysname}, Python {version}"
    )


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []
