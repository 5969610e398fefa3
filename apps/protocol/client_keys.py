"""Our keys as a client of identity providers: one private JWK Set, two uses.

`use: sig` signs our assertions at their token endpoints, `use: enc` reads what they encrypt to us.
The first key of an algorithm is the active one; the others are announced or on their way out, and
still decrypt: see `key_rotation`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.protocol import client_assertion, jose, jwe
from apps.protocol.jose import JoseError

ALGORITHMS: Final = (
    *(a.value for a in client_assertion.ALGORITHMS),
    *(a.value for a in jwe.KeyManagement),
)


@dataclass(frozen=True)
class ClientKeys:
    """Private keys, in the order of the file."""

    signing: jose.KeySet
    decryption: jwe.Keys


def generate_jwk(alg: str) -> dict[str, str]:
    """Return a new private key for one of `ALGORITHMS`."""
    if alg in list(jwe.KeyManagement):
        return jwe.generate_jwk(alg)
    return jose.generate_jwk(alg)


def load(document: Mapping[str, object]) -> ClientKeys:
    """Return our keys, each built and checked, one of each algorithm at least. Raises JoseError.

    A provider may be registered with any of the algorithms: a file that lacks one would be found
    out by a citizen.
    """
    entries = jose.entries(document)
    hidden = [entry for entry in entries if entry.get("use") == "enc"]
    keys = ClientKeys(
        signing=jose.load_private_keys({"keys": [e for e in entries if e not in hidden]}),
        decryption=jwe.load_private_keys({"keys": hidden}),
    )
    for signature in client_assertion.ALGORITHMS:
        keys.signing.for_alg(signature)
    for management in jwe.KeyManagement:
        jwe.for_alg(keys.decryption, management)
    kids = {key.kid for key in keys.signing.keys} | {key.kid for key in keys.decryption}
    if len(kids) != len(entries):
        raise JoseError("two keys have the same kid")
    return keys


def public_jwks(keys: ClientKeys) -> dict[str, list[dict[str, str]]]:
    """Return the JWK Set to publish: encryption keys, then signature keys, active ones first."""
    return {"keys": [*jwe.public_entries(keys.decryption), *jose.public_jwks(keys.signing)["keys"]]}
