"""The prepared statements of one connection, and how values go in and rows come out.

psycopg's cursor parses the statement, counts its uses, guesses the types of its parameters and waits
through a Python generator: twice the CPU of what it sends. Here a statement is prepared the first
time, and executed by name through the libpq of the same connection. The adapters are psycopg's.

All values travel as text, whose type PostgreSQL infers from where they stand; so a number that grows
from one execution to the next never changes the type of its parameter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

_DONE: Final = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


@dataclass(frozen=True)
class Result:
    """What a statement returned: its rows, and how many it read or changed."""

    rows: list[tuple[Any, ...]]
    count: int


class Prepared:
    """The statements of one connection, named as they come."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        # A cursor, because it has adapters of its own: Django's loader of dates is slower than this.
        context = connection.cursor()
        context.adapters.register_loader("timestamptz", TimestamptzLoader)
        self._adaptation = Transformer.from_context(context)
        self._names: dict[str, bytes] = {}
        self._counter = 0

    def run(self, statement: str, values: Sequence[object]) -> Result:
        """Execute a statement with $1, $2… for these values; begin the transaction that is due.

        A statement whose plan is lost (a migration went by) is prepared anew.
        Raises psycopg.Error.
        """
        parameters = self._adaptation.dump_sequence(values, [PyFormat.TEXT] * len(values))
        self._begin_if_due()
        try:
            return self._execute(statement, parameters)
        except (errors.InvalidSqlStatementName, errors.FeatureNotSupported):
            self._names.pop(statement, None)
            if self._connection.pgconn.transaction_status != TransactionStatus.IDLE:
                raise
            return self._execute(statement, parameters)

    def _begin_if_due(self) -> None:
        # As psycopg does: a transaction begins with its first statement.
        link = self._connection
        if not link.autocommit and link.pgconn.transaction_status == TransactionStatus.IDLE:
            self._checked(link.pgconn.exec_(b"BEGIN"))

    def _execute(self, statement: str, parameters: Sequence[Any]) -> Result:
        name = self._names.get(statement) or self._prepare(statement)
        answer = self._checked(self._connection.pgconn.exec_prepared(name, parameters))
        self._adaptation.set_pgresult(answer)
        rows = self._adaptation.load_rows(0, answer.ntuples, tuple)
        return Result(rows, answer.command_tuples or 0)

    def _prepare(self, statement: str) -> bytes:
        self._counter += 1
        name = f"fc_{self._counter}".encode()
        self._checked(self._connection.pgconn.prepare(name, statement.encode()))
        self._names[statement] = name
        return name

    def _checked(self, answer: Any) -> Any:
        if answer.status in _DONE:
            return answer
        if self._connection.pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is lost")
        raise errors.error_from_result(answer, encoding="utf-8")
