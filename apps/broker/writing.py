"""INSERT and UPDATE of the hot path, written once for each shape: afterwards only values travel.

The ORM writes its statement anew at each `save()` and `update()`, which costs more than sending it.
Fields prepare their values as they do for the ORM; nothing else of it is used.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model


def insert(row: Model) -> None:
    """Insert a new row; it then knows its primary key."""
    sql, fields = _insertion(type(row))
    values = [_prepared(field, field.pre_save(row, add=True)) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(model: type[Model], pk: Any, *, states: Collection[str], **changes: object) -> bool:
    """Change the row of this key if its `state` is one of these; tell whether it was."""
    names = tuple(_meta(model).get_field(name).attname for name in changes)
    values = [
        _prepared(_meta(model).get_field(name), getattr(value, "pk", value))
        for name, value in changes.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_change(model, names), [*values, pk, list(states)])
        return bool(cursor.rowcount)


def _meta(model: type[Model]) -> Any:
    return model._meta


def _prepared(field: "Field[Any, Any]", value: object) -> Any:
    return field.get_db_prep_save(value, connection)


@cache
def _insertion(model: type[Model]) -> tuple[str, list["Field[Any, Any]"]]:
    meta = _meta(model)
    fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    slots = ", ".join(["%s"] * len(fields))
    sql = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({slots}) RETURNING "{meta.pk.column}"'  # noqa: S608
    return sql, fields


@cache
def _change(model: type[Model], attributes: tuple[str, ...]) -> str:
    meta = _meta(model)
    columns = {field.attname: field.column for field in meta.concrete_fields}
    changes = ", ".join(f'"{columns[name]}" = %s' for name in attributes)
    where = f'"{meta.pk.column}" = %s AND "state" = ANY(%s)'
    return f'UPDATE "{meta.db_table}" SET {changes} WHERE {where}'  # noqa: S608
