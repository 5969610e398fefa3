"""The only HTTP client towards identity providers.

One deadline for the whole answer, a size limit after decompression, no redirect followed, no proxy
or credential taken from the environment (CVE-2024-47081). A provider that is down, slow, endless
or wandering costs one request at most `IDP_TIMEOUT` seconds, and never more memory than
`IDP_MAX_BYTES`.
"""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

import urllib3
from django.conf import settings

from apps.identity_providers import deadline

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
    """

    def __init__(self, message: str, *, stage: Stage, verify_code: int = 0) -> None:
        super().__init__(message)
        self.stage = stage
        self.verify_code = verify_code


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


# In this order: urllib3 calls a name that does not resolve, or a refused connection, a time-out too.
_STAGES: Final[Sequence[tuple[type[Exception], Stage]]] = (
    (urllib3.exceptions.NameResolutionError, Stage.DNS),
    (urllib3.exceptions.ConnectTimeoutError, Stage.TCP),
    (urllib3.exceptions.SSLError, Stage.TLS),
    (urllib3.exceptions.TimeoutError, Stage.TIME),
    (TimeoutError, Stage.TIME),
)

_POOL = deadline.pools(origins=64, connections=8)


def get(url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer to a GET. Raises WireError."""
    return _call("GET", url, headers=headers)


def post(url: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer to a form POST, never retried: a code is redeemed once. Raises WireError."""
    return _call("POST", url, headers=headers, form=form)


def _call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **(headers or {})}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        response = _POOL.request(
            method,
            url,
            body=None if form is None else urlencode(form),
            headers=sent,
            timeout=urllib3.Timeout(total=settings.IDP_TIMEOUT),
            redirect=False,
            preload_content=False,
        )
        handshake = getattr(response.connection, "handshake", None)
        try:
            body = _read(response)
        except BaseException:
            response.close()  # what remains unread must not be taken for the next answer
            raise
        response.release_conn()
        content_type = response.headers.get("Content-Type", "")
        return Answer(response.status, content_type, body, response.headers, handshake)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as failure:
        raise _explained(failure) from failure


def _explained(failure: Exception) -> WireError:
    """Return the error of a request, with the stage that failed."""
    stage = next((stage for kind, stage in _STAGES if isinstance(failure, kind)), Stage.HTTP)
    if stage is Stage.TIME:
        return WireError("the answer is too slow", stage=stage)
    origin = failure.args[0] if failure.args else None
    code = origin.verify_code if isinstance(origin, ssl.SSLCertVerificationError) else 0
    return WireError(f"unreachable: {type(failure).__name__}", stage=stage, verify_code=code)


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    """Return the body, or raise WireError at the size limit."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > settings.IDP_MAX_BYTES:
            raise WireError("the answer is too large", stage=Stage.SIZE)
        parts.append(part)
    return b"".join(parts)
