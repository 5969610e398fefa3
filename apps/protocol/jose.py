"""JOSE: the only importer of jwcrypto (RFC 7515, 7517, 7518, 7519).

Keys are held as objects for the life of the process: building an RSA key from its text costs
44 ms, signing with a kept ES256 key 0.17 ms. Algorithms are pinned by the caller from the
partner's registration, never read from the token: `none`, key confusion (an RS256 public key used
as an HS256 secret) and keys embedded in the header are refused by construction (RFC 8725 §3.1).
"""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

MAX_TOKEN_LENGTH: Final = 64 * 1024
FORBIDDEN_HEADERS: Final = frozenset({"jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "zip", "b64"})


class Alg(StrEnum):
    """The signature algorithms that may be registered for a partner (RFC 7518 §3.1)."""

    ES256 = "ES256"
    RS256 = "RS256"
    HS256 = "HS256"


_KEY_TYPE: Final = {Alg.ES256: "EC", Alg.RS256: "RSA", Alg.HS256: "oct"}


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
    """Return a new private key as a JWK with `kid` (RFC 7638 thumbprint), `alg` and `use`."""
    alg = Alg(alg)
    key = JWK.generate(kty="EC", crv="P-256") if alg is Alg.ES256 else JWK.generate(kty="RSA", size=2048)
    exported: dict[str, str] = key.export(as_dict=True)
    return {**exported, "kid": key.thumbprint(), "alg": alg.value, "use": "sig"}


def shared_secret_keys(secret: str) -> KeySet:
    """Return the HS256 key set of a partner that shares a client secret with us (Core §10.1)."""
    if len(secret) < 32:
        raise JoseError("an HS256 secret has at least 32 characters")
    encoded = base64.urlsafe_b64encode(secret.encode()).rstrip(b"=").decode()
    return KeySet((Key("", Alg.HS256, JWK(kty="oct", k=encoded)),))


def load_private_keys(document: Mapping[str, object]) -> KeySet:
    """Return our own signing keys from a private JWK Set. Raises JoseError."""
    return KeySet(tuple(_load_key(entry) for entry in _entries(document)))


def load_public_keys(document: Mapping[str, object]) -> KeySet:
    """Return a partner's signature keys from its JWK Set (RFC 7517 §5).

    Keys for other uses, of other types or unusable are left out, as the RFC asks; symmetric and
    private material is refused. Raises JoseError when nothing usable is left.
    """
    keys = []
    for entry in _entries(document):
        if entry.get("use", "sig") != "sig" or entry.get("kty") not in ("EC", "RSA"):
            continue
        if "d" in entry:
            raise JoseError("the key set publishes private material")
        try:
            keys.append(_load_key(entry))
        except JoseError:
            continue
    if not keys:
        raise JoseError("no usable signature key")
    return KeySet(tuple(keys))


def public_jwks(keys: KeySet) -> dict[str, list[dict[str, str]]]:
    """Return the JWK Set to publish: public members, `kid`, `alg` and `use` on each key."""
    return {"keys": [_public(key) for key in keys.keys]}


def sign(claims: Mapping[str, object], key: Key, *, typ: str = "") -> str:
    """Return the compact JWS of these claims, with `alg` and `kid` in its header."""
    header = {"alg": key.alg.value}
    if key.kid:
        header["kid"] = key.kid
    if typ:
        header["typ"] = typ
    token = JWS(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
    token.add_signature(key.jwk, None, json.dumps(header))
    serialized: str = token.serialize(compact=True)
    return serialized


def header_of(token: str) -> dict[str, object]:
    """Return the protected header of a compact JWS, **not verified**. Raises JoseError."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > MAX_TOKEN_LENGTH:
        raise JoseError("not a compact JWS")
    header = parse_json(_decode(parts[0]))
    if FORBIDDEN_HEADERS & header.keys():
        raise JoseError("the header carries a forbidden member")
    return header


def unverified_claims(token: str) -> dict[str, object]:
    """Return the payload of a compact JWS, **not verified**: only to find whose key must verify it."""
    header_of(token)
    return parse_json(_decode(token.split(".")[1]))


def verify(token: str, *, keys: KeySet, alg: Alg) -> dict[str, object]:
    """Return the claims of a JWS signed with this algorithm by one of these keys.

    Only the signature is judged here; the claims are judged by the caller (id_token, userinfo).
    Raises UnknownKey when the `kid` is not published, JoseError for any other reason.
    """
    header = header_of(token)
    if header.get("alg") != alg.value:
        raise JoseError(f"signed with another algorithm than {alg}")
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise JoseError("kid is not a string")
    key = keys.find(alg, None if alg is Alg.HS256 else kid)
    jws = JWS()
    jws.allowed_algs = [alg.value]
    try:
        jws.deserialize(token, key.jwk)
    except (JWException, ValueError, TypeError) as failure:
        raise JoseError("the signature does not verify") from failure
    return parse_json(jws.payload)


def parse_json(text: bytes | str) -> dict[str, object]:
    """Return a JSON object whose keys are unique (RFC 8259 §4). Raises JoseError.

    Two parsers that disagree on a repeated key would not read the same identity.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique_members, parse_constant=_no_constant)
    except (ValueError, RecursionError) as failure:
        raise JoseError("not a JSON object with unique members") from failure
    if not isinstance(value, dict):
        raise JoseError("not a JSON object")
    return value


def random_token() -> str:
    """Return 256 random bits as 43 URL-safe characters: codes, tokens, cookies, verifiers."""
    return secrets.token_urlsafe(32)


def _unique_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _decode(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError) as failure:
        raise JoseError("not base64url") from failure


def _entries(document: Mapping[str, object]) -> Iterable[dict[str, object]]:
    entries = document.get("keys")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise JoseError("not a JWK Set")
    return entries


def _load_key(entry: Mapping[str, object]) -> Key:
    kty = entry.get("kty")
    named = entry.get("alg") or {"EC": "ES256", "RSA": "RS256"}.get(str(kty))
    if named not in Alg.__members__:
        raise JoseError("unsupported algorithm")
    alg = Alg(str(named))
    if _KEY_TYPE[alg] != kty or (kty == "EC" and entry.get("crv") != "P-256"):
        raise JoseError("the key type does not fit its algorithm")
    try:
        jwk = JWK(**entry)
        jwk.get_op_key("verify")
    except (JWException, ValueError, TypeError) as failure:
        raise JoseError("unusable key") from failure
    kid = entry.get("kid")
    if kty == "RSA" and jwk.get_op_key("verify").key_size < 2048:
        raise JoseError("RSA keys have at least 2048 bits")
    return Key(kid if isinstance(kid, str) else "", alg, jwk)


def _public(key: Key) -> dict[str, str]:
    exported: dict[str, str] = key.jwk.export_public(as_dict=True)
    return {**exported, "kid": key.kid, "alg": key.alg.value, "use": "sig"}
