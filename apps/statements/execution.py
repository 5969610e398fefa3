"""Running a prepared statement on this thread's connection."""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections

from apps.statements.backend.base import DatabaseWrapper
from apps.statements.prepared import Result


def run(statement: str, values: Sequence[object] = ()) -> Result:
    """Return what a statement written with $1, $2… gives for these values.

    Raises django.db.Error.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    if not isinstance(wrapper, DatabaseWrapper):
        raise TypeError("the ENGINE of this database is not apps.statements.backend")
    return wrapper.run(statement, values)
