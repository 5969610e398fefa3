"""Connections whose whole answer, headers included, must come before a deadline.

The timeout of a socket bounds one reception: a server that sends a byte a second keeps a thread for
as long as it likes. Here each reception is given what remains of the time of the whole answer, the
connection and its handshake included.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any, Final

import urllib3

IDLE: Final = 4.0  # seconds since the last request; servers commonly hang up after five

Connector = Callable[[str, int, float], socket.socket]
"""Host, port, seconds → a connected socket; raises OSError, socket.gaierror, TimeoutError."""


@dataclass(frozen=True)
class Handshake:
    """What TLS agreed on: a version as OpenSSL names it, and the last day of the certificate.

    not_after  "Jun  1 12:00:00 2027 GMT": ssl.cert_time_to_seconds reads it
    """

    version: str
    not_after: str


class _TimedReading(io.RawIOBase):
    """What comes from a socket until a deadline, then TimeoutError."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._socket = connected
        self._raw: Any = connected.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer is too slow")
        self._socket.settimeout(left)
        received: int | None = self._raw.readinto(buffer)
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """What http.client asks of a socket to read an answer: a file."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._reading = _TimedReading(connected, deadline)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reading)


class _Timed:
    """A connection that gives each answer the timeout of its call, counted from its beginning.

    A call begins when it connects, if it does: over TLS that is before the request is written.
    """

    connector: Connector | None = None
    _has_just_connected = False
    _spoke_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the pool may use this connection again: it is open, and was used of late.

        A server that hangs up just as we speak has maybe read us: what may not be sent twice, such
        as a code, would be lost. So we hang up first.
        """
        is_open: bool = super().is_connected  # type: ignore[misc]
        return is_open and time.monotonic() - self._spoke_at < IDLE

    def connect(self) -> None:
        self._begin()
        super().connect()  # type: ignore[misc]
        self._has_just_connected = True

    def request(self, *args: Any, **kwargs: Any) -> None:
        if not self._has_just_connected:
            self._begin()
        super().request(*args, **kwargs)  # type: ignore[misc]
        self._has_just_connected = False
        self._spoke_at = time.monotonic()

    def _begin(self) -> None:
        self._deadline = time.monotonic() + self.timeout  # type: ignore[attr-defined]

    def _new_conn(self) -> socket.socket:
        if self.connector is None:
            plain: socket.socket = super()._new_conn()  # type: ignore[misc]
            return plain
        this: Any = self
        try:
            return self.connector(this._dns_host, this.port, this.timeout)
        except socket.gaierror as failure:
            raise urllib3.exceptions.NameResolutionError(this.host, this, failure) from failure
        except TimeoutError as failure:
            raise urllib3.exceptions.ConnectTimeoutError(this, "connecting") from failure
        except OSError as failure:
            raise urllib3.exceptions.NewConnectionError(this, "connecting") from failure

    def response_class(self, connected: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        return HTTPResponse(_TimedSocket(connected, self._deadline), *args, **kwargs)  # type: ignore[arg-type]


class _HTTPConnection(_Timed, urllib3.connection.HTTPConnection):  # type: ignore[misc]
    pass


class _HTTPSConnection(_Timed, urllib3.connection.HTTPSConnection):  # type: ignore[misc]
    """Keeps what was agreed on, and calls a handshake that stalls or is cut a failure of TLS."""

    handshake: Handshake | None = None

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLError:
            raise
        except OSError as failure:
            raise ssl.SSLError(f"handshake: {type(failure).__name__}") from failure
        if isinstance(self.sock, ssl.SSLSocket):
            peer: Any = self.sock.getpeercert() or {}
            self.handshake = Handshake(self.sock.version() or "", peer.get("notAfter", ""))


def pools(
    *, origins: int, connections: int, connector: Connector | None = None
) -> urllib3.PoolManager:
    """Return pools of such connections, for so many origins and so many connections each.

    connector   opens the sockets, when they may not all be opened
    No proxy is read from the environment, no redirect is followed, nothing is sent twice.
    """

    class HTTPConnection(_HTTPConnection):
        pass

    class HTTPSConnection(_HTTPSConnection):
        pass

    class HTTPPool(urllib3.HTTPConnectionPool):
        ConnectionCls = HTTPConnection

    class HTTPSPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = HTTPSConnection

    if connector:
        HTTPConnection.connector = HTTPSConnection.connector = staticmethod(connector)
    manager = urllib3.PoolManager(num_pools=origins, maxsize=connections, retries=False)
    manager.pool_classes_by_scheme = {"http": HTTPPool, "https": HTTPSPool}
    return manager
