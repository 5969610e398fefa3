"""Sealing: what must cross a request without ever being readable at rest.

The identity of a citizen lives a few minutes between the identity provider's answer and the
service's call to /userinfo. It is kept as AES-256-GCM under a key derived from two halves: a
server key, outside the database, and a *bearer secret* that only the holder has (the browser's
cookie, then the authorization code, then the access token). The database holds the SHA-256 of the
bearer secret, never the secret: a dump and the server key together open nothing.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_SIZE = 12
KEY_SIZE = 32


class SealBroken(Exception):
    """The box was not sealed with this key and context, or it was altered."""


def derive_key(server_key: bytes, bearer: str, *, purpose: str) -> bytes:
    """Return a 32-byte key that needs both the server key and the bearer secret (RFC 5869).

    purpose separates the uses of one secret: a key derived for one never opens another's box.
    ValueError when half of the key is missing: no bearer secret, or a server key under 32 bytes.
    """
    if not bearer:
        raise ValueError("a key needs its bearer secret")
    extracted = hmac.digest(_checked(server_key), bearer.encode(), "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


def derive_server_key(server_key: bytes, *, purpose: str) -> bytes:
    """Return a 32-byte key for what the server itself must read again, without any bearer.

    For the secrets of partners and the recipient of a message; never for an identity.
    ValueError for a server key under 32 bytes.
    """
    return hmac.digest(_checked(server_key), b"server\x00" + purpose.encode() + b"\x01", "sha256")


def _checked(server_key: bytes) -> bytes:
    if len(server_key) < KEY_SIZE:
        raise ValueError(f"a server key has at least {KEY_SIZE} bytes")
    return server_key


def seal(plaintext: bytes, *, key: bytes, context: bytes) -> bytes:
    """Return nonce ‖ ciphertext ‖ tag; context is authenticated, not stored (AEAD, RFC 5116)."""
    nonce = os.urandom(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def open_sealed(box: bytes, *, key: bytes, context: bytes) -> bytes:
    """Return the plaintext of a box made by `seal` with the same key and context.

    Raises SealBroken for anything else.
    """
    try:
        return AESGCM(key).decrypt(box[:NONCE_SIZE], box[NONCE_SIZE:], context)
    except (InvalidTag, ValueError) as failure:
        raise SealBroken from failure


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a bearer secret in hexadecimal: what the database may keep of it.

    Secrets hold 256 bits of entropy, so a bare hash needs neither salt nor stretching.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
