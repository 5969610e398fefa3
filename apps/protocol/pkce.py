"""Proof Key for Code Exchange (RFC 7636), method S256 only."""

import base64
import hashlib
import hmac
import re

METHOD = "S256"
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")


def challenge(verifier: str) -> str:
    """Return the S256 code challenge of a verifier, which is ASCII (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def is_challenge(value: str) -> bool:
    """Tell whether value has the shape of an S256 challenge: 43 base64url characters (§4.2)."""
    return _CHALLENGE.fullmatch(value) is not None


def matches(verifier: str, code_challenge: str) -> bool:
    """Tell, in constant time, whether the verifier answers the challenge (RFC 7636 §4.6)."""
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    return hmac.compare_digest(challenge(verifier).encode(), code_challenge.encode())
