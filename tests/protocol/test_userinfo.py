"""Userinfo: of the person that the ID token named, in the registered form, or discarded."""

import json
from typing import Any

import pytest

from apps.protocol import errors, jose, userinfo
from apps.protocol.jose import Alg

ISSUER = "https://fi.example"
CLIENT = "franceconnect"
SUB = "angele-0001"
KEYS = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
FOREIGN = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
CLAIMS: dict[str, Any] = {"sub": SUB, "given_name": "Angèle", "iss": ISSUER, "aud": CLIENT}
PLAIN = json.dumps(CLAIMS).encode()
JWT = "application/jwt"


def signed(keys: jose.KeySet = KEYS, **changes: Any) -> bytes:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jose.sign(claims, keys.keys[0]).encode()


def parse(
    body: bytes, *, content_type: str = "application/json", alg: Alg | None = None
) -> dict[str, Any]:
    return userinfo.parse(
        body,
        content_type=content_type,
        alg=alg,
        keys=KEYS if alg else jose.KeySet(()),
        issuer=ISSUER,
        audience=CLIENT,
        sub=SUB,
    )


def refusal_of(
    body: bytes, *, content_type: str = "application/json", alg: Alg | None = None
) -> errors.ErrorSpec:
    with pytest.raises(errors.ProtocolError) as refusal:
        parse(body, content_type=content_type, alg=alg)
    assert "Ang" not in str(refusal.value)
    return refusal.value.spec


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", " Application/JSON ;charset=UTF-8"],
)
def test_OIDC_s5_3_2_plain_claims_come_as_json(content_type: str) -> None:
    assert parse(PLAIN, content_type=content_type) == CLAIMS


@pytest.mark.parametrize("content_type", [JWT, "application/jwt;charset=UTF-8"])
def test_OIDC_s5_3_2_signed_claims_come_as_a_jwt(content_type: str) -> None:
    assert parse(signed(), content_type=content_type, alg=Alg.ES256) == CLAIMS


@pytest.mark.parametrize(
    ("content_type", "alg"),
    [
        (JWT, None),
        ("text/html", None),
        ("", None),
        ("application/json-patch+json", None),
        ("text/html; application/json", None),
        ("application/json", Alg.ES256),
        ("text/plain", Alg.ES256),
    ],
)
def test_S087_another_type_than_the_registered_one_is_refused(
    content_type: str, alg: Alg | None
) -> None:
    for body in (PLAIN, signed()):
        assert refusal_of(body, content_type=content_type, alg=alg) is errors.IDP_USERINFO_FAILED


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PLAIN, id="S-087 plain though signed is registered"),
        pytest.param(signed()[:-4] + b"AAAA", id="broken signature"),
        pytest.param(signed() + b"\xe9", id="not ASCII"),
        pytest.param(b"", id="empty"),
        pytest.param(signed(iss="https://other.example"), id="S-087 foreign iss"),
        pytest.param(signed(aud="other"), id="S-087 foreign aud"),
        pytest.param(signed(aud=["other", "another"]), id="foreign aud in a list"),
        pytest.param(signed(aud=[]), id="aud for nobody"),
        pytest.param(signed(jose.shared_secret_keys("s" * 43)), id="another algorithm"),
        pytest.param(
            jose.sign(CLAIMS, jose.Key(KEYS.keys[0].kid, Alg.ES256, FOREIGN.keys[0].jwk)).encode(),
            id="S-087 key of another provider",
        ),
    ],
)
def test_S087_a_jwt_that_is_wrong_is_refused(body: bytes) -> None:
    assert refusal_of(body, content_type=JWT, alg=Alg.ES256) is errors.IDP_USERINFO_FAILED


@pytest.mark.parametrize("changes", [{"iss": None}, {"aud": None}, {"aud": ["other", CLIENT]}])
def test_OIDC_s5_3_2_a_jwt_should_say_iss_and_aud_but_need_not(changes: dict[str, Any]) -> None:
    assert parse(signed(**changes), content_type=JWT, alg=Alg.ES256)["sub"] == SUB


def test_R19_an_unknown_kid_asks_for_fresh_keys() -> None:
    with pytest.raises(jose.UnknownKey):
        parse(signed(FOREIGN), content_type=JWT, alg=Alg.ES256)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"sub":"a","sub":"b"}', b'{"sub":'])
def test_F039_S095_what_is_not_one_json_object_is_refused(body: bytes) -> None:
    assert refusal_of(body) is errors.IDP_USERINFO_FAILED


@pytest.mark.parametrize("sub", ["other", SUB.upper(), SUB + " ", "", None, 7, "a\n", "s" * 256])
def test_R11_S086_the_claims_of_another_person_are_discarded(sub: object) -> None:
    for claims in ({**CLAIMS, "sub": sub}, {"given_name": "Angèle"}):
        assert refusal_of(json.dumps(claims).encode()) is errors.IDP_USERINFO_SUBJECT
    token = signed(sub=sub)
    assert refusal_of(token, content_type=JWT, alg=Alg.ES256) is errors.IDP_USERINFO_SUBJECT


# Built


def build(claims: dict[str, Any], *, signed: bool) -> dict[str, Any]:
    return userinfo.build(
        claims, sub="sub-v1", issuer="https://fc", audience="mairie", now=10, expires=70,
        signed=signed,
    )  # fmt: skip


def test_B05_plain_userinfo_is_the_claims_and_the_sub() -> None:
    assert build({"given_name": "Zoé"}, signed=False) == {"sub": "sub-v1", "given_name": "Zoé"}
    assert build({}, signed=False) == {"sub": "sub-v1"}


def test_FC_s9_3_signed_userinfo_says_for_whom_and_until_when() -> None:
    assert build({"given_name": "Zoé"}, signed=True) == {
        "sub": "sub-v1", "given_name": "Zoé", "iss": "https://fc", "aud": "mairie", "iat": 10,
        "exp": 70,
    }  # fmt: skip


@pytest.mark.parametrize("is_signed", [True, False])
def test_no_claim_takes_the_place_of_ours(is_signed: bool) -> None:
    stolen = {"sub": "sub of the provider", "iss": "x", "aud": "x", "iat": 0, "exp": 0}
    answer = build(stolen, signed=is_signed)
    assert answer["sub"] == "sub-v1"
    assert not is_signed or answer == build({}, signed=True)
