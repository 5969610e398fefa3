"""Run programs side by side: their lines on one screen and in one log each, their end together.

Each program leads its own session, so that the Ctrl-C of the terminal reaches the supervisor alone,
which then stops them in order. On Linux the kernel also stops them when the supervisor is killed.
Neither a program that leaves children behind nor one killed from outside is missed: what is watched
is the program itself, not the end of its output.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import IO

GRACE = 8.0  # seconds between asking a program to stop and killing it
COLOURS = cycle((36, 33, 32, 35, 34, 31))  # ANSI
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True)
class Program:
    """A command line with the name that its lines and its log carry."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Running:
    """A started program."""

    program: Program
    process: subprocess.Popen[bytes]
    log: Path

    def kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Ensemble:
    """Programs that live and die together. Stop it, whatever happens."""

    def __init__(self, log_dir: Path, grace: float = GRACE) -> None:
        self.log_dir = log_dir
        self.grace = grace
        self.members: list[Running] = []
        self._readers: list[threading.Thread] = []
        self._is_stopping = threading.Event()
        log_dir.mkdir(parents=True, exist_ok=True)

    def start(self, programs: Sequence[Program]) -> None:
        """Start every program, then show what they say."""
        for program in programs:
            log = self.log_dir / f"{program.name}.log"
            self.members.append(Running(program, _spawn(program, subprocess.PIPE), log))
        width = max(len(program.name) for program in programs)
        for member in self.members:
            prefix = _coloured(f"{member.program.name:{width}} | ")
            reader = threading.Thread(target=self._relay, args=(member, prefix), daemon=True)
            reader.start()
            self._readers.append(reader)

    def find_fallen(self) -> Running | None:
        """Return a program that has ended, if any has."""
        return next((m for m in self.members if m.process.poll() is not None), None)

    def stop(self) -> None:
        """Ask every program to stop, then leave nothing of them behind.

        What they say while they stop goes to their logs only.
        """
        self._is_stopping.set()
        for member in self.members:
            member.process.terminate()
        deadline = time.monotonic() + self.grace
        while time.monotonic() < deadline:
            if all(member.process.poll() is not None for member in self.members):
                break
            time.sleep(0.05)
        for member in self.members:
            member.kill_group()
            member.process.wait()
        for reader in self._readers:
            reader.join(timeout=1)

    def _relay(self, member: Running, prefix: str) -> None:
        """Copy the lines of a program to its log and to the screen, which may have been closed."""
        stream = member.process.stdout
        if stream is None:
            return
        with stream, member.log.open("wb") as log:
            for line in stream:
                with suppress(OSError):
                    log.write(line)
                    log.flush()
                if self._is_stopping.is_set():
                    continue
                with suppress(OSError):
                    sys.stdout.write(prefix + line.decode(errors="replace"))
                    sys.stdout.flush()


def run_together(programs: Sequence[Program], log_dir: Path) -> Running | None:
    """Run programs to their end at the same time; return one that failed, if any did."""
    log_dir.mkdir(parents=True, exist_ok=True)
    started: list[Running] = []
    try:
        for program in programs:
            log = log_dir / f"{program.name}.log"
            with log.open("wb") as output:
                started.append(Running(program, _spawn(program, output), log))
        return next((member for member in started if member.process.wait() != 0), None)
    finally:
        for member in started:
            member.kill_group()
            member.process.wait()


def _spawn(program: Program, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program.command,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # safe: no thread exists yet when programs are started
    )


def _find_prctl() -> Callable[[int, int], int] | None:
    return ctypes.CDLL(None).prctl if sys.platform == "linux" else None


_PRCTL = _find_prctl()


def _die_with_parent() -> None:
    if _PRCTL is not None:
        _PRCTL(PR_SET_PDEATHSIG, signal.SIGTERM)


def _coloured(text: str) -> str:
    return f"\033[{next(COLOURS)}m{text}\033[0m" if sys.stdout.isatty() else text
