"""Encrypted tokens: what is read, and every token that must not be opened or believed."""

import base64
import json
import time
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from apps.protocol import jose, jwe
from apps.protocol.jose import JoseError
from apps.protocol.jwe import ContentEncryption, KeyManagement

A256GCM = ContentEncryption.A256GCM
SIGNING = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
SIGNED = jose.sign({"sub": "angele", "name": "Zoé"}, SIGNING.keys[0])
PRIVATE = {alg: jwe.generate_jwk(alg) for alg in KeyManagement}
OURS = jwe.load_private_keys({"keys": list(PRIVATE.values())})
PUBLIC = jwe.load_public_keys({"keys": jwe.public_entries(OURS)})
EC = jwe.for_alg(OURS, KeyManagement.ECDH_ES)
each_algorithm = pytest.mark.parametrize("alg", list(KeyManagement))


def sealed(alg: KeyManagement = KeyManagement.ECDH_ES, token: str = SIGNED) -> str:
    return jwe.encrypt(token, jwe.for_alg(PUBLIC, alg), A256GCM)


def opened(token: str, alg: KeyManagement = KeyManagement.ECDH_ES, keys: jwe.Keys = OURS) -> str:
    return jwe.decrypt(token, keys=keys, alg=alg, enc=A256GCM)


def made(
    header: Mapping[str, object],
    content: bytes = SIGNED.encode(),
    key: JWK = EC.jwk,
    algs: tuple[str, ...] = ("ECDH-ES", "A256GCM"),
) -> str:
    """A JWE with this very header, correctly encrypted to us."""
    box = JWE(content, json.dumps({"kid": EC.kid, **header}), algs=list(algs))
    box.add_recipient(key)
    token: str = box.serialize(compact=True)
    return token


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def with_header(token: str, **changes: object) -> str:
    """The same token under another header: no longer authentic, but judged before that."""
    encoded, rest = token.split(".", 1)
    header = json.loads(jose.base64url_bytes(encoded))
    kept = {name: value for name, value in {**header, **changes}.items() if value is not None}
    return f"{b64(json.dumps(kept).encode())}.{rest}"


@each_algorithm
def test_a_signed_token_comes_out_as_it_went_in(alg: KeyManagement) -> None:
    assert opened(sealed(alg), alg) == SIGNED


@each_algorithm
def test_any_text_of_a_token_comes_out_as_it_went_in(alg: KeyManagement) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.text(st.characters(codec="ascii"), min_size=1, max_size=2000))
    def comes_out(text: str) -> None:
        assert opened(sealed(alg, text), alg) == text

    comes_out()


def test_R16_what_we_publish_of_our_encryption_keys_is_public_and_named() -> None:
    published = jwe.public_entries(OURS)
    for entry, key in zip(published, OURS, strict=True):
        assert entry["use"] == "enc"
        assert (entry["kid"], entry["alg"]) == (key.kid, key.alg.value)
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & entry.keys()


def test_a_token_encrypted_to_our_former_key_is_still_read() -> None:
    rotated = jwe.load_private_keys(
        {"keys": [jwe.generate_jwk("ECDH-ES"), PRIVATE[KeyManagement.ECDH_ES]]}
    )
    assert rotated[0].kid != EC.kid
    assert opened(sealed(), keys=rotated) == SIGNED


@each_algorithm
def test_S_092_a_plain_jws_is_not_an_encrypted_token(alg: KeyManagement) -> None:
    with pytest.raises(JoseError, match="not a compact JWE"):
        opened(SIGNED, alg)


def test_S_092_a_registered_algorithm_opens_no_token_of_another() -> None:
    for used in KeyManagement:
        for registered in set(KeyManagement) - {used}:
            with pytest.raises(JoseError, match="other algorithms"):
                opened(sealed(used), registered)


@pytest.mark.parametrize("alg", ["RSA1_5", "dir", "none", "A256KW", "ECDH-ES+A256KW", "", None, 1])
def test_S_092_no_other_key_management_is_tried(alg: object) -> None:
    with pytest.raises(JoseError, match="other algorithms"):
        opened(with_header(sealed(), alg=alg))


def test_S_092_rsa1_5_correctly_encrypted_to_us_is_refused() -> None:
    key = jwe.for_alg(OURS, KeyManagement.RSA_OAEP)
    token = made(
        {"kid": key.kid, "alg": "RSA1_5", "enc": "A256GCM"}, key=key.jwk, algs=("RSA1_5", "A256GCM")
    )
    with pytest.raises(JoseError, match="other algorithms"):
        opened(token, KeyManagement.RSA_OAEP)


def test_S_092_dir_under_a_public_value_is_refused() -> None:
    guessable = JWK(kty="oct", k=b64(b"k" * 32))
    token = made({"alg": "dir", "enc": "A256GCM"}, key=guessable, algs=("dir", "A256GCM"))
    for alg in KeyManagement:
        with pytest.raises(JoseError, match="other algorithms"):
            opened(token, alg)


@pytest.mark.parametrize("enc", ["A128GCM", "A128CBC-HS256", "A256CBC-HS512"])
def test_S_092_no_other_content_encryption_is_read(enc: str) -> None:
    token = made({"alg": "ECDH-ES", "enc": enc}, algs=("ECDH-ES", enc))
    with pytest.raises(JoseError, match="other algorithms"):
        opened(token)


@pytest.mark.parametrize(
    "content", [b'{"sub":"angele"}', b"not a token", "angèle".encode(), b"\xff\xfe"]
)
def test_S_092_an_unsigned_content_is_never_believed(content: bytes) -> None:
    token = made({"alg": "ECDH-ES", "enc": "A256GCM"}, content)
    with pytest.raises(JoseError):
        jose.verify(opened(token), keys=SIGNING, alg=jose.Alg.ES256)


def test_S_092_a_content_with_alg_none_is_never_believed() -> None:
    inner = f"{b64(json.dumps({'alg': 'none'}).encode())}.{SIGNED.split('.')[1]}."
    with pytest.raises(JoseError):
        jose.verify(opened(sealed(token=inner)), keys=SIGNING, alg=jose.Alg.ES256)


def test_S_092_a_box_inside_a_box_is_not_opened_twice() -> None:
    with pytest.raises(JoseError):
        jose.verify(opened(sealed(token=sealed())), keys=SIGNING, alg=jose.Alg.ES256)


def test_S_093_a_compressed_token_is_refused_before_anything_is_inflated() -> None:
    bomb = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    small = b"".join([*(bomb.compress(b" " * 1_000_000) for _ in range(30)), bomb.flush()])
    assert len(small) < 40_000
    box = JWE(small, json.dumps({"alg": "ECDH-ES", "enc": "A256GCM", "kid": EC.kid}))
    box.add_recipient(EC.jwk)
    started = time.perf_counter()
    with pytest.raises(JoseError, match="forbidden member"):
        opened(with_header(box.serialize(compact=True), zip="DEF"))
    assert time.perf_counter() - started < 0.1


def test_S_093_a_token_that_never_ends_is_refused_without_being_read() -> None:
    endless = "A" * 50_000_000
    started = time.perf_counter()
    with pytest.raises(JoseError, match="not a compact JWE"):
        opened(endless)
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize("kid", ["unknown", "", None, 3, ["x"], {"a": 1}, "../../dev/null"])
def test_S_081_a_token_that_names_none_of_our_keys_is_refused(kid: object) -> None:
    with pytest.raises(JoseError, match="has this kid"):
        opened(with_header(sealed(), kid=kid))


def test_a_kid_of_another_algorithm_is_not_ours() -> None:
    other = jwe.for_alg(OURS, KeyManagement.RSA_OAEP).kid
    with pytest.raises(JoseError, match="has this kid"):
        opened(with_header(sealed(), kid=other))


@pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c", "crit", "b64", "p2c", "zip", "tag"])
def test_S_080_S_082_a_header_that_asks_for_more_is_refused(member: str) -> None:
    with pytest.raises(JoseError, match="forbidden member"):
        opened(with_header(sealed(), **{member: ["b64"]}))


@pytest.mark.parametrize(
    "epk",
    [
        None,
        "text",
        {"kty": "EC", "crv": "P-256"},
        {"kty": "EC", "generate": "RSA", "size": 16384, "x": "AA"},
        {"kty": "RSA", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": b64(b"\x01" * 32), "y": b64(b"\x01" * 32)},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
    ],
    ids=str,
)
def test_S_111_an_ephemeral_key_off_the_curve_is_refused(epk: Any) -> None:
    started = time.perf_counter()
    with pytest.raises(JoseError):
        opened(with_header(sealed(), epk=epk))
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize("part", [2, 3, 4], ids=["iv", "ciphertext", "tag"])
@each_algorithm
def test_one_changed_bit_opens_nothing(alg: KeyManagement, part: int) -> None:
    parts = sealed(alg).split(".")
    changed = bytearray(jose.base64url_bytes(parts[part]))
    changed[0] ^= 1
    parts[part] = b64(bytes(changed))
    with pytest.raises(JoseError, match="cannot be decrypted"):
        opened(".".join(parts), alg)


@pytest.mark.parametrize("length", [0, 1, 4, 8, 12, 15])
def test_a_shortened_tag_is_refused(length: int) -> None:
    parts = sealed().split(".")
    parts[4] = b64(jose.base64url_bytes(parts[4])[:length])
    with pytest.raises(JoseError, match="another length"):
        opened(".".join(parts))


@each_algorithm
def test_every_failure_with_a_key_says_the_same(alg: KeyManagement) -> None:
    """RFC 7516 §11.5: whoever sends tokens must not learn which step failed."""
    good = sealed(alg).split(".")
    bad_key = [*good]
    bad_key[1] = b64(b"\x02" * (256 if alg is not KeyManagement.ECDH_ES else 1))
    bad_tag = [*good]
    bad_tag[4] = b64(b"\x00" * 16)
    said = set()
    for parts in (bad_key, bad_tag):
        with pytest.raises(JoseError) as refusal:
            opened(".".join(parts), alg)
        said.add(str(refusal.value))
    assert said == {"the token cannot be decrypted"}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b64(b) + "...."))
def test_garbage_is_refused_and_never_an_accident(token: str) -> None:
    with pytest.raises(JoseError):
        opened(token)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["alg", "enc", "kid", "epk", "apu", "apv", "cty", "typ", "zip"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.text(max_size=4), inner, max_size=2)
            ),
            max_leaves=4,
        ),
        min_size=1,
    )
)
def test_any_other_header_is_refused_and_never_an_accident(changes: dict[str, object]) -> None:
    with pytest.raises(JoseError):
        opened(with_header(sealed(), **{**changes, "typ": "changed"}))


def test_keys_for_signatures_or_of_no_stated_algorithm_are_not_encrypted_to() -> None:
    stated = jwe.public_entries(OURS)
    unstated = [{name: v for name, v in stated[0].items() if name != "alg"}]
    signing = jose.public_jwks(SIGNING)["keys"]
    other_use = [{**stated[0], "use": "sig"}]
    other_operations = [{**stated[0], "key_ops": ["verify"]}]
    other_type = [{**stated[0], "alg": "RSA-OAEP"}]
    refused = unstated + signing + other_use + other_operations + other_type
    usable = jwe.load_public_keys({"keys": refused + stated})
    assert [key.kid for key in usable] == [entry["kid"] for entry in stated]


def test_S_111_weak_rsa_keys_are_not_encrypted_to() -> None:
    weak = JWK.generate(kty="RSA", size=1024).export_public(as_dict=True)
    assert jwe.load_public_keys({"keys": [{**weak, "alg": "RSA-OAEP", "use": "enc"}]}) == ()
