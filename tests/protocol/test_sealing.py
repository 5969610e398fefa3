"""Sealing: a box opens with its own key and context, and in no other way."""

import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from apps.protocol import sealing
from apps.protocol.sealing import SealBroken

SERVER = bytes(range(32))
KEY = sealing.derive_key(SERVER, "bearer", purpose="code")
CONTEXT = b"sign-in 1"
IDENTITY = "Angèle ORDINAIRE".encode()
BOX = sealing.seal(IDENTITY, key=KEY, context=CONTEXT)


def test_what_was_sealed_is_read_with_the_same_key_and_context() -> None:
    assert sealing.open_sealed(BOX, key=KEY, context=CONTEXT) == IDENTITY
    empty = sealing.seal(b"", key=KEY, context=b"")
    assert sealing.open_sealed(empty, key=KEY, context=b"") == b""


def test_a_box_is_a_nonce_the_text_and_a_tag_and_never_twice_the_same() -> None:
    assert len(BOX) == 12 + len(IDENTITY) + 16  # RFC 5116 §5.2: the nonce of 96 bits
    assert IDENTITY not in BOX
    assert len({sealing.seal(b"x", key=KEY, context=b"") for _ in range(64)}) == 64


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(sealing.derive_key(SERVER[::-1], "bearer", purpose="code"), id="server key"),
        pytest.param(sealing.derive_key(SERVER, "bearer2", purpose="code"), id="bearer"),
        pytest.param(sealing.derive_key(SERVER, "bearer", purpose="token"), id="purpose"),
        pytest.param(sealing.derive_server_key(SERVER, purpose="code"), id="server alone"),
        pytest.param(SERVER, id="the server key itself"),
        pytest.param(KEY[:-1], id="31 bytes"),
    ],
)
def test_S132_another_key_opens_nothing(other: bytes) -> None:
    with pytest.raises(SealBroken):
        sealing.open_sealed(BOX, key=other, context=CONTEXT)


@pytest.mark.parametrize("context", [b"", b"sign-in 2", CONTEXT + b"\x00"])
def test_another_context_opens_nothing(context: bytes) -> None:
    with pytest.raises(SealBroken):
        sealing.open_sealed(BOX, key=KEY, context=context)


@pytest.mark.parametrize("length", [0, 1, 7, 11, 12, 27, len(BOX) - 1])
def test_a_truncated_box_opens_nothing(length: int) -> None:
    with pytest.raises(SealBroken):
        sealing.open_sealed(BOX[:length], key=KEY, context=CONTEXT)


def test_one_flipped_bit_anywhere_opens_nothing() -> None:
    for bit in range(len(BOX) * 8):
        altered = bytearray(BOX)
        altered[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises(SealBroken):
            sealing.open_sealed(bytes(altered), key=KEY, context=CONTEXT)


def test_a_longer_box_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        sealing.open_sealed(BOX + b"\x00", key=KEY, context=CONTEXT)


def test_RFC5869_the_key_is_hkdf_of_the_bearer_salted_by_the_server_key() -> None:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=SERVER, info="clé".encode())
    assert sealing.derive_key(SERVER, "porteur é", purpose="clé") == hkdf.derive(
        "porteur é".encode()
    )
    assert len(KEY) == sealing.KEY_SIZE


def test_the_servers_own_key_depends_on_its_key_and_purpose() -> None:
    keys = {
        sealing.derive_server_key(key, purpose=purpose)
        for key in (SERVER, SERVER[::-1])
        for purpose in ("outbox", "secrets")
    }
    assert len(keys) == 4
    assert {len(key) for key in keys} == {sealing.KEY_SIZE}


@pytest.mark.parametrize(
    "derive",
    [
        pytest.param(lambda: sealing.derive_key(SERVER, "", purpose="code"), id="no bearer"),
        pytest.param(lambda: sealing.derive_key(SERVER[:-1], "b", purpose="code"), id="31 bytes"),
        pytest.param(lambda: sealing.derive_server_key(b"", purpose="code"), id="no server key"),
    ],
)
def test_half_a_key_is_no_key(derive: Callable[[], bytes]) -> None:
    with pytest.raises(ValueError, match=r"needs|at least"):
        derive()


def test_a_fingerprint_is_the_sha256_of_the_secret_in_hexadecimal() -> None:
    # FIPS 180-4, the vector "abc".
    assert sealing.fingerprint("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert sealing.fingerprint("é") == hashlib.sha256("é".encode()).hexdigest()
