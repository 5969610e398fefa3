"""The figures as text: Markdown that reads as well on a terminal."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from benchmarks import processes
from benchmarks.measures import Cost
from benchmarks.sign_in import STAGES

AIM, LIMIT = 24, 40  # units, for one whole sign-in
MEMORY_LIMIT = 120  # MiB
Row = Sequence[str]


@dataclass
class Figures:
    """Everything that one run measured, in seconds and MiB.

    units    every sample of the unit
    whole    number of clients at once → the cost of one sign-in, the unit meanwhile
    stages   stage → its cost; stages_unit is the unit meanwhile
    memory   sign-ins since the start → the broker's processes, the one that serves first
    """

    units: list[float] = field(default_factory=list)
    whole: dict[int, tuple[Cost, float]] = field(default_factory=dict)
    stages: dict[str, Cost] = field(default_factory=dict)
    stages_unit: float = 0.0
    statements: Mapping[str, Sequence[str]] = field(default_factory=dict)
    memory: dict[int, list[float]] = field(default_factory=dict)
    sign_ins: int = 0
    postgres_version: str = ""


def render(figures: Figures) -> str:
    """Return the report."""
    return "\n".join(
        [
            *_heading(figures),
            *table(("", "broker", "PostgreSQL", "both", "units"), _whole_rows(figures)),
            "",
            f"One sign-in: at most {LIMIT} units, the aim is {AIM}.",
            "",
            *table(
                ("stage", "broker", "PostgreSQL", "both", "units", "statements"),
                _stage_rows(figures),
            ),
            "",
            *table(("sign-ins since the start", "serving process", "all"), _memory_rows(figures)),
            "",
            f"The serving process: at most {MEMORY_LIMIT} MiB, and no growth.",
            "",
        ]
    )


def _heading(figures: Figures) -> list[str]:
    lowest, *_, highest = sorted(figures.units)
    return [
        "# What a sign-in costs",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {commit()}",
        f"{processes.machine()}, PostgreSQL {figures.postgres_version}",
        "",
        "CPU milliseconds, user and system, per sign-in or per request. "
        f"{figures.sign_ins} sign-ins, BEGIN and COMMIT counted among the statements.",
        f"The unit, an empty Django view under gunicorn: {_ms(median(figures.units))} ms "
        f"(median of {len(figures.units)} samples, {_ms(lowest)} to {_ms(highest)}; "
        "each figure is divided by the samples taken with it).",
        "",
    ]


def _whole_rows(figures: Figures) -> list[Row]:
    return [
        (f"one sign-in, {clients} client{'s'[: clients - 1]}", *_cost(cost, unit))
        for clients, (cost, unit) in figures.whole.items()
    ]


def _stage_rows(figures: Figures) -> list[Row]:
    rows: list[Row] = []
    total, statements = Cost(), 0
    for stage in STAGES:
        cost, count = figures.stages[stage], len(figures.statements[stage])
        rows.append((stage, *_cost(cost, figures.stages_unit), str(count)))
        total += cost
        statements += count
    return [*rows, ("sum", *_cost(total, figures.stages_unit), str(statements))]


def _memory_rows(figures: Figures) -> list[Row]:
    return [
        (str(count), f"{family[0]:.1f} MiB", f"{sum(family):.1f} MiB")
        for count, family in figures.memory.items()
    ]


def _cost(cost: Cost, unit: float) -> Row:
    return _ms(cost.broker), _ms(cost.postgres), _ms(cost.total), f"{cost.total / unit:.1f}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}"


def table(head: Row, rows: Sequence[Row]) -> list[str]:
    """Return the lines of an aligned table."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [head, rule, *rows]
    return ["| " + " | ".join(_aligned(line, widths)) + " |" for line in lines]


def _aligned(line: Row, widths: Sequence[int]) -> list[str]:
    first, *others = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def commit() -> str:
    """Return the commit that was measured, and whether the tree had changes."""
    commit = _git("rev-parse", "--short", "HEAD") or "not committed"
    return f"{commit}, with local changes" if _git("status", "--porcelain") else commit


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=processes.ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
