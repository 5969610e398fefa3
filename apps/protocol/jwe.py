"""Encrypted tokens: a signed token inside an encrypted one (RFC 7516, RFC 7519 §5.2).

Encryption hides an answer from those it crosses; it proves nothing of who wrote it, since our
encryption keys are public. So what is inside is always a JWS, which the caller verifies like any
other. Algorithms are pinned by the caller from the partner's registration: RSA1_5, `dir` and any
other choice of the token are refused before a key is touched. `zip` is refused, not bounded: a
compressed token would be as large as its sender likes (CVE-2024-28102, CVE-2024-33664), and its
length would tell about its content.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jwcrypto.common import JWException
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from apps.protocol import jose
from apps.protocol.jose import JoseError

IV_LENGTH: Final = 12  # bytes (RFC 7518 §5.3)
TAG_LENGTH: Final = 16  # bytes: a shorter one may be guessed
ALLOWED_HEADERS: Final = frozenset({"alg", "enc", "kid", "typ", "cty", "epk", "apu", "apv"})
EPK_MEMBERS: Final = frozenset({"kty", "crv", "x", "y"})


class KeyManagement(StrEnum):
    """How the key of the content travels (RFC 7518 §4.1)."""

    ECDH_ES = "ECDH-ES"
    RSA_OAEP_256 = "RSA-OAEP-256"
    RSA_OAEP = "RSA-OAEP"


class ContentEncryption(StrEnum):
    """How the content is encrypted (RFC 7518 §5.1)."""

    A256GCM = "A256GCM"


_KEY_TYPE: Final = {
    KeyManagement.ECDH_ES: "EC",
    KeyManagement.RSA_OAEP_256: "RSA",
    KeyManagement.RSA_OAEP: "RSA",
}
_OPERATIONS: Final = {
    KeyManagement.ECDH_ES: ("deriveKey", "deriveBits"),
    KeyManagement.RSA_OAEP_256: ("unwrapKey", "wrapKey", "decrypt", "encrypt"),
    KeyManagement.RSA_OAEP: ("unwrapKey", "wrapKey", "decrypt", "encrypt"),
}


@dataclass(frozen=True)
class EncryptionKey:
    """One key with the only algorithm it may serve."""

    kid: str
    alg: KeyManagement
    jwk: JWK


Keys = tuple[EncryptionKey, ...]


def generate_jwk(alg: KeyManagement | str) -> dict[str, str]:
    """Return a new private decryption key as a JWK with `kid`, `alg` and `use`."""
    alg = KeyManagement(alg)
    return jose.new_private_jwk(_KEY_TYPE[alg], alg=alg.value, use="enc")


def load_private_keys(document: Mapping[str, object]) -> Keys:
    """Return our own decryption keys from a private JWK Set. Raises JoseError."""
    return tuple(_load(entry, "unwrapKey") for entry in jose.entries(document))


def load_public_keys(document: Mapping[str, object]) -> Keys:
    """Return the encryption keys that a party publishes, in its order; others are left out.

    Raises JoseError when the document is not a JWK Set.
    """
    keys = []
    for entry in jose.entries(document):
        try:
            keys.append(_load(entry, "wrapKey"))
        except JoseError:
            continue
    return tuple(keys)


def public_entries(keys: Keys) -> list[dict[str, str]]:
    """Return what is published of our keys: public members, `kid`, `alg` and `use: enc`."""
    return [jose.public_entry(key.jwk, kid=key.kid, alg=key.alg.value, use="enc") for key in keys]


def for_alg(keys: Keys, alg: KeyManagement) -> EncryptionKey:
    """Return the first key of this algorithm, which is the active one. Raises JoseError."""
    for key in keys:
        if key.alg is alg:
            return key
    raise JoseError(f"no {alg} key")


def encrypt(token: str, key: EncryptionKey, enc: ContentEncryption) -> str:
    """Return the compact JWE of a signed token, for the holder of this key."""
    header = {"alg": key.alg.value, "enc": enc.value, "kid": key.kid, "cty": "JWT"}
    box = JWE(token.encode("ascii"), json.dumps(header), algs=[key.alg.value, enc.value])
    box.add_recipient(key.jwk)
    sealed: str = box.serialize(compact=True)
    return sealed


def decrypt(token: str, *, keys: Keys, alg: KeyManagement, enc: ContentEncryption) -> str:
    """Return the compact JWS inside an encrypted token, **not verified yet**.

    token   at most `jose.MAX_TOKEN_LENGTH` characters; what is inside is shorter, as `zip` is refused
    keys    ours; OIDC Core §10.2 has the sender name one by `kid`, since we publish several
    Raises JoseError, with one sentence for all that fails once a key is used: how it failed would
    help to guess the content.
    """
    parts = _parts(token)
    header = jose.parse_json(parts[0])
    _check_header(header, alg, enc)
    if len(parts[2]) != IV_LENGTH or len(parts[4]) != TAG_LENGTH:
        raise JoseError("the initialisation vector or the tag has another length")
    key = _find(keys, alg, header.get("kid"))
    box = JWE(algs=[alg.value, enc.value])
    try:
        box.deserialize(token)
        box.decrypt(key.jwk)
        inside: str = box.payload.decode("ascii")
    except (JWException, ValueError, TypeError) as failure:
        raise JoseError("the token cannot be decrypted") from failure
    return inside


def _parts(token: str) -> list[bytes]:
    if len(token) > jose.MAX_TOKEN_LENGTH or token.count(".") != 4:
        raise JoseError("not a compact JWE")
    return [jose.base64url_bytes(part) for part in token.split(".")]


def _check_header(header: Mapping[str, object], alg: KeyManagement, enc: ContentEncryption) -> None:
    if not header.keys() <= ALLOWED_HEADERS:
        raise JoseError("the header carries a forbidden member")
    if header.get("alg") != alg.value or header.get("enc") != enc.value:
        raise JoseError(f"encrypted with other algorithms than {alg} and {enc}")
    if str(header.get("cty", "JWT")).upper() != "JWT":
        raise JoseError("the content is not a token")
    # RFC 7518 §4.6.1.1. Exactly these members, as texts: jwcrypto builds a key from whatever is
    # there, and would make one of any size from a member called `generate`.
    epk = header.get("epk")
    if alg is KeyManagement.ECDH_ES:
        if not isinstance(epk, dict) or epk.keys() != EPK_MEMBERS:
            raise JoseError("the ephemeral key is not a public key")
        jose.build_jwk(epk, kty=_KEY_TYPE[alg], operation="wrapKey")
    elif epk is not None:
        raise JoseError("the header carries a forbidden member")


def _find(keys: Keys, alg: KeyManagement, kid: object) -> EncryptionKey:
    for key in keys:
        if key.alg is alg and key.kid == kid:
            return key
    raise JoseError("no key of ours has this kid")


def _load(entry: Mapping[str, object], operation: str) -> EncryptionKey:
    try:
        alg = KeyManagement(str(entry.get("alg")))
    except ValueError as failure:
        raise JoseError("unsupported algorithm") from failure
    if entry.get("kty") != _KEY_TYPE[alg]:
        raise JoseError("a key of another type than its algorithm")
    jose.check_use(entry, "enc", _OPERATIONS[alg])
    jwk = jose.build_jwk(entry, kty=_KEY_TYPE[alg], operation=operation)
    return EncryptionKey(jose.kid_of(entry, jwk), alg, jwk)
