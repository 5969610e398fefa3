"""Keys: those we publish, those we keep, and those of a partner that must not be used."""

import base64
import time

import pytest
from jwcrypto.jwk import JWK

from apps.protocol import jose
from apps.protocol.jose import Alg, JoseError, KeySet

EC = jose.generate_jwk(Alg.ES256)
PUBLIC_MEMBERS = ("kty", "crv", "x", "y")
PUBLIC: dict[str, object] = {name: EC[name] for name in PUBLIC_MEMBERS}

# RFC 7638 §3.1
RSA: dict[str, object] = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJEC"
    "PebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368Q"
    "QMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcR"
    "wr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
}
THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_RFC7638_s3_1_a_key_without_kid_is_named_by_its_thumbprint() -> None:
    (key,) = jose.load_public_keys({"keys": [RSA]}).keys
    assert (key.kid, key.alg) == (THUMBPRINT, Alg.RS256)


def test_a_new_key_is_named_by_its_thumbprint_and_states_its_use() -> None:
    assert EC.keys() == {"kty", "crv", "x", "y", "d", "kid", "alg", "use"}
    (key,) = jose.load_public_keys({"keys": [PUBLIC]}).keys
    assert key.kid == EC["kid"]


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_R16_S104_what_we_publish_is_public_and_named() -> None:
    ours = jose.load_private_keys({"keys": [EC]})
    partner = jose.load_public_keys({"keys": [RSA]})
    published = jose.public_jwks(KeySet(ours.keys + partner.keys))["keys"]
    assert published == [
        {**PUBLIC, "kid": EC["kid"], "alg": "ES256", "use": "sig"},
        {**RSA, "kid": THUMBPRINT, "alg": "RS256", "use": "sig"},
    ]


def a_made_up_rsa_key(bits: int) -> dict[str, object]:
    modulus = (1 << bits) - (1 << bits // 2) + 1
    return {"kty": "RSA", "n": b64(modulus.to_bytes((bits + 7) // 8, "big")), "e": "AQAB"}


OFF_CURVE = {**PUBLIC, "y": PUBLIC["x"]}
UNUSABLE: dict[str, object] = {
    "S-083 use enc": {**PUBLIC, "use": "enc"},
    "use is null": {**PUBLIC, "use": None},
    "key_ops encrypt": {**PUBLIC, "key_ops": ["encrypt"]},
    "key_ops is text": {**PUBLIC, "key_ops": "verify"},
    "S-083 RSA alg on an EC key": {**PUBLIC, "alg": "RS256"},
    "alg HS256 on an EC key": {**PUBLIC, "alg": "HS256"},
    "alg none": {**PUBLIC, "alg": "none"},
    "alg is a list": {**PUBLIC, "alg": ["ES256"]},
    "alg PS256": {**RSA, "alg": "PS256"},
    "kty is a list": {**PUBLIC, "kty": ["EC"]},
    "kty OKP": {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    "kty oct without a secret": {"kty": "oct"},
    "no kty": {"x": EC["x"], "y": EC["y"]},
    "S-111 point off the curve": OFF_CURVE,
    "point at infinity": {**PUBLIC, "x": b64(b"\x00" * 32), "y": b64(b"\x00" * 32)},
    "another curve": {**PUBLIC, "crv": "P-384"},
    "a key on another curve": JWK.generate(kty="EC", crv="P-384").export_public(as_dict=True),
    "a key on a curve of the same size": JWK.generate(kty="EC", crv="secp256k1").export_public(
        as_dict=True
    ),
    "no curve": {name: value for name, value in PUBLIC.items() if name != "crv"},
    "x is a number": {**PUBLIC, "x": 7},
    "y is absent": {name: value for name, value in PUBLIC.items() if name != "y"},
    "x is not base64url": {**PUBLIC, "x": "é"},
    "S-111 RSA 1024": a_made_up_rsa_key(1024),
    "RSA 2047": a_made_up_rsa_key(2047),
    "RSA 8193": a_made_up_rsa_key(8193),
    "RSA 16384": a_made_up_rsa_key(16384),
    "S-111 e = 1": {**RSA, "e": "AQ"},
    "e is even": {**RSA, "e": "Ag"},
    "n is empty": {**RSA, "n": ""},
    "a key to make": {"kty": "EC", "generate": "EC", "crv": "P-256"},
    "a huge key to make": {"kty": "RSA", "generate": "RSA", "size": 16384},
}


def test_S111_an_unusable_key_is_left_out_at_once(subtests: pytest.Subtests) -> None:
    for row, entry in UNUSABLE.items():
        with subtests.test(row):
            started = time.process_time()
            with pytest.raises(JoseError, match="no usable"):
                jose.load_public_keys({"keys": [entry]})
            beside = jose.load_public_keys({"keys": [entry, PUBLIC]})
            assert [key.kid for key in beside.keys] == [EC["kid"]]
            assert time.process_time() - started < 0.1


@pytest.mark.parametrize("secret", ["k", "d", "p", "q", "dp", "dq", "qi", "oth"])
def test_C09_a_set_that_publishes_a_secret_is_refused_whole(secret: str) -> None:
    for use in ("sig", "enc"):
        leaked = {"kty": "oct", "use": use, secret: "AAAA"}
        with pytest.raises(JoseError, match="private"):
            jose.load_public_keys({"keys": [PUBLIC, leaked]})


@pytest.mark.parametrize(
    "document",
    [{}, {"keys": None}, {"keys": {}}, {"keys": ["a"]}, {"keys": [{}, []]}, {"keys": []}],
)
def test_RFC7517_s5_what_is_not_a_set_of_keys_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(JoseError):
        jose.load_public_keys(document)


def test_a_key_may_state_its_alg_its_use_and_its_operations_and_more() -> None:
    entry = {
        **PUBLIC,
        "alg": "ES256",
        "use": "sig",
        "key_ops": ["verify"],
        "kid": "k1",
        "x5c": [],
    }
    (key,) = jose.load_public_keys({"keys": [entry]}).keys
    assert (key.kid, key.alg) == ("k1", Alg.ES256)


def test_RFC7517_s4_5_a_kid_that_is_not_text_is_replaced() -> None:
    for kid in (7, None, "", ["a"]):
        (key,) = jose.load_public_keys({"keys": [{**PUBLIC, "kid": kid}]}).keys
        assert key.kid == EC["kid"]


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([PUBLIC], id="a public key cannot sign"),
        pytest.param([{**EC, "d": jose.generate_jwk("ES256")["d"]}], id="d of another key"),
        pytest.param([EC, EC], id="C09 twice the same kid"),
        pytest.param([{**EC, "alg": "RS256"}], id="another algorithm"),
        pytest.param([{"kty": "oct", "k": "AAAA"}], id="a shared secret"),
    ],
)
def test_a_file_of_keys_that_cannot_sign_is_refused(entries: list[object]) -> None:
    with pytest.raises(JoseError):
        jose.load_private_keys({"keys": entries})


def test_the_first_key_of_an_algorithm_is_the_active_one() -> None:
    newer, older = jose.generate_jwk(Alg.ES256), jose.generate_jwk(Alg.ES256)
    keys = jose.load_private_keys({"keys": [newer, older]})
    assert keys.for_alg(Alg.ES256).kid == newer["kid"]
    token = jose.sign({"sub": "a"}, keys.keys[1])
    assert jose.verify(token, keys=keys, alg=Alg.ES256) == {"sub": "a"}
