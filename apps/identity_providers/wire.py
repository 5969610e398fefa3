"""The only HTTP client towards identity providers, within the limits of `apps.wire`.

A provider that is down, slow, endless or wandering costs `IDP_TIMEOUT` seconds at most each time,
and never more memory than `IDP_MAX_BYTES`. It is never a way into our own network
(`destinations`).
"""

import time
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings

from apps.identity_providers import destinations
from apps.wire import deadline, exchange
from apps.wire.exchange import Answer, Cut, Stage, WireError

__all__ = ["Answer", "Stage", "WireError", "get", "post"]

_POOL = deadline.pools(origins=64, connections=8, connector=destinations.connect)


def get(url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer to a GET, asked once more if it was cut (RFC 9110 §9.2.2). Raises WireError.

    The two together cost `IDP_TIMEOUT` seconds at most; what is raised is what the first met.
    """
    begun = time.monotonic()
    try:
        return _call("GET", url, headers=headers)
    except Cut as cut:
        left = settings.IDP_TIMEOUT - (time.monotonic() - begun)
        try:
            return _call("GET", url, headers=headers, seconds=max(0.001, left))
        except WireError:
            raise cut from None


def post(url: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer to a form POST, never retried: a code is redeemed once. Raises WireError."""
    return _call("POST", url, headers=headers, form=form)


def _call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None,
    form: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Answer:
    destinations.check(url)
    sent = dict(headers or {})
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    return exchange.call(
        _POOL,
        method,
        url,
        seconds=seconds or settings.IDP_TIMEOUT,
        max_bytes=settings.IDP_MAX_BYTES,
        headers=sent,
        body=None if form is None else urlencode(form),
    )
