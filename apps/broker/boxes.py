"""Boxes: JSON that only the holder of a bearer secret opens, for one purpose.

The identity's hand-over: sign-in (cookie) → session (cookie), or → grant (authorization code) →
access token. At each step a box is opened with the secret that ends, and another sealed with the
secret that begins. A purpose separates the uses of one secret: the key of one opens no other box.
"""

import json
from enum import StrEnum
from typing import Any

from django.conf import settings

from apps.protocol import sealing


class Purpose(StrEnum):
    """What a box is for; part of its key, and authenticated with it."""

    SIGN_IN = "sign-in"
    SESSION = "session"
    ANSWER = "answer to the service"
    CODE = "authorization code"
    TOKEN = "access token"  # noqa: S105 - a purpose, not a secret


def seal(content: object, bearer: str, purpose: Purpose) -> bytes:
    """Return the box that this bearer secret opens, with the server key."""
    plaintext = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return sealing.seal(plaintext, key=_key(bearer, purpose), context=purpose.encode())


def unseal(box: bytes | memoryview, bearer: str, purpose: Purpose) -> Any:
    """Return the content. Raises SealBroken for another secret, another purpose or another box."""
    return json.loads(
        sealing.open_sealed(bytes(box), key=_key(bearer, purpose), context=purpose.encode())
    )


def _key(bearer: str, purpose: Purpose) -> bytes:
    return sealing.derive_key(settings.SEALING_KEY, bearer, purpose=purpose)
