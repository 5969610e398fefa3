"""Changing a private key without a refusal: announce, activate, retire.

A key that signs before it was published is refused by those who keep what we published; a key that
is encrypted to before each of our processes holds it cannot be read. So a new key first waits
behind the active one, published and able to decrypt, then takes its place, and the former one goes
once nobody can still rely on it. These functions change the text of a private JWK Set and nothing
else: `iat` and `nbf`, which are never published, say when a key was announced and activated.
"""

from collections.abc import Mapping
from typing import Final

from apps.protocol import jose

DELAY: Final = 24 * 3600  # seconds: longer than our partners keep our keys

Document = Mapping[str, object]
Entry = Mapping[str, object]


class RotationError(Exception):
    """A step that would be refused by partners; the message says which rule."""


def active(document: Document, alg: str) -> Entry | None:
    """Return the key of an algorithm that serves: the first one."""
    return next(iter(_of(document, alg)), None)


def announced(document: Document, alg: str) -> Entry | None:
    """Return the key that waits to take the place of the active one."""
    ours = _of(document, alg)
    return next((key for key in ours[1:] if _time(key, "iat") > _time(ours[0], "iat")), None)


def former(document: Document, alg: str) -> list[Entry]:
    """Return the keys that served before the active one."""
    waiting = announced(document, alg)
    return [key for key in _of(document, alg)[1:] if key is not waiting]


def announce(document: Document, key: Entry, *, now: int) -> dict[str, object]:
    """Return the set with a new key behind the others. Raises RotationError."""
    if announced(document, str(key["alg"])):
        raise RotationError("a key waits already")
    return _with(document, [*jose.entries(document), {**key, "iat": now}])


def activate(document: Document, alg: str, *, now: int, hurried: bool) -> dict[str, object]:
    """Return the set with the announced key before the others. Raises RotationError.

    hurried   do not wait for DELAY: the active key is in the wrong hands
    """
    key = announced(document, alg)
    if key is None:
        raise RotationError("no key waits")
    _check_delay(_time(key, "iat"), now, hurried)
    others = [entry for entry in jose.entries(document) if entry is not key]
    return _with(document, [{**key, "nbf": now}, *others])


def retire(document: Document, alg: str, *, now: int, hurried: bool) -> dict[str, object]:
    """Return the set without the former keys. Raises RotationError."""
    gone, current = former(document, alg), active(document, alg)
    if not gone or current is None:
        raise RotationError("no former key")
    _check_delay(_time(current, "nbf"), now, hurried)
    kids = [key.get("kid") for key in gone]
    return _with(document, [e for e in jose.entries(document) if e.get("kid") not in kids])


def _of(document: Document, alg: str) -> list[Entry]:
    return [entry for entry in jose.entries(document) if entry.get("alg") == alg]


def _with(document: Document, keys: list[Entry]) -> dict[str, object]:
    return {**document, "keys": keys}


def _time(key: Entry, name: str) -> int:
    value = key.get(name, 0)
    return value if isinstance(value, int) else 0


def _check_delay(since: int, now: int, hurried: bool) -> None:
    if not hurried and now - since < DELAY:
        raise RotationError("too early")
