"""The only HTTP client towards identity providers.

One deadline for the whole answer, a size limit after decompression, no redirect followed, no proxy
or credential taken from the environment (CVE-2024-47081). A provider that is down, slow, endless
or wandering costs one request at most `IDP_TIMEOUT` seconds, and never more memory than
`IDP_MAX_BYTES`.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

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


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_connections=32, pool_maxsize=32, max_retries=0))
    return session


_SESSION = _session()


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
    deadline = time.monotonic() + settings.IDP_TIMEOUT
    try:
        with _SESSION.request(
            method,
            url,
            data=form,
            headers=headers,
            timeout=settings.IDP_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _read(response, deadline)
            return Answer(response.status_code, response.headers.get("Content-Type", ""), body)
    except (requests.RequestException, HTTPError) as failure:
        raise WireError(f"unreachable: {type(failure).__name__}") from failure


def _read(response: requests.Response, deadline: float) -> bytes:
    """Return the body, or raise WireError at the size limit or at the deadline (slow loris)."""
    parts: list[bytes] = []
    size = 0
    # read1 returns what one reception brought: a byte a second does not stretch the deadline.
    while part := response.raw.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > settings.IDP_MAX_BYTES:
            raise WireError("the answer is too large")
        if time.monotonic() > deadline:
            raise WireError("the answer is too slow")
        parts.append(part)
    return b"".join(parts)
