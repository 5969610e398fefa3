"""Our keys as a client: a file that lacks one is refused, what is published is public."""

import json

import pytest

from apps.protocol import client_keys
from apps.protocol.jose import JoseError

ENTRIES = {alg: client_keys.generate_jwk(alg) for alg in client_keys.ALGORITHMS}


def test_both_uses_are_read_from_one_file() -> None:
    keys = client_keys.load({"keys": list(ENTRIES.values())})
    assert [key.alg.value for key in keys.signing.keys] == ["ES256", "RS256"]
    assert [key.alg.value for key in keys.decryption] == ["ECDH-ES", "RSA-OAEP-256", "RSA-OAEP"]


@pytest.mark.parametrize("missing", client_keys.ALGORITHMS)
def test_a_file_that_lacks_an_algorithm_is_refused(missing: str) -> None:
    kept = [entry for alg, entry in ENTRIES.items() if alg != missing]
    with pytest.raises(JoseError, match=missing):
        client_keys.load({"keys": kept})


def test_two_keys_of_one_name_are_refused() -> None:
    same = {**ENTRIES["ECDH-ES"], "kid": ENTRIES["ES256"]["kid"]}
    others = [entry for alg, entry in ENTRIES.items() if alg != "ECDH-ES"]
    with pytest.raises(JoseError, match="same kid"):
        client_keys.load({"keys": [*others, same]})


def test_a_damaged_private_key_is_refused_at_once() -> None:
    damaged = {**ENTRIES["RSA-OAEP"], "d": "AQAB"}
    others = [entry for alg, entry in ENTRIES.items() if alg != "RSA-OAEP"]
    with pytest.raises(JoseError):
        client_keys.load({"keys": [*others, damaged]})


def test_R16_nothing_private_is_published_and_each_key_says_its_use() -> None:
    dated = [{**entry, "iat": 1, "nbf": 2} for entry in ENTRIES.values()]
    published = client_keys.public_jwks(client_keys.load({"keys": dated}))["keys"]
    assert {(entry["alg"], entry["use"]) for entry in published} == {
        ("ES256", "sig"),
        ("RS256", "sig"),
        ("ECDH-ES", "enc"),
        ("RSA-OAEP-256", "enc"),
        ("RSA-OAEP", "enc"),
    }
    for entry in published:
        assert entry.keys() <= {"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"}
    text = json.dumps(published)
    for entry in ENTRIES.values():
        assert entry["d"] not in text
