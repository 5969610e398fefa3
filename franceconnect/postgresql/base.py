"""One connection a thread, kept; checked before each request without asking the server anything.

Django's check is a `SELECT 1`: a round trip per request, on both sides. A server that stopped, was
restarted or cut the session has closed our socket, or said so on it: either way the socket is
readable although we asked nothing. Looking at it is enough for the request after a restart to work.
"""

import select

from django.db import Error
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """The wrapper that Django makes for ENGINE = "franceconnect.postgresql"."""

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
