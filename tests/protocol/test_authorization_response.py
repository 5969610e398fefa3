"""The authorization response: the provider's is distrusted, ours carries state and iss."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.protocol import authorization_response, errors
from apps.protocol.authorization_response import AuthorizationResponse

ISSUER = "https://fi.example"
ABSENT: tuple[str, ...] = ()


def parse(*, requires_iss: bool = False, **changes: Sequence[str]) -> AuthorizationResponse:
    parameters = {"code": ["the-code"], "state": ["the-state"], **changes}
    return authorization_response.parse(parameters, issuer=ISSUER, requires_iss=requires_iss)


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query, strict_parsing=True)


# What comes back from an identity provider


@pytest.mark.parametrize("state", ["s", "0" * 64, "a b:%/é", "s" * 256])
def test_the_state_of_a_return_is_read_as_it_is(state: str) -> None:
    assert authorization_response.state_of({"state": [state], "error": ["x"]}) == state


@pytest.mark.parametrize("values", [ABSENT, [], [""], ["a", "a"], ["s" * 257]])
def test_FC_s4_6_a_return_without_a_single_state_is_refused(values: Sequence[str]) -> None:
    with pytest.raises(errors.ProtocolError) as refusal:
        authorization_response.state_of({"state": values, "code": ["c"]})
    assert refusal.value.spec is errors.CALLBACK_STATE_MISSING
    with pytest.raises(errors.ProtocolError):
        authorization_response.state_of({"code": ["c"]})


@pytest.mark.parametrize("requires_iss", [True, False])
def test_RFC9207_s2_4_the_right_iss_is_accepted_announced_or_not(requires_iss: bool) -> None:
    response = parse(iss=[ISSUER], requires_iss=requires_iss)
    assert response == AuthorizationResponse(code="the-code", error="")


def test_a_provider_that_announces_no_iss_may_send_none() -> None:
    assert parse().code == "the-code"


@pytest.mark.parametrize(
    ("iss", "requires_iss"),
    [
        (ABSENT, True),
        ([ISSUER + "/"], False),
        (["https://evil.example"], False),
        ([ISSUER, ISSUER], False),
        ([ISSUER, "https://evil.example"], True),
        ([""], False),
        ([""], True),
    ],
)
def test_S060_S061_another_iss_is_refused(iss: Sequence[str], requires_iss: bool) -> None:
    for mixed_up in ({}, {"error": ["access_denied"]}):
        with pytest.raises(errors.ProtocolError) as refusal:
            parse(iss=iss, requires_iss=requires_iss, **mixed_up)
        assert refusal.value.spec is errors.CALLBACK_ISSUER_WRONG


@pytest.mark.parametrize("code", [ABSENT, [""], ["a", "b"], ["c" * 4097]])
def test_FC_s4_6_a_return_without_a_single_code_is_refused(code: Sequence[str]) -> None:
    for error in (ABSENT, [""]):  # RFC 6749 §3.1: an empty error was not sent
        with pytest.raises(errors.ProtocolError) as refusal:
            parse(code=code, error=error)
        assert refusal.value.spec is errors.CALLBACK_CODE_MISSING


def test_a_long_code_is_accepted() -> None:
    assert parse(code=["c" * 4096]).code == "c" * 4096


def test_S097_an_error_is_an_answer_and_its_code_is_never_used() -> None:
    response = parse(error=["access_denied"], error_description=["<b>06 00 00 00 00</b>"])
    assert response == AuthorizationResponse(code="", error="access_denied")


def test_S096_a_long_or_repeated_error_is_cut() -> None:
    assert parse(error=["", "e" * 10_000, "other"]).error == "e" * 64


# What goes to a service


def test_RFC6749_s4_1_2_1_an_error_carries_its_name_its_code_the_state_and_iss() -> None:
    url = authorization_response.build_error(
        errors.SCOPE_NOT_ALLOWED,
        redirect_uri="https://fs.example/cb",
        state="xyz",
        issuer="https://fc.example/api/v2",
    )
    assert url.startswith("https://fs.example/cb?")
    assert query(url) == {
        "error": ["invalid_scope"],
        "error_description": ["requested scope is not allowed (Y044D706)"],
        "state": ["xyz"],
        "iss": ["https://fc.example/api/v2"],
    }


def test_an_error_without_state_carries_none() -> None:
    url = authorization_response.build_error(
        errors.ABANDONED, redirect_uri="https://fs.example/cb", state="", issuer="https://fc"
    )
    assert query(url).keys() == {"error", "error_description", "iss"}


@pytest.mark.parametrize(
    "state", ["a b", "a+b", "%20%zz", "https://fs/?a=b&c=d#e", "é'\"<>", "~._-"]
)
def test_RFC6749_s4_1_2_1_the_state_comes_back_as_it_was(state: str) -> None:
    url = authorization_response.build_error(
        errors.INTERNAL, redirect_uri="https://fs.example/cb", state=state, issuer="https://fc"
    )
    assert query(url)["state"] == [state]
    assert url.isascii()
    assert "+" not in url  # readable by those who do not take + for a space


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://fs.example/cb", "https://fs.example/cb?a=b"),
        ("https://fs.example/cb?openidconnectcallback=1", None),
        ("https://fs.example/cb?", "https://fs.example/cb?&a=b"),
        ("http://[::::", "http://[::::?a=b"),
    ],
)
def test_RFC6749_s3_1_2_a_query_that_the_address_had_is_kept(
    url: str, expected: str | None
) -> None:
    added = authorization_response.add_query(url, {"a": "b"})
    assert added == (expected or url + "&a=b")
