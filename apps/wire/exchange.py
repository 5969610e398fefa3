"""One call to another machine and its whole answer, within limits, or `WireError`.

One deadline for the whole answer, a size limit after decompression, no redirect followed, no proxy
or credential taken from the environment (CVE-2024-47081), nothing sent twice. A machine that is
down, slow, endless or wandering costs one deadline at most, and never more memory than the limit.
"""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import urllib3

from apps.wire import deadline

CHUNK = 65_536  # bytes
USER_AGENT = "FranceConnect"


class Stage(StrEnum):
    """Where a request failed, in the order a request meets them."""

    ADDRESS = "address"  # an address that we do not call
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"
    TIME = "time"  # the answer had begun to be awaited
    SIZE = "size"


class WireError(Exception):
    """No usable answer: `stage` says what failed, and the message says it to a person.

    verify_code  why OpenSSL refused a certificate (X509_V_ERR_…, x509_vfy.h), 0 when it did not
    is_in_clear  TLS was spoken to a machine that answered something else
    """

    def __init__(
        self, message: str, *, stage: Stage, verify_code: int = 0, is_in_clear: bool = False
    ) -> None:
        super().__init__(message)
        self.stage = stage
        self.verify_code = verify_code
        self.is_in_clear = is_in_clear


class NoAnswer(WireError):
    """The answer did not come, or not whole: too slow, or cut."""


class Cut(NoAnswer):
    """The machine hung up before its answer began, maybe as we began to speak."""


@dataclass(frozen=True)
class Answer:
    """A complete answer within the limits. body is bytes, after decompression.

    headers are found whatever their case; tls is None when the answer came in clear.
    """

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    tls: deadline.Handshake | None = None


# urllib3 calls a name that does not resolve, or a refused connection, a time-out too.
_NOT_LATE: Final = (
    urllib3.exceptions.NewConnectionError, urllib3.exceptions.NameResolutionError,
)  # fmt: skip
# OpenSSL's reasons (sslerr.h) when the first bytes it is answered are not a record of TLS.
_NOT_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG"})
# In this order, for the same reason.
_STAGES: Final[Sequence[tuple[type[Exception], Stage]]] = (
    (urllib3.exceptions.NameResolutionError, Stage.DNS),
    (urllib3.exceptions.ConnectTimeoutError, Stage.TCP),
    (urllib3.exceptions.SSLError, Stage.TLS),
    (urllib3.exceptions.TimeoutError, Stage.TIME),
    (TimeoutError, Stage.TIME),
)


def call(
    pool: urllib3.PoolManager,
    method: str,
    url: str,
    *,
    seconds: float,
    max_bytes: int,
    headers: Mapping[str, str],
    body: str | None = None,
) -> Answer:
    """Return the answer of a machine reached through these pools (`deadline.pools`).

    seconds   for the whole answer, the connection included
    Raises WireError; NoAnswer is one.
    """
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **headers}
    try:
        response = pool.request(
            method,
            url,
            body=body,
            headers=sent,
            timeout=urllib3.Timeout(total=seconds),
            redirect=False,
            preload_content=False,
        )
        handshake = getattr(response.connection, "handshake", None)
        try:
            content = _read(response, max_bytes)
        except BaseException:
            response.close()  # what remains unread must not be taken for the next answer
            raise
        response.release_conn()
        content_type = response.headers.get("Content-Type", "")
        return Answer(response.status, content_type, content, response.headers, handshake)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as failure:
        raise _explained(failure) from failure


def _explained(failure: Exception) -> WireError:
    """Return the error of a request, with the stage that failed."""
    stage = next((stage for kind, stage in _STAGES if isinstance(failure, kind)), Stage.HTTP)
    is_late = isinstance(failure, urllib3.exceptions.ConnectTimeoutError)
    if stage is Stage.TIME or (is_late and not isinstance(failure, _NOT_LATE)):
        return NoAnswer("the answer is too slow", stage=stage)
    if isinstance(failure, urllib3.exceptions.ProtocolError):
        kind = Cut if isinstance(failure.args[-1], ConnectionError) else NoAnswer
        return kind(f"cut: {type(failure).__name__}", stage=stage)
    origin = failure.args[0] if failure.args else None
    code = origin.verify_code if isinstance(origin, ssl.SSLCertVerificationError) else 0
    in_clear = isinstance(origin, ssl.SSLError) and getattr(origin, "reason", "") in _NOT_TLS
    message = f"unreachable: {type(failure).__name__}"
    return WireError(message, stage=stage, verify_code=code, is_in_clear=in_clear)


def _read(response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
    """Return the body, or raise WireError at the size limit."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > max_bytes:
            raise WireError("the answer is too large", stage=Stage.SIZE)
        parts.append(part)
    return b"".join(parts)
