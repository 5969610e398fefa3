"""The little Markdown that the pages are made of."""

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell holds one line, whatever it is given."""
    lines = [_row(headings), _row(["---"] * len(headings)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Return text as code; nothing for no text."""
    return f"`{text}`" if text else ""


def codes(words: Iterable[str]) -> str:
    """Return words as code, separated by spaces."""
    return " ".join(map(code, words))


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a heading and what follows it, each part a paragraph or a table."""
    return "\n".join([f"{'#' * level} {title}\n", *(part.rstrip("\n") + "\n" for part in parts)])


def yes(value: bool) -> str:
    """Return a tick mark in words, or nothing."""
    return "oui" if value else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
