"""The ID token: every claim that must be right before one is believed, and the one we build."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from jwcrypto.jws import JWS

from apps.protocol import errors, id_token, jose
from apps.protocol.id_token import LEEWAY, VerifiedIdToken
from apps.protocol.jose import Alg

ISSUER = "https://fi.example"
CLIENT = "franceconnect"
NONCE = "n0nce" * 5
NOW = 1_750_000_000
ABSENT = object()
KEYS = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
FOREIGN = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
HMAC = jose.shared_secret_keys("secret" * 6)
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "angele-0001",
    "aud": CLIENT,
    "exp": NOW + 60,
    "iat": NOW,
    "nonce": NONCE,
    "acr": "eidas1",
    "amr": ["pwd", "otp"],
    "auth_time": NOW - 5,
}


def claims(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ABSENT}


def signed(payload: bytes) -> str:
    """A token with this very payload, correctly signed."""
    signing = JWS(payload)
    signing.add_signature(KEYS.keys[0].jwk, None, '{"alg":"ES256"}')
    token: str = signing.serialize(compact=True)
    return token


def verify(
    token: str = "", *, nonce: str = NONCE, now: int = NOW, leeway: int = LEEWAY, **changes: Any
) -> VerifiedIdToken:
    return id_token.verify(
        token or jose.sign(claims(**changes), KEYS.keys[0]),
        issuer=ISSUER,
        audience=CLIENT,
        nonce=nonce,
        keys=KEYS,
        alg=Alg.ES256,
        now=now,
        leeway=leeway,
    )


def refusal_of(token: str = "", **changes: Any) -> errors.ErrorSpec:
    with pytest.raises(errors.ProtocolError) as refusal:
        verify(token, **changes)
    assert "angele" not in str(refusal.value)
    return refusal.value.spec


def is_believed(**changes: Any) -> bool:
    try:
        return bool(verify(**changes))
    except errors.ProtocolError as failure:
        if failure.spec is not errors.ID_TOKEN_EXPIRED:
            raise
        return False


# Believed


def test_R01_a_right_token_is_believed() -> None:
    assert verify() == VerifiedIdToken(
        sub="angele-0001", acr="eidas1", amr=("pwd", "otp"), auth_time=NOW - 5, at_hash=None
    )


def test_a_token_signed_with_the_shared_secret_is_believed() -> None:
    found = id_token.verify(
        jose.sign(CLAIMS, HMAC.keys[0]), issuer=ISSUER, audience=CLIENT, nonce=NONCE, keys=HMAC,
        alg=Alg.HS256, now=NOW,
    )  # fmt: skip
    assert found.sub == "angele-0001"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": [CLIENT]}, id="S-088 array of one"),
        pytest.param({"azp": CLIENT}, id="azp is us"),
        pytest.param({"aud": ["other", CLIENT], "azp": CLIENT}, id="two audiences, azp is us"),
        pytest.param({"exp": NOW + 60.5, "iat": NOW - 0.5}, id="fractions of seconds"),
        pytest.param({"nbf": NOW}, id="nbf"),
        pytest.param({"sub": "s"}, id="sub of one character"),
        pytest.param({"sub": "s" * 255}, id="sub of 255 characters"),
        pytest.param({"at_hash": "x", "given_name": "Zoé", "address": {}}, id="other claims"),
    ],
)
def test_a_token_may_be_written_in_several_ways(changes: dict[str, Any]) -> None:
    assert verify(**changes).acr == "eidas1"


@pytest.mark.parametrize("acr", [ABSENT, None, 1, ["eidas1"]])
def test_a_level_that_is_not_text_is_no_level(acr: object) -> None:
    assert verify(acr=acr).acr == ""


@pytest.mark.parametrize(
    ("amr", "expected"),
    [(ABSENT, ()), (None, ()), ("pwd", ()), ({"pwd": 1}, ()), (["pwd", 1, None], ("pwd",))],
)
def test_RFC8176_only_a_list_of_texts_is_an_amr(amr: object, expected: tuple[str, ...]) -> None:
    assert verify(amr=amr).amr == expected


AUTH_TIMES: tuple[tuple[object, int], ...] = (
    (NOW - 3600, NOW - 3600),
    (NOW - 3600.5, NOW - 3601),
    (NOW, NOW),
    (NOW + 1, NOW),
    (NOW * 1000, NOW),
    (1, 1),
    (ABSENT, NOW),
    (None, NOW),
    (0, NOW),
    (-1, NOW),
    (True, NOW),
    ("1750000000", NOW),
    (10**300, NOW),
)


def test_S157_auth_time_is_the_providers_or_that_of_the_return(subtests: pytest.Subtests) -> None:
    for auth_time, expected in AUTH_TIMES:
        with subtests.test(str(auth_time)):
            assert verify(auth_time=auth_time).auth_time == expected


# Refused


REFUSED: dict[str, tuple[dict[str, Any], errors.ErrorSpec]] = {
    "R02 S-089 iss of another provider": ({"iss": "https://other.example"}, errors.ID_TOKEN_ISSUER),
    "R02 iss with a slash": ({"iss": ISSUER + "/"}, errors.ID_TOKEN_ISSUER),
    "R02 no iss": ({"iss": ABSENT}, errors.ID_TOKEN_ISSUER),
    "R02 iss is a list": ({"iss": [ISSUER]}, errors.ID_TOKEN_ISSUER),
    "R03 no sub": ({"sub": ABSENT}, errors.ID_TOKEN_SUBJECT),
    "S-101 sub is empty": ({"sub": ""}, errors.ID_TOKEN_SUBJECT),
    "S-101 sub of 256 characters": ({"sub": "s" * 256}, errors.ID_TOKEN_SUBJECT),
    "S-101 sub with a control character": ({"sub": "a\x00"}, errors.ID_TOKEN_SUBJECT),
    "S-101 sub with a line break": ({"sub": "a\n"}, errors.ID_TOKEN_SUBJECT),
    "S-101 sub is not ASCII": ({"sub": "zoé"}, errors.ID_TOKEN_SUBJECT),
    "S-101 sub is a number": ({"sub": 7}, errors.ID_TOKEN_SUBJECT),
    "R04 aud of another client": ({"aud": "other"}, errors.ID_TOKEN_AUDIENCE),
    "R04 no aud": ({"aud": ABSENT}, errors.ID_TOKEN_AUDIENCE),
    "R04 aud is empty": ({"aud": []}, errors.ID_TOKEN_AUDIENCE),
    "R04 aud begins like us": ({"aud": CLIENT + "-2"}, errors.ID_TOKEN_AUDIENCE),
    "R04 aud holds us as a member": ({"aud": {CLIENT: 1}}, errors.ID_TOKEN_AUDIENCE),
    "S-088 a stranger beside us": ({"aud": [CLIENT, "other"]}, errors.ID_TOKEN_AUDIENCE),
    "S-088 azp is a stranger": ({"azp": "other"}, errors.ID_TOKEN_AUDIENCE),
    "S-088 azp is empty": ({"azp": ""}, errors.ID_TOKEN_AUDIENCE),
    "S-088 azp is a stranger among two": (
        {"aud": [CLIENT, "other"], "azp": "other"},
        errors.ID_TOKEN_AUDIENCE,
    ),
    "R12 another nonce": ({"nonce": "another"}, errors.ID_TOKEN_NONCE),
    "S-084 no nonce": ({"nonce": ABSENT}, errors.ID_TOKEN_NONCE),
    "S-084 null": ({"nonce": None}, errors.ID_TOKEN_NONCE),
    "S-084 array": ({"nonce": [NONCE]}, errors.ID_TOKEN_NONCE),
    "S-084 case changed": ({"nonce": NONCE.upper()}, errors.ID_TOKEN_NONCE),
    **{
        f"S-085 {name} {value!r}": ({name: value}, errors.ID_TOKEN_EXPIRED)
        for name in ("exp", "iat", "nbf")
        for value in (None, str(NOW), -1, True, [NOW], 2**53, 1e300)
    },
    "R05 no iat": ({"iat": ABSENT}, errors.ID_TOKEN_EXPIRED),
    "S-085 no exp": ({"exp": ABSENT}, errors.ID_TOKEN_EXPIRED),
}


def test_S077_a_claim_that_is_wrong_is_refused(subtests: pytest.Subtests) -> None:
    for row, (changes, spec) in REFUSED.items():
        with subtests.test(row):
            assert refusal_of(**changes) is spec


@pytest.mark.parametrize(
    "literal", [b"NaN", b"Infinity", b"1e400", b"-1e400", b'"1750000060"', b"9" * 5000]
)
def test_S085_an_exp_that_is_no_number_is_refused(literal: bytes) -> None:
    payload = json.dumps(claims(exp=0)).encode().replace(b'"exp": 0', b'"exp": ' + literal)
    assert refusal_of(signed(payload)) in (errors.ID_TOKEN_SIGNATURE, errors.ID_TOKEN_EXPIRED)


def test_S095_a_repeated_member_is_refused() -> None:
    payload = json.dumps(CLAIMS)[:-1] + ', "sub": "angele-0001"}'
    assert refusal_of(signed(payload.encode())) is errors.ID_TOKEN_SIGNATURE


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(
            "eyJhbGciOiJub25lIn0." + signed(json.dumps(CLAIMS).encode()).split(".")[1] + ".",
            id="R09 S-078 alg none",
        ),
        pytest.param(jose.sign(CLAIMS, KEYS.keys[0])[:-4] + "AAAA", id="R10 broken signature"),
        pytest.param(jose.sign(CLAIMS, HMAC.keys[0]), id="S-079 another algorithm"),
        pytest.param("not a token", id="not a token"),
        pytest.param("e30." * 4 + "e30", id="S-092 encrypted, though it was not registered"),
    ],
)
def test_S077_a_signature_that_is_wrong_is_refused(token: str) -> None:
    assert refusal_of(token) is errors.ID_TOKEN_SIGNATURE


def test_R10_a_key_of_another_provider_under_the_same_kid_is_refused() -> None:
    stolen = jose.Key(KEYS.keys[0].kid, Alg.ES256, FOREIGN.keys[0].jwk)
    assert refusal_of(jose.sign(CLAIMS, stolen)) is errors.ID_TOKEN_SIGNATURE


def test_R19_R20_an_unknown_kid_asks_for_fresh_keys() -> None:
    with pytest.raises(jose.UnknownKey):
        verify(jose.sign(CLAIMS, FOREIGN.keys[0]))


def test_the_signature_is_judged_before_any_claim() -> None:
    wrong = claims(iss="https://other.example", sub=ABSENT, nonce="x")
    assert refusal_of(jose.sign(wrong, HMAC.keys[0])) is errors.ID_TOKEN_SIGNATURE


# Times


@pytest.mark.parametrize(
    ("name", "limit", "accepted"),
    [
        ("exp", NOW - 10, (False, False, True)),
        ("iat", NOW + 10, (True, True, False)),
        ("iat", NOW - 610, (False, True, True)),
        ("nbf", NOW + 10, (True, True, False)),
    ],
)
def test_S085_times_are_judged_to_the_second(
    name: str, limit: int, accepted: tuple[bool, bool, bool]
) -> None:
    believed = tuple(is_believed(**{name: limit + delta}) for delta in (-1, 0, 1))
    assert believed == accepted


@pytest.mark.parametrize(
    ("name", "limit", "accepted"),
    [
        ("exp", NOW, (False, False, True)),
        ("iat", NOW, (True, True, False)),
        ("iat", NOW - 600, (False, True, True)),
        ("nbf", NOW, (True, True, False)),
    ],
)
def test_S085_without_leeway_nothing_is_tolerated(
    name: str, limit: int, accepted: tuple[bool, bool, bool]
) -> None:
    believed = tuple(is_believed(**{name: limit + delta}, leeway=0) for delta in (-1, 0, 1))
    assert believed == accepted


def test_S207_a_clock_ten_minutes_wrong_is_tolerated_up_to_the_table() -> None:
    believed = {
        ahead: is_believed(iat=NOW + ahead, exp=NOW + ahead + 60) for ahead in range(-600, 601, 30)
    }
    assert [ahead for ahead, ok in believed.items() if ok] == [-60, -30, 0]


# Built


def build(**changes: Any) -> Mapping[str, object]:
    given: dict[str, Any] = {
        "issuer": "https://fc.example/api/v2", "sub": "sub-v1", "audience": "mairie",
        "nonce": NONCE, "acr": "eidas1", "amr": ["pwd"], "auth_time": NOW - 9, "now": NOW,
        "lifetime": 60,
    }  # fmt: skip
    return id_token.build(**{**given, **changes})


def test_FC_s9_2_our_token_has_nine_members_and_no_identity() -> None:
    assert build() == {
        "iss": "https://fc.example/api/v2", "sub": "sub-v1", "aud": "mairie", "exp": NOW + 60,
        "iat": NOW, "auth_time": NOW - 9, "nonce": NONCE, "acr": "eidas1", "amr": ["pwd"],
    }  # fmt: skip


@pytest.mark.parametrize(("argument", "nothing"), [("nonce", ""), ("amr", ()), ("amr", [])])
def test_B08_what_was_not_asked_is_left_out_and_never_null(argument: str, nothing: object) -> None:
    built = build(**{argument: nothing})
    assert argument not in built
    assert None not in built.values()


def test_what_we_build_we_would_believe() -> None:
    ours = build(issuer=ISSUER, audience=CLIENT)
    assert verify(jose.sign(ours, KEYS.keys[0])).sub == "sub-v1"
