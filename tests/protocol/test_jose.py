"""JOSE: the vectors of the RFCs, and every token and key that must not be believed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from apps.protocol import jose
from apps.protocol.jose import Alg, JoseError, Key, KeySet, UnknownKey

CLAIMS: dict[str, object] = {"iss": "https://fi.example", "name": "Zoé"}
SECRET = "0123456789abcdef" * 2
EC = jose.generate_jwk(Alg.ES256)
OURS = jose.load_private_keys({"keys": [EC]})
PUBLIC = jose.load_public_keys(jose.public_jwks(OURS))
HMAC = jose.shared_secret_keys(SECRET)


@pytest.fixture(scope="session")
def rsa() -> dict[str, str]:
    """A private RSA key as JWK: slow to make, made once."""
    return jose.generate_jwk("RS256")


@pytest.fixture(scope="session")
def rsa_keys(rsa: dict[str, str]) -> KeySet:
    """The private key, built: slow as well."""
    return jose.load_private_keys({"keys": [rsa]})


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def compact(header: object, payload: object = CLAIMS, signature: bytes = b"") -> str:
    return ".".join(
        [b64(json.dumps(header).encode()), b64(json.dumps(payload).encode()), b64(signature)]
    )


def signed(header: Mapping[str, object], payload: bytes = b"{}", key: Key = OURS.keys[0]) -> str:
    """A JWS with this very header, correctly signed."""
    signing = JWS(payload)
    signing.add_signature(key.jwk, None, json.dumps(header))
    token: str = signing.serialize(compact=True)
    return token


def es256(payload: bytes) -> str:
    return signed({"alg": "ES256"}, payload)


def verify(token: str, keys: KeySet = PUBLIC, alg: Alg = Alg.ES256) -> dict[str, object]:
    return jose.verify(token, keys=keys, alg=alg)


def refusal_of(token: str, keys: KeySet = PUBLIC, alg: Alg = Alg.ES256) -> JoseError:
    with pytest.raises(JoseError) as refusal:
        verify(token, keys, alg)
    return refusal.value


def public(entry: Mapping[str, str]) -> dict[str, object]:
    return {
        name: value for name, value in entry.items() if name in ("kty", "crv", "x", "y", "n", "e")
    }


# Vectors


RFC7515_PAYLOAD = (
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
RFC7515_CLAIMS = {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
RFC7515_A2_KEY = {
    "kty": "RSA",
    "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
    "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBY"
    "UsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud"
    "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "e": "AQAB",
}
RFC7515_A2_SIGNATURE = (
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds"
    "9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZR"
    "mB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs9"
    "8rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
)
RFC7515_A3_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
RFC7515_A3_SIGNATURE = (
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
RFC7515_A1_SECRET = base64.urlsafe_b64decode(
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
)


def test_RFC7515_A2_R08_RS256() -> None:
    token = f"eyJhbGciOiJSUzI1NiJ9.{RFC7515_PAYLOAD}.{RFC7515_A2_SIGNATURE}"
    keys = jose.load_public_keys({"keys": [RFC7515_A2_KEY]})
    assert verify(token, keys, Alg.RS256) == RFC7515_CLAIMS


def test_RFC7515_A3_ES256() -> None:
    token = f"eyJhbGciOiJFUzI1NiJ9.{RFC7515_PAYLOAD}.{RFC7515_A3_SIGNATURE}"
    assert verify(token, jose.load_public_keys({"keys": [RFC7515_A3_KEY]})) == RFC7515_CLAIMS


def test_RFC7515_A1_HS256() -> None:
    key = Key("", Alg.HS256, JWK(kty="oct", k=b64(RFC7515_A1_SECRET)))
    token = (
        f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{RFC7515_PAYLOAD}."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    assert verify(token, KeySet((key,)), Alg.HS256) == RFC7515_CLAIMS


# What we sign


@pytest.mark.parametrize("alg", Alg)
def test_what_is_signed_is_verified(alg: Alg, rsa_keys: KeySet) -> None:
    keys = {Alg.ES256: OURS, Alg.RS256: rsa_keys, Alg.HS256: HMAC}[alg]
    token = jose.sign(CLAIMS, keys.for_alg(alg))
    assert verify(token, keys, alg) == CLAIMS == jose.unverified_claims(token)
    if alg is not Alg.HS256:
        assert verify(token, jose.load_public_keys(jose.public_jwks(keys)), alg) == CLAIMS


def test_a_new_RSA_key_has_2048_bits(rsa: dict[str, str]) -> None:
    assert len(base64.urlsafe_b64decode(rsa["n"] + "==")) == 2048 // 8
    assert (rsa["alg"], rsa["use"]) == ("RS256", "sig")


def test_a_header_holds_alg_kid_and_typ_and_nothing_else() -> None:
    token = jose.sign({}, OURS.keys[0], typ="JWT")
    assert jose.header_of(token) == {"alg": "ES256", "kid": EC["kid"], "typ": "JWT"}
    assert jose.header_of(jose.sign({}, HMAC.keys[0])) == {"alg": "HS256"}


def test_RFC7515_appendix_C_HS256_is_keyed_with_the_bytes_of_the_secret() -> None:
    signing_input, _, signature = jose.sign(CLAIMS, HMAC.keys[0]).rpartition(".")
    expected = hmac.digest(SECRET.encode(), signing_input.encode(), hashlib.sha256)
    assert signature == b64(expected)


def test_a_number_that_is_not_json_is_never_signed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        jose.sign({"exp": float("nan")}, OURS.keys[0])


@pytest.mark.parametrize("secret", ["", "s" * 31])
def test_S106_a_short_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(JoseError, match="32"):
        jose.shared_secret_keys(secret)


def test_a_random_token_holds_256_bits() -> None:
    tokens = {jose.random_token() for _ in range(64)}
    assert len(tokens) == 64
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in tokens} == {32}


# Algorithms


@pytest.mark.parametrize(
    "alg", ["none", "None", "nOnE", "", None, "HS256", "ES384", "es256", ["ES256"]]
)
def test_R09_S078_no_other_algorithm_than_the_registered_one(alg: object) -> None:
    good = es256(b"{}")
    signature = good.rpartition(".")[2]
    for ending in ("", signature):
        token = f"{b64(json.dumps({'alg': alg}).encode())}.{good.split('.')[1]}.{ending}"
        for keys, registered in ((PUBLIC, Alg.ES256), (HMAC, Alg.HS256), (PUBLIC, Alg.RS256)):
            refusal = refusal_of(token, keys, registered)
            assert alg == registered or "another algorithm" in str(refusal)


def test_S078_a_header_without_alg_is_refused() -> None:
    refusal_of(compact({}))


def forgeries(entry: Mapping[str, str]) -> list[bytes]:
    """What an attacker may use as an HMAC key: a public key in every spelling, or nothing."""
    key = JWK(**entry)
    pem, text = key.export_to_pem(), key.export_public()
    der = key.get_op_key("verify").public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pems = [pem, pem.strip(), b" " + pem, b"\n" + pem, b"\xef\xbb\xbf" + pem]
    jwks = [text, json.dumps(json.loads(text), sort_keys=True), entry["kid"], ""]
    return [*pems, der, *(spelling.encode() for spelling in jwks)]


@pytest.mark.parametrize("alg", [Alg.RS256, Alg.ES256])
def test_S079_a_public_key_is_never_an_hmac_key(alg: Alg, rsa: dict[str, str]) -> None:
    entry = {Alg.RS256: rsa, Alg.ES256: EC}[alg]
    keys = jose.load_public_keys({"keys": [public(entry)]})
    for forged in forgeries(entry):
        for header in ({"alg": "HS256"}, {"alg": "HS256", "kid": entry["kid"]}):
            signing_input = compact(header).rpartition(".")[0]
            signature = hmac.digest(forged, signing_input.encode(), hashlib.sha256)
            token = f"{signing_input}.{b64(signature)}"
            for registered in (alg, Alg.HS256):
                refusal_of(token, keys, registered)


def test_S083_an_RSA_key_does_not_serve_ES256(rsa_keys: KeySet) -> None:
    refusal_of(jose.sign(CLAIMS, rsa_keys.keys[0]), rsa_keys, Alg.ES256)
    with pytest.raises(JoseError, match="no ES256 key"):
        rsa_keys.for_alg(Alg.ES256)


# Headers


@pytest.mark.parametrize(
    "members",
    [
        {"jwk": public(EC)}, {"jku": "https://evil.example/jwks"}, {"x5u": "https://evil.example/c"},
        {"x5c": ["MIIB"]}, {"crit": ["x"], "x": 1}, {"crit": ["b64"], "b64": False}, {"b64": True},
        {"zip": "DEF"},
    ],
    ids=str,
)  # fmt: skip
def test_S080_S082_a_header_with_a_key_or_an_extension_is_refused(
    members: dict[str, object],
) -> None:
    header = {"alg": "ES256", "kid": EC["kid"], **members}
    good = es256(b"{}")
    token = f"{b64(json.dumps(header).encode())}.{good.split('.', 1)[1]}"
    assert "forbidden" in str(refusal_of(token))
    with pytest.raises(JoseError, match="forbidden"):
        jose.unverified_claims(token)


def test_a_header_may_name_a_certificate_or_a_type() -> None:
    assert verify(signed({"alg": "ES256", "x5t": "abc", "typ": "JWT", "cty": "json"})) == {}


@pytest.mark.parametrize(
    "kid", ["../../dev/null", "' OR 1=1 --", "https://evil.example/key", "k" * 10_000, "", "é\x00"]
)
def test_S081_a_kid_that_is_not_published_is_unknown(kid: str) -> None:
    token = signed({"alg": "ES256", "kid": kid})
    refusal = refusal_of(token)
    assert isinstance(refusal, UnknownKey)
    assert not kid or kid not in str(refusal)


@pytest.mark.parametrize("kid", [None, 7, True, ["a"], {"a": 1}], ids=str)
def test_S081_a_kid_that_is_not_a_string_is_refused(kid: object) -> None:
    refusal = refusal_of(signed({"alg": "ES256", "kid": kid}))
    assert not isinstance(refusal, UnknownKey)


def test_R06_a_token_without_kid_is_verified_when_one_key_fits(rsa: dict[str, str]) -> None:
    both = jose.load_public_keys({"keys": [public(rsa), public(EC)]})
    assert verify(signed({"alg": "ES256"}), both) == {}


def test_R07_S083_a_token_without_kid_is_refused_when_several_keys_fit() -> None:
    other = public(jose.generate_jwk(Alg.ES256))
    several = jose.load_public_keys({"keys": [public(EC), other]})
    refusal = refusal_of(signed({"alg": "ES256"}), several)
    assert not isinstance(refusal, UnknownKey)
    assert verify(signed({"alg": "ES256", "kid": EC["kid"]}), several) == {}


def test_R19_a_kid_published_since_is_unknown_not_wrong() -> None:
    rotated = jose.load_public_keys({"keys": [public(jose.generate_jwk(Alg.ES256))]})
    token = jose.sign(CLAIMS, OURS.keys[0])
    assert isinstance(refusal_of(token, rotated), UnknownKey)


def test_an_HS256_token_needs_no_kid() -> None:
    token = signed({"alg": "HS256", "kid": "whatever"}, key=HMAC.keys[0])
    assert verify(token, HMAC, Alg.HS256) == {}


# Signatures


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(b"\x00" * 64, id="S-111 r = s = 0 (CVE-2022-21449)"),
        pytest.param(b"\x00" * 32 + b"\x01" * 32, id="r = 0"),
        pytest.param(b"\xff" * 64, id="r and s beyond the order"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x01", id="one byte"),
    ],
)
def test_S111_a_made_up_signature_is_refused(signature: bytes) -> None:
    refusal_of(compact({"alg": "ES256"}, signature=signature))


def test_RFC7518_s3_4_an_ES256_signature_has_64_bytes_and_no_other_spelling() -> None:
    signing_input, _, signature = es256(b"{}").rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    longer = b"\x00" + raw[:32] + b"\x00" + raw[32:]
    der = OURS.keys[0].jwk.get_op_key("sign").sign(signing_input.encode(), ec.ECDSA(SHA256()))
    for other in (longer, der, raw[:-1], raw + b"\x00"):
        refusal_of(f"{signing_input}.{b64(other)}")
    assert verify(f"{signing_input}.{b64(raw)}") == {}


def test_R10_one_altered_byte_anywhere_is_refused() -> None:
    token = es256(b'{"sub":"a"}')
    for place, character in enumerate(token):
        altered = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(JoseError):
            verify(altered)


def test_R10_a_signature_of_another_key_is_refused(rsa_keys: KeySet) -> None:
    foreign = jose.load_public_keys({"keys": [RFC7515_A2_KEY]})
    token = signed({"alg": "RS256"}, key=rsa_keys.keys[0])
    refusal_of(token, foreign, Alg.RS256)


@pytest.mark.parametrize("ending", ["=", "==", "!", "\n", " ", "+", "é", "."])
def test_RFC7515_s2_a_token_has_one_spelling(ending: str) -> None:
    refusal_of(es256(b"{}") + ending)
    refusal_of(ending + es256(b"{}"))


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "a.b", "a.b.c.d.e", "....", "{}.{}.{}", "null.null.null", "e30.e30.",
        b64(b"[]") + ".e30.", b64(b"\xff") + ".e30.", json.dumps({"payload": "e30", "signature": ""}),
    ],
)  # fmt: skip
def test_what_is_not_a_compact_jws_is_refused(token: str) -> None:
    refusal_of(token)


def test_a_token_has_at_most_64_kib() -> None:
    longest = es256(b'{"":"' + b"a" * 49_062 + b'"}')
    assert len(longest) == 65_536
    assert len(str(verify(longest)[""])) == 49_062
    refusal_of(es256(b'{"":"' + b"a" * 49_063 + b'"}'))


def test_a_token_of_100_kB_is_refused_at_once() -> None:
    started = time.process_time()
    for token in ("a" * 100_000, "." * 100_000, es256(b'{"a":"' + b"a" * 100_000 + b'"}')):
        assert "compact" in str(refusal_of(token))
    assert time.process_time() - started < 0.1


def test_a_signed_payload_is_judged_as_any_json() -> None:
    for payload in (b"[]", b'{"sub":"a","sub":"b"}', b'{"exp":NaN}', b""):
        refusal_of(es256(payload))
