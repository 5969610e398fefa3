"""The keys of the broker as a client, read from where it publishes them and kept.

They are read when a citizen arrives, not when the broker calls: were they read then, each thread of
the broker could be waiting for a site that waits for a thread of the broker. Nothing is read at the
start, so that the sites of the sandbox may come up in any order.
"""

import threading
import time
from dataclasses import dataclass

import requests
from django.conf import settings

from apps.protocol import jose, jwe

PATH = "/api/v2/client/.well-known/keys"
LIFETIME = 600  # seconds
PATIENCE = 2.0  # seconds


class Unreadable(Exception):
    """The broker does not publish keys that can be used; the message says why."""


@dataclass(frozen=True)
class BrokerKeys:
    """What the broker signs its assertions with, and what it wants its answers encrypted to."""

    signing: jose.KeySet
    encryption: jwe.Keys


_lock = threading.Lock()
_kept: tuple[float, str, BrokerKeys] | None = None  # when, from where, what


def prepare() -> None:
    """Have fresh keys at hand, if the broker answers."""
    try:
        current(max_age=LIFETIME)
    except Unreadable:
        return  # said to the broker, which will call and can do something about it


def current(*, max_age: float = float("inf")) -> BrokerKeys:
    """Return the keys, at most so many seconds old if they can be read now. Raises Unreadable."""
    global _kept
    address = settings.BROKER_URL + PATH
    with _lock:
        kept = _kept if _kept and _kept[1] == address else None
        if kept and time.monotonic() - kept[0] < max_age:
            return kept[2]
        try:
            keys = _read(address)
        except Unreadable:
            if kept is None:
                raise
            return kept[2]
        _kept = (time.monotonic(), address, keys)
        return keys


def _read(address: str) -> BrokerKeys:
    try:
        answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
        document = jose.parse_json(answer.content)
        return BrokerKeys(jose.load_public_keys(document), jwe.load_public_keys(document))
    except (requests.RequestException, jose.JoseError) as failure:
        raise Unreadable(f"{address}: {failure}") from failure
