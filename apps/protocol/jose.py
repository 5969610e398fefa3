"""JOSE signatures and keys (RFC 7515, 7517, 7518, 7519); encryption is in `jwe`.

No other module than these two imports jwcrypto.

Keys are held as objects for the life of the process: building an RSA key from its text costs
44 ms, signing with a kept ES256 key 0.17 ms. Algorithms are pinned by the caller from the
partner's registration, never read from the token: `none`, key confusion (an RS256 public key used
as an HS256 secret) and keys embedded in the header are refused by construction (RFC 8725 §3.1).
"""

import base64
import json
import math
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWSCore

MAX_TOKEN_LENGTH: Final = 64 * 1024
ES256_SIGNATURE_LENGTH: Final = 64  # bytes
MIN_SECRET_LENGTH: Final = 32  # characters (RFC 7518 §3.2: as long as the hash)
RSA_BITS: Final = range(2048, 8193)  # RFC 7518 §3.3, and an end to what one verification may cost
FORBIDDEN_HEADERS: Final = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "zip", "b64"})


class Alg(StrEnum):
    """The signature algorithms that may be registered for a partner (RFC 7518 §3.1)."""

    ES256 = "ES256"
    RS256 = "RS256"
    HS256 = "HS256"


_KEY_TYPE: Final = {Alg.ES256: "EC", Alg.RS256: "RSA"}
_PUBLIC_MEMBERS: Final = {"EC": ("crv", "x", "y"), "RSA": ("n", "e")}  # RFC 7518 §6.2, §6.3
_PRIVATE_MEMBERS: Final = {"EC": ("d",), "RSA": ("d", "p", "q", "dp", "dq", "qi")}
_PRIVATE_OPERATIONS: Final = frozenset({"sign", "unwrapKey"})
_SECRETS: Final = frozenset({"k", "d", "p", "q", "dp", "dq", "qi", "oth"})


class JoseError(Exception):
    """A token or a key that must not be believed; the message names the rule, never a value."""


class UnknownKey(JoseError):
    """No published key has this `kid`: the keys may have been rotated since they were read."""


@dataclass(frozen=True)
class Key:
    """One key with the only algorithm it may serve."""

    kid: str
    alg: Alg
    jwk: JWK


@dataclass(frozen=True)
class KeySet:
    """The keys of one party, in the order it publishes them."""

    keys: tuple[Key, ...]

    def for_alg(self, alg: Alg) -> Key:
        """Return the first key of this algorithm, which is the active one. Raises JoseError."""
        for key in self.keys:
            if key.alg is alg:
                return key
        raise JoseError(f"no {alg} key")

    def find(self, alg: Alg, kid: str | None) -> Key:
        """Return the key that verifies a token of this algorithm.

        A token without `kid` is accepted when exactly one key fits (OIDC Core §10.1); several
        candidates are refused rather than tried one by one.
        Raises UnknownKey for a `kid` that is not there, JoseError otherwise.
        """
        candidates = [key for key in self.keys if key.alg is alg]
        if kid is None:
            if len(candidates) != 1:
                raise JoseError("the token has no kid and several keys fit")
            return candidates[0]
        for key in candidates:
            if key.kid == kid:
                return key
        raise UnknownKey("no key has this kid")


def generate_jwk(alg: Alg | str) -> dict[str, str]:
    """Return a new private signing key as a JWK with `kid` (RFC 7638 thumbprint), `alg`, `use`."""
    alg = Alg(alg)
    return new_private_jwk(_KEY_TYPE[alg], alg=alg.value, use="sig")


def new_private_jwk(kty: str, *, alg: str, use: str) -> dict[str, str]:
    """Return a new private key of P-256 or RSA 2048, with what it serves."""
    size = {"crv": "P-256"} if kty == "EC" else {"size": 2048}
    key = JWK.generate(kty=kty, **size)
    exported: dict[str, str] = key.export(as_dict=True)
    return {**exported, "kid": key.thumbprint(), "alg": alg, "use": use}


def shared_secret_keys(secret: str) -> KeySet:
    """Return the HS256 key set of a partner that shares a client secret with us (Core §10.1)."""
    if len(secret) < MIN_SECRET_LENGTH:
        raise JoseError(f"an HS256 secret has at least {MIN_SECRET_LENGTH} characters")
    encoded = base64.urlsafe_b64encode(secret.encode()).rstrip(b"=").decode()
    return KeySet((Key("", Alg.HS256, JWK(kty="oct", k=encoded)),))


def load_private_keys(document: Mapping[str, object]) -> KeySet:
    """Return our own signing keys from a private JWK Set. Raises JoseError.

    Each private key is built and checked here: a wrong file stops the start, not a sign-in.
    """
    keys = tuple(_load_key(entry, operation="sign") for entry in entries(document))
    if len({key.kid for key in keys}) != len(keys):
        raise JoseError("two keys have the same kid")
    return KeySet(keys)


def load_public_keys(document: Mapping[str, object]) -> KeySet:
    """Return a partner's signature keys from its JWK Set (RFC 7517 §5).

    Keys for other uses, of other types or unusable are left out, as the RFC asks; a set with
    symmetric or private material is refused whole. Raises JoseError when nothing usable is left.
    """
    keys = []
    for entry in entries(document):
        if is_secret(entry):
            raise JoseError("the key set publishes private material")
        try:
            keys.append(_load_key(entry, operation="verify"))
        except JoseError:
            continue
    if not keys:
        raise JoseError("no usable signature key")
    return KeySet(tuple(keys))


def is_secret(entry: Mapping[str, object]) -> bool:
    """Tell whether a key holds symmetric or private material."""
    return bool(_SECRETS & entry.keys())


def public_jwks(keys: KeySet) -> dict[str, list[dict[str, str]]]:
    """Return the JWK Set to publish: public members, `kid`, `alg` and `use` on each key."""
    return {
        "keys": [
            public_entry(key.jwk, kid=key.kid, alg=key.alg.value, use="sig") for key in keys.keys
        ]
    }


def sign(claims: Mapping[str, object], key: Key, *, typ: str = "") -> str:
    """Return the compact JWS of these claims, with `alg` and `kid` in its header."""
    header = {"alg": key.alg.value}
    if key.kid:
        header["kid"] = key.kid
    if typ:
        header["typ"] = typ
    payload = json.dumps(claims, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    protected = json.dumps(header, separators=(",", ":"))
    signed = JWSCore(key.alg.value, key.jwk, protected, payload.encode(), [key.alg.value]).sign()
    return f"{signed['protected']}.{signed['payload'].decode()}.{signed['signature']}"


def header_of(token: str) -> dict[str, object]:
    """Return the protected header of a compact JWS, **not verified**. Raises JoseError."""
    if len(token) > MAX_TOKEN_LENGTH or token.count(".") != 2:
        raise JoseError("not a compact JWS")
    encoded_header, _, _ = (base64url_bytes(part) for part in token.split("."))
    header = parse_json(encoded_header)
    if FORBIDDEN_HEADERS & header.keys():
        raise JoseError("the header carries a forbidden member")
    return header


def unverified_claims(token: str) -> dict[str, object]:
    """Return the payload of a compact JWS, **not verified**: only to find whose key must verify it."""
    header_of(token)
    return parse_json(base64url_bytes(token.split(".")[1]))


def verify(token: str, *, keys: KeySet, alg: Alg) -> dict[str, object]:
    """Return the claims of a JWS signed with this algorithm by one of these keys.

    Only the signature is judged here; the claims are judged by the caller (id_token, userinfo).
    Raises UnknownKey when the `kid` is not published, JoseError for any other reason.
    """
    header = header_of(token)
    if header.get("alg") != alg.value:
        raise JoseError(f"signed with another algorithm than {alg}")
    kid = header.get("kid", "")
    if not isinstance(kid, str):
        raise JoseError("kid is not a string")
    key = keys.find(alg, kid if "kid" in header and alg is not Alg.HS256 else None)
    # RFC 7518 §3.4: jwcrypto also takes longer spellings of the same two numbers.
    if (
        alg is Alg.ES256
        and len(base64url_bytes(token.rpartition(".")[2])) != ES256_SIGNATURE_LENGTH
    ):
        raise JoseError("an ES256 signature has 64 bytes")
    protected, payload, signature = (base64url_bytes(part) for part in token.split("."))
    # The object that jwcrypto wraps this one in judges headers, which `header_of` did already, and
    # costs more than the signature itself.
    try:
        core = JWSCore(alg.value, key.jwk, protected.decode(), payload, [alg.value])
        core.verify(signature)
    except (JWException, ValueError, TypeError) as failure:
        raise JoseError("the signature does not verify") from failure
    return parse_json(payload)


def parse_json(text: bytes | str) -> dict[str, object]:
    """Return a JSON object that every parser reads in the same way (RFC 8259). Raises JoseError.

    UTF-8 only (§8.1), no repeated member (§4), no number beyond a double (§6), no lone surrogate
    (§8.2): two parsers that disagree would not read the same identity.
    """
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        value = json.loads(
            decoded,
            object_pairs_hook=_unique_members,
            parse_float=_finite,
            parse_constant=_no_constant,
        )
        json.dumps(value, ensure_ascii=False).encode()  # UnicodeEncodeError for a lone surrogate
    except (ValueError, RecursionError) as failure:
        raise JoseError("not a JSON object that every parser reads alike") from failure
    if not isinstance(value, dict):
        raise JoseError("not a JSON object")
    return value


def random_token() -> str:
    """Return 256 random bits as 43 URL-safe characters: codes, tokens, cookies, verifiers."""
    return secrets.token_urlsafe(32)


def base64url_bytes(part: str) -> bytes:
    """Return the bytes of a base64url part, in its only spelling (RFC 7515 §2). Raises JoseError."""
    try:
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError as failure:
        raise JoseError("not base64url") from failure
    # Python skips foreign characters: a token would have as many spellings as one likes.
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != part.encode():
        raise JoseError("not base64url")
    return decoded


def entries(document: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the keys of a JWK Set, not judged yet (RFC 7517 §5). Raises JoseError."""
    found = document.get("keys")
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise JoseError("not a JWK Set")
    return found


def build_jwk(entry: Mapping[str, object], *, kty: str, operation: str) -> JWK:
    """Return the key object of an entry, fit for this operation of RFC 7517 §4.3.

    Only P-256 and RSA of `RSA_BITS`; only the members that the key type defines are read. Private
    members are read, and needed, for `sign` and `unwrapKey`. Raises JoseError.
    """
    is_private = operation in _PRIVATE_OPERATIONS
    names = _PUBLIC_MEMBERS[kty] + (_PRIVATE_MEMBERS[kty] if is_private else ())
    # Nothing but these members goes in: from one called `generate`, jwcrypto would make a new key
    # of any size.
    material = {name: entry.get(name) for name in names}
    if material.get("crv", "P-256") != "P-256":
        raise JoseError("unsupported curve")
    try:
        jwk = JWK(kty=kty, **material)
        bits = jwk.get_op_key(operation).key_size
    except (JWException, ValueError, TypeError) as failure:
        raise JoseError("unusable key") from failure
    if kty == "RSA" and bits not in RSA_BITS:
        raise JoseError("RSA keys have 2048 to 8192 bits")
    return jwk


def check_use(entry: Mapping[str, object], use: str, operations: Collection[str]) -> None:
    """Return when the key may be used so (RFC 7517 §4.2, §4.3). Raises JoseError."""
    given = entry.get("key_ops", list(operations))
    if entry.get("use", use) != use or not isinstance(given, list):
        raise JoseError("a key for another use")
    if not any(operation in given for operation in operations):
        raise JoseError("a key for other operations")


def kid_of(entry: Mapping[str, object], jwk: JWK) -> str:
    """Return the name of a key: its `kid`, or its thumbprint (RFC 7638) when it has none."""
    kid = entry.get("kid")
    return kid if kid and isinstance(kid, str) else str(jwk.thumbprint())


def public_entry(jwk: JWK, *, kid: str, alg: str, use: str) -> dict[str, str]:
    """Return what may be published of a key: its public members, and what it serves."""
    exported: dict[str, str] = jwk.export_public(as_dict=True)
    return {**exported, "kid": kid, "alg": alg, "use": use}


def _unique_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("number out of range")
    return number


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _load_key(entry: Mapping[str, object], *, operation: str) -> Key:
    alg = _alg_of(entry)
    check_use(entry, "sig", (operation,))
    jwk = build_jwk(entry, kty=_KEY_TYPE[alg], operation=operation)
    return Key(kid_of(entry, jwk), alg, jwk)


def _alg_of(entry: Mapping[str, object]) -> Alg:
    """Return the algorithm a key serves: the one it states, or the only one for its type."""
    for alg, kty in _KEY_TYPE.items():
        if entry.get("kty") == kty and entry.get("alg", alg.value) == alg.value:
            return alg
    raise JoseError("unsupported key type or algorithm")
