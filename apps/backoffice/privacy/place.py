"""A place that may be read, as a stream of pieces: a proof takes the same memory on any database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CHUNK: Final = 1 << 20  # bytes; a multiple of PostgreSQL's page


class Area(StrEnum):
    """The kinds of places."""

    TABLES = "tables"
    PAGES = "pages"
    LOGS = "logs"
    FILES = "files"
    TEMPORARY = "temporary"


class Unreadable(Exception):
    """A place could not be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of one item of a place: a cell of a row, a stretch of a file.

    item    what is counted: the row, the file
    part    where in it: the column; "" for a file
    line    number of the line on which a stretch of text begins; 0 where lines mean nothing
    """

    item: str
    content: bytes
    part: str = ""
    line: int = 0

    def locate(self, at: int) -> str:
        """Return where a byte of this piece is, for somebody who will look at it."""
        if self.part:
            return f"{self.item}, colonne {self.part}"
        if not self.line:
            return self.item
        line = self.line + self.content.count(b"\n", 0, at)
        return f"{self.item}, ligne {line}"


@dataclass(frozen=True)
class Place:
    """A table, a file. `read` raises Unreadable."""

    area: Area
    name: str
    read: Callable[[], Iterator[Piece]]
