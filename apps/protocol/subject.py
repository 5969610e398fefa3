"""Identifiers of a person: the identity hash, and the pairwise `sub` made from it.

    pivot identity ──HMAC, hash key──▸ identity_hash ──HMAC, sub secret, entity──▸ sub
    six fields       never at rest     one per person    one per person and organisation

Both are HMAC-SHA-256 under keys that live outside the database. Civil status is public enough to be
guessed, so that a bare hash could be recomputed by anybody who knows the formula, and a `sub`
linked back to a person, or to the same person elsewhere; OIDC Core §8.1 asks that it be impossible.
Real FranceConnect uses a bare SHA-256 of joined fields; we differ on purpose.

Every input is framed: its length in UTF-8 bytes, on four bytes, then its bytes. No two different
lists of fields give the same message, wherever names are cut (`MARIE ANNE` + `X` is not `MARIE` +
`ANNE X`), and no character in a name can act as a separator. The first frame names the use and the
version of the formula.
"""

import hmac
from typing import Final

from apps.protocol.pivot import PivotIdentity, normalise

KEY_SIZE: Final = 32
SUB_VERSION: Final = "v1"
_IDENTITY_HASH: Final = "franceconnect identity_hash v1"
_PAIRWISE_SUB: Final = "franceconnect pairwise sub v1"


def identity_hash(pivot: PivotIdentity, *, key: bytes) -> str:
    """Return 64 hexadecimal digits, the same for every spelling of one person (`pivot.normalise`).

    E-mail, nom d'usage and the identity provider's `sub` play no part: they change, and may be
    shared. ValueError if the key is shorter than 32 bytes.
    """
    person = normalise(pivot)
    return _hmac(
        key,
        _IDENTITY_HASH,
        person.given_name,
        person.family_name,
        person.birthdate,
        person.gender,
        person.birthplace,
        person.birthcountry,
    )


def pairwise_sub(*, entity_id: str, identity_hash: str, secret: bytes) -> str:
    """Return the `sub` of a person for one organisation: 64 hexadecimal digits and `v1`.

    entity_id   the organisation of the service; two services of one organisation share the `sub`
    Two organisations cannot tell from their subs that they know the same person (OIDC Core §8.1).
    ValueError if entity_id or identity_hash is empty, or the secret shorter than 32 bytes.
    """
    if not entity_id or not identity_hash:
        raise ValueError("a sub needs an entity_id and an identity_hash")
    return _hmac(secret, _PAIRWISE_SUB, entity_id, identity_hash) + SUB_VERSION


def _hmac(key: bytes, *fields: str) -> str:
    if len(key) < KEY_SIZE:
        raise ValueError(f"the key must be at least {KEY_SIZE} bytes long")
    message = b"".join(_frame(field.encode()) for field in fields)
    return hmac.digest(key, message, "sha256").hex()


def _frame(field: bytes) -> bytes:
    return len(field).to_bytes(4, "big") + field
