"""Programs that live and die together, whatever way one of them ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from franceconnect.processes import Ensemble, Program, run_together

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True); time.sleep(60)"
)


def python(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code], os.environ)


def soon(condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def said(log: Path) -> str:
    return log.read_text() if log.exists() else ""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_lines_go_to_the_log_of_their_program(folder: Path) -> None:
    ensemble = Ensemble(folder)
    ensemble.start([python("one", "print('un')"), python("two", "print('deux')")])
    assert soon(lambda: all(member.process.poll() == 0 for member in ensemble.members))
    ensemble.stop()
    assert (folder / "one.log").read_text() == "un\n"
    assert (folder / "two.log").read_text() == "deux\n"


def test_a_killed_program_is_noticed_though_its_child_holds_its_output(folder: Path) -> None:
    ensemble = Ensemble(folder)
    ensemble.start([python("calm", "import time; time.sleep(60)"), python("parent", PARENT)])
    assert soon(lambda: said(folder / "parent.log"))
    child = int((folder / "parent.log").read_text())
    assert ensemble.find_fallen() is None
    os.kill(ensemble.members[1].process.pid, signal.SIGKILL)
    assert soon(ensemble.find_fallen)
    fallen = ensemble.find_fallen()
    assert fallen is not None
    assert (fallen.program.name, fallen.log) == ("parent", folder / "parent.log")
    ensemble.stop()
    assert soon(lambda: not is_alive(child))


def test_stopping_leaves_nothing_even_of_a_program_that_does_not_listen(folder: Path) -> None:
    ensemble = Ensemble(folder, grace=0.3)
    ensemble.start([python("deaf", STUBBORN), python("parent", PARENT)])
    assert soon(lambda: said(folder / "deaf.log") and said(folder / "parent.log"))
    child = int((folder / "parent.log").read_text())
    ensemble.stop()
    assert [member.process.returncode for member in ensemble.members] == [-9, -15]
    assert soon(lambda: not is_alive(child))


def test_programs_end_with_a_killed_supervisor(folder: Path) -> None:
    supervisor = (
        "import os, pathlib, sys, time\n"
        "from franceconnect.processes import Ensemble, Program\n"
        "ensemble = Ensemble(pathlib.Path(sys.argv[1]))\n"
        "ensemble.start([Program('calm', ['sleep', '60'], os.environ)])\n"
        "print(ensemble.members[0].process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", supervisor, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        program = int(process.stdout.readline())
        assert is_alive(program)
        process.kill()
    assert soon(lambda: not is_alive(program))


def test_running_together_tells_which_one_failed(folder: Path) -> None:
    good, bad = python("good", "print('fait')"), python("bad", "raise SystemExit('raté')")
    assert run_together([good], folder) is None
    failed = run_together([good, bad], folder)
    assert failed is not None
    assert failed.program.name == "bad"
    assert failed.log.read_text() == "raté\n"
