"""One call to another machine and its whole answer, within limits, or `WireError`.

One deadline for the whole answer, a size limit after decompression, no redirect followed, no proxy
or credential taken from the environment (CVE-2024-47081), nothing sent twice. A machine that is
down, slow, endless or wandering costs one deadline at most, and never more memory than the limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import urllib3

CHUNK = 65_536  # bytes
USER_AGENT = "FranceConnect"


class WireError(Exception):
    """No usable answer; the message says which of reach, time, size or status failed."""


class NoAnswer(WireError):
    """The answer did not come, or not whole: too slow, or cut."""


@dataclass(frozen=True)
class Answer:
    """A complete answer within the limits. body is bytes, after decompression."""

    status: int
    content_type: str
    body: bytes


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

    seconds   for the whole answer, counted from the request; for the connection too
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
        try:
            content = _read(response, max_bytes)
        except BaseException:
            response.close()  # what remains unread must not be taken for the next answer
            raise
        response.release_conn()
        return Answer(response.status, response.headers.get("Content-Type", ""), content)
    except urllib3.exceptions.NewConnectionError as failure:  # to urllib3, a timeout
        raise WireError("unreachable: refused or unknown") from failure
    except urllib3.exceptions.TimeoutError as failure:
        raise NoAnswer("the answer is too slow") from failure
    except urllib3.exceptions.ProtocolError as failure:
        raise NoAnswer(f"cut: {type(failure).__name__}") from failure
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as failure:
        raise WireError(f"unreachable: {type(failure).__name__}") from failure


def _read(response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
    """Return the body, or raise WireError at the size limit."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > max_bytes:
            raise WireError("the answer is too large")
        parts.append(part)
    return b"".join(parts)
