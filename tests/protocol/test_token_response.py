"""The token response of an identity provider: two tokens, or nothing."""

from typing import Any

import pytest

from apps.protocol import errors, token_response
from apps.protocol.token_response import TokenResponse

ANSWER: dict[str, Any] = {"access_token": "at", "token_type": "Bearer", "id_token": "a.b.c"}


@pytest.mark.parametrize("token_type", ["Bearer", "bearer", "BEARER"])
def test_RFC6749_s7_1_the_token_type_is_bearer_in_any_case(token_type: str) -> None:
    answer = {**ANSWER, "token_type": token_type, "expires_in": "60", "refresh_token": None}
    assert token_response.parse(answer) == TokenResponse(access_token="at", id_token="a.b.c")


def test_a_missing_token_type_is_tolerated() -> None:
    assert token_response.parse({"access_token": "at", "id_token": "a.b.c"}).access_token == "at"


@pytest.mark.parametrize("token_type", ["DPoP", "mac", "", None, 1, ["Bearer"]])
def test_OIDC_s3_1_3_3_another_token_type_is_refused(token_type: object) -> None:
    with pytest.raises(errors.ProtocolError) as refusal:
        token_response.parse({**ANSWER, "token_type": token_type})
    assert refusal.value.spec is errors.IDP_TOKEN_CONTENT
    assert refusal.value.debug == "token_type"


NOT_TOKENS = {
    "empty": "", "null": None, "number": 7, "list": ["t"], "object": {"t": "t"}, "accent": "é",
    "line break": "a\r\nHost: evil.example", "NUL": "a\x00", "DEL": "a\x7f", "long": "t" * 65_537,
}  # fmt: skip


@pytest.mark.parametrize("name", ["access_token", "id_token"])
def test_RFC6749_appendix_A_12_a_token_is_visible_ascii(
    name: str, subtests: pytest.Subtests
) -> None:
    for row, value in NOT_TOKENS.items():
        with subtests.test(row):
            with pytest.raises(errors.ProtocolError) as refusal:
                token_response.parse({**ANSWER, name: value})
            assert refusal.value.spec is errors.IDP_TOKEN_CONTENT
            assert refusal.value.debug == name


@pytest.mark.parametrize("name", ["access_token", "id_token"])
def test_F046_a_token_that_is_absent_is_refused(name: str) -> None:
    with pytest.raises(errors.ProtocolError) as refusal:
        token_response.parse({key: value for key, value in ANSWER.items() if key != name})
    assert refusal.value.debug == name


@pytest.mark.parametrize("length", [1, 65_536])
def test_a_token_of_one_character_to_64_kib_is_accepted(length: int) -> None:
    token = "t" * length
    assert token_response.parse({**ANSWER, "access_token": token}).access_token == token
