"""The only HTTP client towards identity providers.

One deadline for the whole answer, a size limit after decompression, no redirect followed, no proxy
or credential taken from the environment (CVE-2024-47081). A provider that is down, slow, endless
or wandering costs one request at most `IDP_TIMEOUT` seconds, and never more memory than
`IDP_MAX_BYTES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import urllib3
from django.conf import settings

from apps.identity_providers import deadline

CHUNK = 65_536  # bytes
USER_AGENT = "FranceConnect"


class WireError(Exception):
    """No usable answer; the message says which of reach, time, size or status failed."""


@dataclass(frozen=True)
class Answer:
    """A complete answer within the limits. body is bytes, after decompression."""

    status: int
    content_type: str
    body: bytes
    cache_control: str = ""


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
        try:
            body = _read(response)
        except BaseException:
            response.close()  # what remains unread must not be taken for the next answer
            raise
        response.release_conn()
        kept_for = response.headers.get("Cache-Control", "")
        return Answer(response.status, response.headers.get("Content-Type", ""), body, kept_for)
    except urllib3.exceptions.TimeoutError as failure:
        raise WireError("the answer is too slow") from failure
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as failure:
        raise WireError(f"unreachable: {type(failure).__name__}") from failure


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    """Return the body, or raise WireError at the size limit."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > settings.IDP_MAX_BYTES:
            raise WireError("the answer is too large")
        parts.append(part)
    return b"".join(parts)
