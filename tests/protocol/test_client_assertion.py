"""Assertions of a client: what proves it, and what proves nothing (RFC 7523 §3)."""

from typing import Any

import pytest

from apps.protocol import client_assertion, jose
from apps.protocol.client_assertion import RefusedAssertion

NOW = 1_800_000_000
ISSUER = "https://fi.example"
KEYS = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})


def claims(**changes: Any) -> dict[str, Any]:
    good = client_assertion.build(client_id="franceconnect", audience=ISSUER, jti="once", now=NOW)
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def judged(assertion: str, *, now: int = NOW) -> str:
    return client_assertion.verify(
        assertion,
        client_id="franceconnect",
        audiences=[ISSUER, f"{ISSUER}/token"],
        keys=KEYS,
        alg=jose.Alg.ES256,
        now=now,
    )


def test_RFC7523_s3_what_we_say_of_ourselves() -> None:
    assert claims() == {
        "iss": "franceconnect",
        "sub": "franceconnect",
        "aud": ISSUER,
        "jti": "once",
        "iat": NOW,
        "exp": NOW + 60,
    }


def test_a_good_assertion_gives_what_must_be_seen_once() -> None:
    assert judged(jose.sign(claims(), KEYS.keys[0])) == "once"
    assert judged(jose.sign(claims(aud=f"{ISSUER}/token"), KEYS.keys[0])) == "once"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "https://evil.example"},
        {"aud": [ISSUER, "https://evil.example"]},
        {"aud": None},
        {"exp": NOW - 3600},
        {"exp": NOW + 3600},
        {"exp": str(NOW + 30)},
        {"exp": True},
        {"exp": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "j" * 256},
        {"jti": 3},
    ],
    ids=str,
)
def test_RFC7523_s3_a_wrong_assertion_proves_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(RefusedAssertion):
        judged(jose.sign(claims(**changes), KEYS.keys[0]))


def test_an_assertion_signed_by_a_stranger_proves_nothing() -> None:
    stranger = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]}).keys[0]
    with pytest.raises(RefusedAssertion):
        judged(jose.sign(claims(), jose.Key(KEYS.keys[0].kid, jose.Alg.ES256, stranger.jwk)))


def test_an_assertion_of_an_unknown_key_asks_for_the_keys_again() -> None:
    stranger = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]}).keys[0]
    with pytest.raises(jose.UnknownKey):
        judged(jose.sign(claims(), stranger))
