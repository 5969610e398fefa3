"""The identity's hand-over: each holder's secret opens its own box and no other.

sign-in (cookie) → grant (authorization code) → access token. At each step the box is opened with
the secret that ends and sealed with the secret that begins; the former box is blanked.
"""

import json

from django.conf import settings

from apps.protocol import sealing

CODE = "authorization code"
TOKEN = "access token"  # noqa: S105 - a purpose, not a secret


def seal_claims(claims: dict[str, object], bearer: str, *, purpose: str) -> bytes:
    """Return the claims sealed under a bearer secret and the server key."""
    plaintext = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    return sealing.seal(plaintext, key=_key(bearer, purpose), context=purpose.encode())


def open_claims(box: bytes | memoryview, bearer: str, *, purpose: str) -> dict[str, object]:
    """Return the claims of a box. Raises SealBroken."""
    plaintext = sealing.open_sealed(bytes(box), key=_key(bearer, purpose), context=purpose.encode())
    claims: dict[str, object] = json.loads(plaintext)
    return claims


def _key(bearer: str, purpose: str) -> bytes:
    return sealing.derive_key(settings.SEALING_KEY, bearer, purpose=purpose)
