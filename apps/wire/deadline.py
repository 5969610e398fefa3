"""Connections whose whole answer, headers included, must come before a deadline.

The timeout of a socket bounds one reception: a server that sends a byte a second keeps a thread for
as long as it likes. Here each reception is given what remains of the time of the whole answer.
"""

import io
import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

import urllib3


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
    """A connection that gives each answer the timeout of its call, counted from its request."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._deadline = time.monotonic() + self.timeout  # type: ignore[attr-defined]
        super().request(*args, **kwargs)  # type: ignore[misc]

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


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


def pools(*, origins: int, connections: int) -> urllib3.PoolManager:
    """Return pools of such connections, for so many origins and so many connections each.

    No proxy is read from the environment, no redirect is followed, nothing is sent twice.
    """
    manager = urllib3.PoolManager(num_pools=origins, maxsize=connections, retries=False)
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return manager
