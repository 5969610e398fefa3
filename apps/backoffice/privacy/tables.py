"""The tables of the broker's database, found by asking PostgreSQL, and the pages of their files.

Found and not listed: a table that a later migration adds is searched without anybody thinking of it.
Every schema counts but PostgreSQL's own: `public`, `pgmq` (Celery's queue and its archive), and each
monthly partition of the journal.

A row that was deleted or rewritten stays in the pages of its table until they are reused. The
superuser may read these pages through PostgreSQL itself, which is how we look at them.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from django.db import Error, connection, transaction

from apps.backoffice.privacy.place import CHUNK, Area, Piece, Place, Unreadable

Cell = str | bytes | memoryview | None

ROWS_AT_A_TIME: Final = 200
SEGMENT: Final = 1 << 30  # bytes: PostgreSQL cuts the files of a table there

_TABLES: Final = """
    SELECT n.nspname, c.relname,
           array_agg(a.attname::text ORDER BY a.attnum),
           array_agg(a.atttypid::regtype::text ORDER BY a.attnum)
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    GROUP BY 1, 2
    ORDER BY 1, 2
"""
# Objects that PostgreSQL did not bring have numbers from 16384 (FirstNormalObjectId).
_FILES: Final = """
    SELECT oid::regclass::text, pg_relation_filepath(oid) FROM pg_class
    WHERE oid >= 16384 AND relkind IN ('r', 'm', 'i', 't') AND relpersistence <> 't'
    ORDER BY 1
"""
_IS_SUPERUSER: Final = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
_QUOTED_TYPES: Final = frozenset({"text", "character varying", "character", "name"})


class Table(NamedTuple):
    """A table as PostgreSQL describes it."""

    schema: str
    name: str
    columns: list[str]
    types: list[str]

    def select(self) -> str:
        """Return the statement that reads it: bytes as they are, the rest as text."""
        quote = connection.ops.quote_name
        cells = [
            quote(column) if kind == "bytea" else f"{quote(column)}::text"
            for column, kind in zip(self.columns, self.types, strict=True)
        ]
        source = f"{quote(self.schema)}.{quote(self.name)}"
        return f"SELECT ctid::text, {', '.join(cells)} FROM ONLY {source}"  # noqa: S608


def tables() -> list[Place]:
    """Return every table that holds rows: partitions are there, the parents that they fill are not."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        found = [Table(*row) for row in cursor.fetchall()]
    return [
        Place(Area.TABLES, f"{table.schema}.{table.name}", partial(_cells, table))
        for table in found
    ]


def _cells(table: Table) -> Iterator[Piece]:
    """Yield every cell; a text stands between quotes, which tells a whole value from a part."""
    name = f"{table.schema}.{table.name}"
    is_quoted = [kind in _QUOTED_TYPES for kind in table.types]
    for ctid, *cells in _rows(table.select()):
        item = f"{name}, ligne de ctid {ctid}"
        for column, quoted, cell in zip(table.columns, is_quoted, cells, strict=True):
            if cell is None:
                continue
            content = cell.encode() if isinstance(cell, str) else bytes(cell)
            yield Piece(item, b'"%b"' % content if quoted else content, column)


def _rows(statement: str) -> Iterator[tuple[str, *tuple[Cell, ...]]]:
    """Yield the rows of a statement through a cursor of the server. Raises Unreadable."""
    try:
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(ROWS_AT_A_TIME):
                yield from rows
    except Error as failure:
        raise Unreadable(type(failure).__name__) from failure


def pages() -> tuple[list[Place], list[str]]:
    """Return the files of the tables and indexes; or nothing, and why.

    A checkpoint first: what was written a moment ago is in the files, not only in memory.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_SUPERUSER)
        row = cursor.fetchone()
        if not (row and row[0]):
            return [], [
                "fichiers des tables : seul le superutilisateur de PostgreSQL peut les lire"
            ]
        cursor.execute("CHECKPOINT")
        cursor.execute(_FILES)
        files = [(str(name), str(path)) for name, path in cursor.fetchall() if path]
    return [Place(Area.PAGES, name, partial(_stretches, name, path)) for name, path in files], []


def _stretches(name: str, path: str) -> Iterator[Piece]:
    """Yield the file of a table; pages are whole in each stretch, so no row is cut."""
    segment, offset = path, 0
    number = 0
    while (content := _read(segment, offset)) is not None:
        if content:
            yield Piece(f"fichier de {name}", content)
        offset += len(content)
        if len(content) < CHUNK:
            if offset < SEGMENT:
                return
            number, offset = number + 1, 0
            segment = f"{path}.{number}"


def _read(path: str, offset: int) -> bytes | None:
    """Return a stretch of a file of the server, or None when there is no such file."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_read_binary_file(%s, %s, %s, true)", [path, offset, CHUNK])
            (content,) = cursor.fetchone() or (None,)
    except Error as failure:
        raise Unreadable(type(failure).__name__) from failure
    return None if content is None else bytes(content)
