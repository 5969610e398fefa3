"""The command line: see the package's docstring."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

from benchmarks import arrangement, measures, processes, report, slow_provider, unit
from benchmarks.report import Figures
from benchmarks.sign_in import STAGES

RESULTS = Path(__file__).parent / "results.md"
WARM_UP = 100
FULL = {"sign_ins": 1000, "growth": 5000}
QUICK = {"sign_ins": 300, "growth": 0}
PROFILED = 300


def main() -> None:
    """Measure, print, and keep a full run."""
    asked = _parser().parse_args()
    if asked.command == "profile":
        _profile(asked.stage or STAGES, asked.sign_ins or PROFILED)
        return
    if asked.command == "slow-provider":
        _slow_provider(asked.quick)
        return
    sizes = dict(QUICK if asked.quick else FULL)
    if asked.sign_ins:
        sizes |= {"sign_ins": asked.sign_ins}
    text = report.render(_measure(**sizes))
    print(text)
    if not asked.quick and not asked.sign_ins:
        RESULTS.write_text(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description="What a sign-in costs.")
    parser.add_argument(
        "command", nargs="?", choices=["measure", "profile", "slow-provider"], default="measure"
    )
    parser.add_argument("--quick", action="store_true", help="less of everything, nothing written")
    parser.add_argument("--sign-ins", type=int, help="how many, instead of the usual number")
    parser.add_argument(
        "--stage", action="append", choices=STAGES, help="profile these stages only (repeatable)"
    )
    return parser


def _slow_provider(is_quick: bool) -> None:
    text = slow_provider.measure(seconds=30 if is_quick else 90)
    print(text)
    if not is_quick:
        slow_provider.keep(text)


def _measure(*, sign_ins: int, growth: int) -> Figures:
    """Measure everything; `growth` sign-ins at least lie between the two readings of memory."""
    figures = Figures(sign_ins=sign_ins)
    with unit.served() as view, arrangement.prepared() as ready:
        figures.postgres_version = ready.postgres_version
        figures.statements = _statements(ready.port)
        with arrangement.served(ready) as broker:
            measures.play(broker, WARM_UP)
            _say("whole sign-ins…")
            figures.whole[1] = measures.whole(broker, view, sign_ins)
            figures.memory[WARM_UP + sign_ins] = measures.memory(broker)
            figures.whole[4] = measures.whole(broker, view, sign_ins, clients=4)
            _say("stage by stage…")
            figures.stages, figures.stages_unit = measures.by_stage(broker, view, sign_ins)
            _say("memory…")
            more = sign_ins + measures.batched(sign_ins)
            rest = max(0, growth - more)
            measures.play(broker, rest, clients=2)
            figures.memory[WARM_UP + sign_ins + more + rest] = measures.memory(broker)
        figures.units = view.samples
    return figures


def _statements(port: int) -> dict[str, list[str]]:
    """Count in another process: this one must not become the broker."""
    command = processes.python("benchmarks.in_process", str(port))
    done = subprocess.run(
        command, cwd=processes.ROOT, stdout=subprocess.PIPE, env=os.environ, check=True
    )
    counted: dict[str, list[str]] = json.loads(done.stdout)
    return counted


def _profile(stages: list[str], count: int) -> None:
    output = Path(mkdtemp(prefix="franceconnect-profile-")) / "broker.prof"
    with arrangement.prepared() as ready:
        from benchmarks import profiling  # reads the settings, which are there by now

        profiling.run(ready.port, output, count=count, stages=stages)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
