"""The authentication request: the address first, the policy of the service, the order, anything."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.protocol import authentication_request, errors
from apps.protocol.acr import Acr
from apps.protocol.errors import CATALOGUE, Delivery, ErrorSpec, ProtocolError
from tests.protocol.a_request import (
    CALLBACK,
    CHALLENGE,
    ESSENTIAL_EIDAS1,
    ESSENTIAL_EIDAS3,
    PKCE,
    RIGHT,
    STRICT,
    claims,
    parse,
    refusal_of,
    relaxed,
    sent,
)

# Addresses


PAGES: dict[str, tuple[dict[str, Any], ErrorSpec]] = {
    "S-001 another host": (
        {"redirect_uri": "https://evil.example/cb"},
        errors.REDIRECT_URI_UNREGISTERED,
    ),
    **{
        f"S-002 S-008 {value}": ({"redirect_uri": value}, errors.REDIRECT_URI_UNREGISTERED)
        for value in (
            CALLBACK + "/", "https://fs.example/cb", "https://fs.example/cb?a=1&b=2",
            "https://fs.example/CB?a=1", "https://fs.example:443/cb?a=1", CALLBACK + "#f",
            "https://fs.example./cb?a=1", "HTTPS://fs.example/cb?a=1", " " + CALLBACK,
            "https://fs.example/x/../cb?a=1", "https://fs.example/cb%3Fa=1", "http://[::::",
        )
    },
    "no redirect_uri": ({"redirect_uri": None}, errors.REQUEST_UNREADABLE),
    "empty redirect_uri": ({"redirect_uri": ""}, errors.REQUEST_UNREADABLE),
    "redirect_uri repeated": ({"redirect_uri": [CALLBACK, CALLBACK]}, errors.REQUEST_UNREADABLE),
    "S-002 redirect_uri with NUL": ({"redirect_uri": CALLBACK + "\0"}, errors.REQUEST_UNREADABLE),
    "S-010 redirect_uri of 100 kB": ({"redirect_uri": "h" * 100_000}, errors.REQUEST_UNREADABLE),
}  # fmt: skip


def test_S011_the_address_is_judged_before_everything_and_gets_no_answer(
    subtests: pytest.Subtests,
) -> None:
    everything_wrong = {"scope": "nothing", "response_type": ["a", "b"], "state": "\x00"}
    for row, (changes, spec) in PAGES.items():
        with subtests.test(row):
            assert refusal_of(**{**everything_wrong, **changes}) is spec
            assert spec.delivery is Delivery.PAGE
            with pytest.raises(ProtocolError, match=spec.slug):
                authentication_request.reply_address(sent(changes), registered=STRICT.redirect_uris)


def test_S005_no_address_is_ever_learnt() -> None:
    assert refusal_of(relaxed(redirect_uris=frozenset())) is errors.REDIRECT_URI_UNREGISTERED


@pytest.mark.parametrize("values", [None, "", ["a", "b"], "a\x00", "c" * 2049])
def test_RFC6749_s3_1_a_client_id_comes_once(values: object) -> None:
    with pytest.raises(ProtocolError) as refusal:
        authentication_request.client_id_of(sent({"client_id": values}))
    assert refusal.value.spec is errors.REQUEST_UNREADABLE
    for right in ("mairie", "c" * 2048):
        assert authentication_request.client_id_of(sent({"client_id": right})) == right


# Policies, relaxed and not


RELAXED: dict[str, tuple[dict[str, Any], dict[str, Any], ErrorSpec]] = {
    "B08 nonce absent": ({"nonce_required": False}, {"nonce": None}, errors.NONCE_INVALID),
    "nonce of 10": ({"nonce_required": False}, {"nonce": "n" * 10}, errors.NONCE_INVALID),
    "acr_values absent": (
        {"acr_required": False},
        {"acr_values": None},
        errors.ACR_VALUES_MISSING,
    ),
    "level served": (
        {"served_acr": frozenset(Acr)},
        {"acr_values": "eidas3"},
        errors.ACR_NOT_SERVED,
    ),
    "prompt none": ({"allowed_prompts": frozenset({"none"})}, {"prompt": "none"}, errors.PROMPT_INVALID),
    "prompt select_account": (
        {"allowed_prompts": frozenset({"select_account"})},
        {"prompt": "select_account"},
        errors.PROMPT_INVALID,
    ),
    "hint": ({"allowed_idp_hints": frozenset({"ameli"})}, {"idp_hint": "ameli"}, errors.IDP_HINT_NOT_ALLOWED),
    "scope": ({"scopes": frozenset({"birth"})}, {"scope": "openid birth"}, errors.SCOPE_NOT_ALLOWED),
    "claim": (
        {"claims": frozenset({"amr"})},
        {"claims": claims(id_token={"amr": {"essential": True}})},
        errors.CLAIM_NOT_ALLOWED,
    ),
    "essential acr": (
        {"served_acr": frozenset({Acr.EIDAS1})},
        {"claims": ESSENTIAL_EIDAS1},
        errors.ACR_NOT_SERVED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", RELAXED)
def test_each_rule_is_relaxed_service_by_service(row: str) -> None:
    policy, changes, spec = RELAXED[row]
    assert refusal_of(**changes) is spec
    parse(relaxed(**policy), **changes)


def test_S066_PKCE_is_required_of_the_services_that_promised_it() -> None:
    demanding = relaxed(pkce_required=True)
    assert refusal_of(demanding) is errors.CODE_CHALLENGE_REQUIRED
    assert refusal_of(demanding, code_challenge="") is errors.CODE_CHALLENGE_REQUIRED
    assert parse(demanding, **PKCE).code_challenge == CHALLENGE


def test_B18_none_stands_alone_even_where_it_is_allowed() -> None:
    policy = relaxed(allowed_prompts=frozenset({"none", "login"}))
    assert parse(policy, prompt="none").prompt == ("none",)
    assert refusal_of(policy, prompt="none login") is errors.PROMPT_INVALID


def test_the_default_level_must_be_served_as_any_other() -> None:
    policy = relaxed(default_acr=Acr.EIDAS3, acr_required=False)
    assert refusal_of(policy, acr_values=None) is errors.ACR_NOT_SERVED


# Order


ORDER: tuple[tuple[dict[str, Any], ErrorSpec], ...] = (
    ({"redirect_uri": None}, errors.REQUEST_UNREADABLE),
    ({"redirect_uri": "https://evil.example"}, errors.REDIRECT_URI_UNREGISTERED),
    ({"client_id": ["a", "b"]}, errors.PARAMETER_REPEATED),
    ({"client_id": "a" * 2049}, errors.PARAMETER_TOO_LONG),
    ({"response_type": None}, errors.PARAMETER_MISSING),
    ({"response_type": "token"}, errors.RESPONSE_TYPE_UNSUPPORTED),
    ({"response_mode": "fragment"}, errors.RESPONSE_MODE_UNSUPPORTED),
    ({"request": "x"}, errors.REQUEST_NOT_SUPPORTED),
    ({"request_uri": "x"}, errors.REQUEST_URI_NOT_SUPPORTED),
    ({"registration": "x"}, errors.REGISTRATION_NOT_SUPPORTED),
    ({"state": "\n"}, errors.STATE_INVALID),
    ({"nonce": "n"}, errors.NONCE_INVALID),
    ({"acr_values": None}, errors.ACR_VALUES_MISSING),
    ({"acr_values": "eidas3"}, errors.ACR_NOT_SERVED),
    ({"prompt": "none"}, errors.PROMPT_INVALID),
    ({"max_age": "x"}, errors.MAX_AGE_INVALID),
    ({"code_challenge": "x"}, errors.CODE_CHALLENGE_INVALID),
    (dict.fromkeys(PKCE), errors.CODE_CHALLENGE_REQUIRED),
    ({"idp_hint": "x"}, errors.IDP_HINT_NOT_ALLOWED),
    ({"scope": "email"}, errors.OPENID_SCOPE_MISSING),
    ({"scope": "openid birth"}, errors.SCOPE_NOT_ALLOWED),
    ({"claims": "x"}, errors.CLAIMS_MALFORMED),
    ({"claims": claims(id_token={"amr": None})}, errors.CLAIM_NOT_ALLOWED),
    ({"claims": ESSENTIAL_EIDAS3}, errors.ACR_NOT_SERVED),
)  # fmt: skip


def test_of_several_faults_the_first_of_the_table_is_told() -> None:
    faults: dict[str, Any] = {**PKCE}
    for fault, spec in reversed(ORDER):
        faults |= fault
        assert refusal_of(relaxed(pkce_required=True), **faults) is spec


def test_every_error_that_a_request_may_earn_is_in_the_order() -> None:
    later = {errors.LOGIN_REQUIRED, errors.INTERACTION_REQUIRED, errors.ABANDONED}
    travelling = {spec for spec in CATALOGUE.values() if spec.delivery is Delivery.REDIRECT}
    assert travelling - later == {spec for _, spec in ORDER if spec.delivery is Delivery.REDIRECT}


# Anything


HUGE = ("x" * 1_000_000, "[" * 10_000, '{"a":' * 10_000)
PIECES = (
    '{"id_token":' * 300, "9" * 400, "", "\x00", "\ud800", "\ufffd", "é" * 3000, " ", "\r\n", "+", "code", "openid", "none", "S256",
    "eidas9", '{"id_token":{"sub":{"values":[[]]}}}', '{"userinfo":7}', ESSENTIAL_EIDAS3, CALLBACK,
)  # fmt: skip
NASTY = st.one_of(
    st.sampled_from((*PIECES, *HUGE)),
    st.lists(st.sampled_from(PIECES), max_size=3).map("".join),
    st.text(st.characters(max_codepoint=0x2100), max_size=6),
)
KNOWN = sorted(
    {*RIGHT, *PKCE, "prompt", "max_age", "claims", "request", "response_mode", "idp_hint"}
)


@settings(max_examples=50, derandomize=True, database=None, deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from(KNOWN), st.lists(NASTY, max_size=2), max_size=3),
    is_lax=st.booleans(),
)
def test_S017_anything_is_a_request_or_a_coded_refusal(
    changes: dict[str, list[str]], is_lax: bool
) -> None:
    policy = relaxed(nonce_required=False, acr_required=False) if is_lax else STRICT
    started = time.process_time()
    try:
        kept = parse(policy, **changes)
    except ProtocolError:
        kept = parse()
    assert time.process_time() - started < 0.1
    assert kept.redirect_uri in STRICT.redirect_uris
    assert set(kept.scope) <= STRICT.scopes | {"amr"}
    json.dumps(kept.to_dict(), ensure_ascii=False).encode()


def test_S017_one_huge_parameter_is_refused_at_once() -> None:
    for name in KNOWN:
        for value in HUGE:
            started = time.process_time()
            with pytest.raises(ProtocolError):
                parse(STRICT, **{name: value})
            assert time.process_time() - started < 0.1


@pytest.mark.parametrize("parameters", [{}, {"": []}, {"redirect_uri": []}, {"é": ["\x00", "a"]}])
def test_parameters_without_an_address_get_a_page(parameters: dict[str, list[str]]) -> None:
    with pytest.raises(ProtocolError) as refusal:
        authentication_request.parse(parameters, policy=STRICT)
    assert refusal.value.spec is errors.REQUEST_UNREADABLE
