"""What a browser's secret holds of a citizen: the identity, and the provider's ID token for logout."""

import json
from dataclasses import dataclass

from django.conf import settings

from apps.protocol import errors, pivot, sealing
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import ReceivedIdentity

SIGN_IN = "sign-in"
SESSION = "session"


@dataclass(frozen=True, repr=False)
class Held:
    """An identity in memory, for the time of one request; it never prints itself."""

    identity: ReceivedIdentity
    id_token_hint: str


def seal(held: Held, secret: str, *, purpose: str) -> bytes:
    """Return the box that this secret opens, for this purpose only."""
    members = {"identity": pivot.to_bytes(held.identity).decode(), "id_token": held.id_token_hint}
    plaintext = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    return sealing.seal(plaintext, key=_key(secret, purpose), context=purpose.encode())


def open_box(box: bytes | memoryview, secret: str, *, purpose: str) -> Held:
    """Return what the box holds. Raises ProtocolError: SESSION_MISSING for another secret."""
    try:
        plaintext = sealing.open_sealed(
            bytes(box), key=_key(secret, purpose), context=purpose.encode()
        )
    except sealing.SealBroken as failure:
        raise ProtocolError(errors.SESSION_MISSING, debug="seal") from failure
    members = json.loads(plaintext)
    return Held(pivot.from_bytes(members["identity"].encode()), members["id_token"])


def _key(secret: str, purpose: str) -> bytes:
    return sealing.derive_key(settings.SEALING_KEY, secret, purpose=purpose)
