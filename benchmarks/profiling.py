"""Where the broker's own time goes: cProfile around its WSGI application, function by function.

The profiler makes calls look dearer than they are: compare figures with one another, never with
those of a measure.
"""

import cProfile
import pstats
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.in_process import Application
from benchmarks.sign_in import STAGES, SignIn

WARM_UP = 30
LINES = 40


def run(port: int, output: Path, *, count: int, stages: Sequence[str] = STAGES) -> None:
    """Print the dearest functions of these stages over so many sign-ins; keep the whole in a file."""
    application = Application(port)
    for _ in range(WARM_UP):
        SignIn(application.send).whole()
    profiler = cProfile.Profile(time.thread_time)

    @contextmanager
    def profiled() -> Iterator[None]:
        profiler.enable()
        yield
        profiler.disable()

    for _ in range(count):
        sign_in = SignIn(application.send)
        for stage in STAGES:
            application.around = profiled if stage in stages else contextmanager(_unprofiled)
            sign_in.play(stage)
    profiler.dump_stats(output)
    print(f"\n{count} sign-ins, stages: {', '.join(stages)}; the whole profile: {output}")
    for order in ("tottime", "cumulative"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(LINES)


def _unprofiled() -> Iterator[None]:
    yield
