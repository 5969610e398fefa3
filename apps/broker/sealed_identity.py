"""What a browser's secret holds of a citizen: the identity, and the provider's ID token for logout."""

from dataclasses import dataclass

from apps.broker import boxes
from apps.broker.boxes import Purpose
from apps.protocol import errors, pivot, sealing
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import ReceivedIdentity


@dataclass(frozen=True, repr=False)
class Held:
    """An identity in memory, for the time of one request; it never prints itself."""

    identity: ReceivedIdentity
    id_token_hint: str


def seal(held: Held, secret: str, purpose: Purpose) -> bytes:
    """Return the box that this secret opens, for this purpose only."""
    content = {"identity": pivot.to_bytes(held.identity).decode(), "id_token": held.id_token_hint}
    return boxes.seal(content, secret, purpose)


def open_box(box: bytes | memoryview, secret: str, purpose: Purpose) -> Held:
    """Return what the box holds. Raises ProtocolError: SESSION_MISSING for another secret."""
    try:
        members = boxes.unseal(box, secret, purpose)
    except sealing.SealBroken as failure:
        raise ProtocolError(errors.SESSION_MISSING, debug="seal") from failure
    return Held(pivot.from_bytes(members["identity"].encode()), members["id_token"])
