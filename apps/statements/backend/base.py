"""One connection a thread, kept; checked before each request without asking the server anything.

Django's check is a `SELECT 1`: a round trip per request, on both sides. A server that stopped, was
restarted or cut the session has closed our socket, or said so on it: either way the socket is
readable although we asked nothing. Looking at it is enough for the request after a restart to work.
"""

import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import Error
from django.db.backends.postgresql import base

from apps.statements.prepared import Prepared, Result


class DatabaseWrapper(base.DatabaseWrapper):
    """The wrapper that Django makes for ENGINE = "apps.statements.backend"."""

    _prepared: Prepared | None = None

    def run(self, statement: str, values: Sequence[object] = ()) -> Result:
        """Execute a statement of ours ($1, $2…), prepared the first time, as Django's cursor would.

        It joins the open transaction, is its own when there is none, and is logged like any other.
        Raises django.db.Error.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        if self._prepared is None:
            self._prepared = Prepared(self.connection)
        if not self.queries_logged:
            with self.wrap_database_errors:
                return self._prepared.run(statement, values)
        with self._logged(statement), self.wrap_database_errors:
            return self._prepared.run(statement, values)

    def connect(self) -> None:
        self._prepared = None
        super().connect()

    def is_usable(self) -> bool:
        """Tell whether the connection may be used: open, idle, and nothing waits on its socket."""
        connection = self.connection
        if connection is None or connection.closed or connection.broken:
            return False
        try:
            poll = select.poll()
            poll.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
            return not poll.poll(0)
        except (OSError, ValueError, Error):
            return False

    @contextmanager
    def _logged(self, statement: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            seconds = f"{time.monotonic() - begun:.3f}"
            self.queries_log.append({"sql": statement, "time": seconds})
