"""The files of the project, as the rules see them: what .gitignore ignores is not there."""

import ast
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_FOLDERS = ("apps", "franceconnect", "tests", "benchmarks")


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the project, vendored ones included."""
    return tuple(_walk(_ignored()))


def sources() -> list[Path]:
    """Return the Python files that people write: all but migrations."""
    return [p for p in files() if p.suffix == ".py" and p.parent.name != "migrations"]


def pages(folder: str = "") -> list[Path]:
    """Return the Markdown files below a folder."""
    return [p for p in files() if p.suffix == ".md" and p.is_relative_to(ROOT / folder)]


def templates() -> list[Path]:
    """Return the templates of pages and of messages."""
    return [p for p in files() if p.is_relative_to(ROOT / "templates")]


@cache
def text(path: Path) -> str:
    return path.read_text()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def name(path: Path) -> str:
    """Return the path as a person writes it."""
    return str(path.relative_to(ROOT))


def _walk(ignored: tuple[str, ...]) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = sorted(d for d in subfolders if not _is_ignored(d, (*ignored, ".git")))
        yield from (Path(folder) / n for n in sorted(names) if not _is_ignored(n, ignored))


def _ignored() -> tuple[str, ...]:
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return tuple(line.strip("/") for line in lines if line and not line.startswith("#"))


def _is_ignored(entry: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(entry, pattern) for pattern in patterns)
