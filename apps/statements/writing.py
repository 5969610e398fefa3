"""A change and what goes with it, as one statement: all of it, or nothing.

    WITH changed AS (UPDATE … WHERE <the row is as expected> RETURNING 1),
         written_1 AS (INSERT INTO … SELECT … FROM changed),
         written_2 AS (INSERT INTO … SELECT … FROM changed)
    SELECT count(*) FROM changed

Of two parallel requests for one single-use step one finds the row as expected; the other writes
nothing anywhere. A statement is a transaction of its own when none is open, so that a fact, its
lines of the journal and its message are committed together in one round trip instead of six.

The text of a statement is made once for each shape (tables, columns, number of rows).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import chain, count
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import AutoField, BinaryField, Field, JSONField, Model

from apps.statements.execution import run

Adapter = Callable[[Any], Any]

_SENT_AS_THEY_ARE: Final = frozenset(
    {
        "ArrayField", "BigIntegerField", "BooleanField", "CharField", "DateTimeField",
        "ForeignKey", "GenericIPAddressField", "PositiveIntegerField", "PositiveSmallIntegerField",
        "TextField", "URLField", "UUIDField",
    }
)  # fmt: skip


class Columns(NamedTuple):
    """Some columns of one table, in the order of the values."""

    model: type[Model]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Insertion:
    """Rows to insert: alone, with others, or with the change that they tell of.

    rows       values as psycopg takes them, in the order of the columns
    on_commit  called once these rows are committed; what it raises is logged, nothing more
    """

    columns: Columns
    rows: tuple[tuple[Any, ...], ...]
    on_commit: Callable[[], None] | None = None


@dataclass(frozen=True)
class Appended:
    """A value to append to an array column."""

    value: object


@dataclass(frozen=True)
class Change:
    """New values for one row, if it is as expected.

    where    attribute → what it must be: None is null, a list is any of these
    values   attribute → new value, model instance or Appended
    """

    model: type[Model]
    where: Mapping[str, Any]
    values: Mapping[str, Any]


Part = Insertion | Change


def row_of(row: Model, *, on_commit: Callable[[], None] | None = None) -> Insertion:
    """Return the insertion of a new row; a key made by the database stays unknown to the object."""
    columns, fields = _insertable(type(row))
    values = tuple(adapt(field.pre_save(row, add=True)) for field, adapt in fields)
    return Insertion(columns, (values,), on_commit)


def insert(*insertions: Insertion) -> None:
    """Insert these rows in one statement."""
    shapes = tuple([_InsertionShape(part.columns, len(part.rows)) for part in insertions])
    run(_insertions(shapes), _values(insertions))
    _schedule(insertions)


def change(first: Change, *written: Part) -> bool:
    """Make the change and all that goes with it, and tell whether it was made: all or nothing.

    `first` must find at most one row. Changes that go with it may find none.
    """
    shapes = tuple([_shape(part) for part in written])
    result = run(_changes(_change_shape(first), shapes), _values((first, *written)))
    if not result.rows[0][0]:
        return False
    _schedule(written)
    return True


def _schedule(parts: tuple[Part, ...]) -> None:
    for part in parts:
        if isinstance(part, Insertion) and part.on_commit:
            transaction.on_commit(part.on_commit, robust=True)


# --- Values ----------------------------------------------------------------------------------------


def _values(parts: tuple[Part, ...]) -> list[Any]:
    return list(chain.from_iterable(_values_of(part) for part in parts))


def _values_of(part: Part) -> Iterator[Any]:
    if isinstance(part, Insertion):
        yield from chain.from_iterable(part.rows)
        return
    for name, value in part.values.items():
        yield _adapter(part.model, name)(_bare(value))
    for value in part.where.values():
        if value is not None:
            yield _bare(value)


def _bare(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.value if isinstance(value, Appended) else value


@cache
def _adapter(model: type[Model], name: str) -> Adapter:
    return _adapter_of(_field(model, name))


def _adapter_of(field: "Field[Any, Any]") -> Adapter:
    """Return what makes a value of this field one that psycopg takes."""
    if isinstance(field, JSONField):
        return _json
    if type(field) is BinaryField or field.get_internal_type() in _SENT_AS_THEY_ARE:
        return _same
    return partial(field.get_db_prep_save, connection=connection)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _same(value: Any) -> Any:
    return value


# --- Text, once for each shape ---------------------------------------------------------------------


class _InsertionShape(NamedTuple):
    columns: Columns
    rows: int


class _ChangeShape(NamedTuple):
    model: type[Model]
    values: tuple[tuple[str, bool], ...]  # attribute, and whether the value is appended
    where: tuple[tuple[str, str], ...]  # attribute, and the test


_Shape = _InsertionShape | _ChangeShape


def _shape(part: Part) -> _Shape:
    if isinstance(part, Insertion):
        return _InsertionShape(part.columns, len(part.rows))
    return _change_shape(part)


def _change_shape(part: Change) -> _ChangeShape:
    return _ChangeShape(
        part.model,
        tuple([(name, isinstance(value, Appended)) for name, value in part.values.items()]),
        tuple([(name, _test(value)) for name, value in part.where.items()]),
    )


def _test(value: object) -> str:
    if value is None:
        return "IS NULL"
    return "= ANY({})" if isinstance(value, list) else "= {}"


@lru_cache(maxsize=256)
def _insertions(shapes: tuple[_InsertionShape, ...]) -> str:
    places = _places()
    *others, last = [f"{_into(shape.columns)} VALUES {_tuples(shape, places)}" for shape in shapes]
    named = ", ".join(f"written_{rank} AS ({text})" for rank, text in enumerate(others))
    return f"WITH {named} {last}" if named else last


@lru_cache(maxsize=256)
def _changes(first: _ChangeShape, written: tuple[_Shape, ...]) -> str:
    places = _places()
    parts = [f"changed AS ({_update(first, places)} RETURNING 1)"]
    parts += [f"written_{rank} AS ({_with(s, places)})" for rank, s in enumerate(written)]
    return f"WITH {', '.join(parts)} SELECT count(*) FROM changed"  # noqa: S608


def _with(shape: _Shape, places: Iterator[str]) -> str:
    if isinstance(shape, _ChangeShape):
        return f"{_update(shape, places)} AND EXISTS (SELECT FROM changed)"
    rows = f"(VALUES {_tuples(shape, places)}) AS v"
    return f"{_into(shape.columns)} SELECT v.* FROM changed, {rows}"  # noqa: S608


def _update(shape: _ChangeShape, places: Iterator[str]) -> str:
    changes = []
    for name, is_appended in shape.values:
        column, place = _column(shape.model, name), next(places)
        changes.append(
            f"{column} = " + (f"array_append({column}, {place})" if is_appended else place)
        )
    tests = []
    for name, test in shape.where:
        place = next(places) if "{}" in test else ""
        tests.append(f"{_column(shape.model, name)} {test.format(place)}")
    table = _meta(shape.model).db_table
    return f'UPDATE "{table}" SET {", ".join(changes)} WHERE {" AND ".join(tests)}'  # noqa: S608


def _into(columns: Columns) -> str:
    names = ", ".join(_column(columns.model, name) for name in columns.names)
    return f'INSERT INTO "{_meta(columns.model).db_table}" ({names})'


def _tuples(shape: _InsertionShape, places: Iterator[str]) -> str:
    types = [_type(shape.columns.model, name) for name in shape.columns.names]
    rows = (", ".join(f"{next(places)}::{kind}" for kind in types) for _ in range(shape.rows))
    return ", ".join(f"({row})" for row in rows)


def _places() -> Iterator[str]:
    return (f"${number}" for number in count(1))


def _type(model: type[Model], name: str) -> str:
    """Return the type of a column without its length: a cast would cut what is too long in silence."""
    return re.sub(r"\(\d+\)", "", str(_field(model, name).db_type(connection)))


def _column(model: type[Model], name: str) -> str:
    return f'"{_field(model, name).column}"'


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    found: Field[Any, Any] = _meta(model).get_field(name)
    return found


def _meta(model: type[Model]) -> Any:
    return model._meta


@cache
def _insertable(model: type[Model]) -> tuple[Columns, list[tuple["Field[Any, Any]", Adapter]]]:
    fields = [field for field in _meta(model).concrete_fields if not isinstance(field, AutoField)]
    columns = Columns(model, tuple(field.name for field in fields))
    return columns, [(field, _adapter_of(field)) for field in fields]
