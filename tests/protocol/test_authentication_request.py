"""The authentication request: what is accepted, what is refused and why, what is echoed."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from apps.protocol import authentication_request, errors
from apps.protocol.acr import Acr
from apps.protocol.authentication_request import AuthenticationRequest
from apps.protocol.errors import Delivery, ErrorSpec
from tests.protocol.a_request import (
    CALLBACK,
    CHALLENGE,
    ESSENTIAL_EIDAS1,
    ESSENTIAL_EIDAS3,
    PKCE,
    RIGHT,
    claims,
    parse,
    refusal_of,
    relaxed,
)

# Accepted


def test_B01_what_is_kept_of_a_right_request() -> None:
    assert parse() == AuthenticationRequest(
        redirect_uri=CALLBACK,
        scope=("openid", "given_name"),
        state="s" * 32,
        nonce="n" * 22,
        acr=Acr.EIDAS1,
    )


def test_what_is_kept_survives_its_json_form() -> None:
    full = parse(
        relaxed(claims=frozenset({"amr"})), prompt="login consent", max_age="0", idp_hint="impots",
        claims=claims(id_token={"amr": None, "sub": None}), **PKCE,
    )  # fmt: skip
    assert full.claims == ("amr", "sub")
    assert (full.prompt, full.max_age, full.idp_hint) == (("login", "consent"), 0, "impots")
    assert full.code_challenge == CHALLENGE
    for request in (full, parse()):
        kept = json.loads(json.dumps(request.to_dict()))
        assert AuthenticationRequest.from_dict(kept) == request


ACCEPTED: dict[str, dict[str, Any]] = {
    "another registered address": {"redirect_uri": "https://fs.example/other"},
    "B14 scopes in another order": {"scope": "email openid"},
    "scope repeated inside": {"scope": "openid  openid "},
    "OIDC Core §3.1.2.1 unknown scope": {"scope": "openid unknown"},
    "scope that tells nothing": {"scope": "openid amr"},
    "every scope granted": {"scope": "openid given_name email dgfip_rfr amr"},
    "scope of a data provider": {"scope": "openid dgfip_rfr"},
    "B15 B16 B22 B24 B25 B26 unknown parameters": {
        "display": "page", "extra": "foobar", "login_hint": "x", "ui_locales": "fr",
        "claims_locales": "fr", "id_token_hint": "a.b.c", "utm_source": ["a", "b"], "": "é\x00",
    },
    "unknown and very long": {"login_hint": "x" * 100_000},
    "no state": {"state": None},
    "B18 state of 128 characters": {"state": "-._~" * 32},
    "state of 2 048 characters": {"state": "s" * 2048},
    "state of one space": {"state": " "},
    "nonce of 2 048 characters": {"nonce": "n" * 2048},
    "B27 all levels": {"acr_values": "eidas3 eidas2 eidas1"},
    "S-015 unknown level": {"acr_values": "unknown"},
    "response_mode query": {"response_mode": "query"},
    "B20 max_age": {"max_age": "1"},
    "max_age at its limit": {"max_age": "999999999"},
    "max_age of ten digits": {"max_age": "0000000001"},
    "prompt login": {"prompt": "login"},
    "prompt of 64 characters": {"prompt": "consent " * 8},
    "prompt of both, twice": {"prompt": "consent login login"},
    "B38 PKCE": PKCE,
    "idp_hint": {"idp_hint": "impots"},
    "B35 claims unknown to us": {"claims": claims(userinfo={"name": {"essential": True}})},
    "claims always allowed": {
        "claims": claims(id_token={"sub": None, "acr": None}, userinfo={"iss": {}, "auth_time": {}}),
    },
    "claims with other members": {"claims": claims(id_token={}, x=1)},
    "voluntary acr": {"claims": claims(id_token={"acr": {"values": ["eidas3"]}})},
    "essential acr of any value": {"claims": claims(id_token={"acr": {"essential": True}})},
    "essential acr that we are bound to reach": {
        "claims": claims(id_token={"acr": {"essential": True, "values": ["eidas2", "eidas1", []]}}),
    },
    "acr of userinfo": {"claims": claims(userinfo={"acr": {"essential": True, "value": "x"}})},
    "RFC 6749 §3.1 empty is omitted": dict.fromkeys(
        ("state", "max_age", "response_mode", "claims", "idp_hint", "request", "request_uri",
         "registration", "code_challenge", "code_challenge_method"), ""
    ),
}  # fmt: skip


def test_a_request_may_be_written_in_several_ways(subtests: pytest.Subtests) -> None:
    for row, changes in ACCEPTED.items():
        with subtests.test(row):
            assert parse(**changes).redirect_uri.startswith("https://fs.example/")


def test_RFC6749_s3_3_only_known_scopes_are_kept_once_in_order() -> None:
    assert parse(scope="email unknown openid email").scope == ("email", "openid")


@pytest.mark.parametrize(
    ("acr_values", "kept"),
    [("eidas3 eidas2", Acr.EIDAS2), ("eidas2 eidas1", Acr.EIDAS1), ("unknown", Acr.EIDAS1)],
)
def test_S015_the_lowest_known_level_is_kept(acr_values: str, kept: Acr) -> None:
    assert parse(acr_values=acr_values).acr is kept


def test_FC_s2_5_amr_asked_for_userinfo_gives_nothing() -> None:
    entitled = relaxed(claims=frozenset({"amr"}))
    assert parse(entitled, claims=claims(userinfo={"amr": None})).claims == ()
    assert parse(entitled, claims=claims(id_token={"amr": None}, userinfo={})).claims == ("amr",)


# Refused


REFUSED: dict[str, tuple[dict[str, Any], ErrorSpec]] = {
    "B02 no response_type": ({"response_type": None}, errors.PARAMETER_MISSING),
    "B02 empty response_type": ({"response_type": ""}, errors.PARAMETER_MISSING),
    **{
        f"S-012 response_type {value}": (
            {"response_type": value},
            errors.RESPONSE_TYPE_UNSUPPORTED,
        )
        for value in ("token", "id_token", "code token", "none", "code code", "CODE", "code ")
    },
    **{
        f"S-012 response_mode {value}": (
            {"response_mode": value},
            errors.RESPONSE_MODE_UNSUPPORTED,
        )
        for value in ("fragment", "web_message", "form_post", "form_post.jwt", "query.jwt")
    },
    "S-018 request": ({"request": "a.b.c"}, errors.REQUEST_NOT_SUPPORTED),
    "S-018 request_uri": ({"request_uri": "http://[::1]/"}, errors.REQUEST_URI_NOT_SUPPORTED),
    "OIDC Core §7.2.1 registration": ({"registration": "{}"}, errors.REGISTRATION_NOT_SUPPORTED),
    **{
        f"state with {name}": ({"state": "s" + value}, errors.STATE_INVALID)
        for name, value in (("NUL", "\x00"), ("LF", "\n"), ("U+2028", "\u2028"), ("lost", "\ufffd"))
    },
    "S-020 no nonce": ({"nonce": None}, errors.NONCE_INVALID),
    "S-020 empty nonce": ({"nonce": ""}, errors.NONCE_INVALID),
    "S-020 21 characters": ({"nonce": "n" * 21}, errors.NONCE_INVALID),
    "nonce with a tab": ({"nonce": "n" * 22 + "\t"}, errors.NONCE_INVALID),
    "nonce with a lost byte": ({"nonce": "n" * 22 + "\ufffd"}, errors.NONCE_INVALID),
    "no acr_values": ({"acr_values": None}, errors.ACR_VALUES_MISSING),
    "blank acr_values": ({"acr_values": " "}, errors.ACR_VALUES_MISSING),
    "S-015 level not served": ({"acr_values": "eidas3"}, errors.ACR_NOT_SERVED),
    **{
        f"S-014 prompt {value!r}": ({"prompt": value}, errors.PROMPT_INVALID)
        for value in (
            "", " ", "foo", "none", "none login", "select_account", "LOGIN", "login\tconsent",
            "login foo", " ".join(["login"] * 11),
        )
    },
    **{
        f"S-014 max_age {value!r}": ({"max_age": value}, errors.MAX_AGE_INVALID)
        for value in ("-1", "abc", "1e9", "1.5", " 1", "+1", "٣", "1000000000", "9" * 11, "0" * 11, "²")
    },
    **{
        f"S-066 method {value}": (
            {**PKCE, "code_challenge_method": value},
            errors.CODE_CHALLENGE_INVALID,
        )
        for value in ("plain", "s256", "S512", None, "")
    },
    **{
        f"RFC 7636 §4.2 challenge {value[:3]} × {len(value)}": (
            {**PKCE, "code_challenge": value},
            errors.CODE_CHALLENGE_INVALID,
        )
        for value in ("f" * 42, "f" * 44, "f" * 129, "é" * 43, "+" * 43)
    },
    "RFC 7636 §4.3 method alone": (
        {"code_challenge_method": "S256"},
        errors.CODE_CHALLENGE_INVALID,
    ),
    "S-075 idp_hint": ({"idp_hint": "ameli"}, errors.IDP_HINT_NOT_ALLOWED),
    "OIDC Core §3.1.2.1 no scope": ({"scope": None}, errors.OPENID_SCOPE_MISSING),
    "no openid": ({"scope": "email"}, errors.OPENID_SCOPE_MISSING),
    "openid in another case": ({"scope": "OpenID email"}, errors.OPENID_SCOPE_MISSING),
    "scopes separated by a comma": ({"scope": "openid,email"}, errors.OPENID_SCOPE_MISSING),
    "S-016 scope not granted": ({"scope": "openid birthdate"}, errors.SCOPE_NOT_ALLOWED),
    "S-016 data not granted": ({"scope": "openid dgfip_nbpart"}, errors.SCOPE_NOT_ALLOWED),
    **{
        f"S-017 claims {value[:16]}": ({"claims": value}, errors.CLAIMS_MALFORMED)
        for value in (
            "{", "null", "[]", "7", "x", "{}", claims(other={}), claims(id_token=None),
            claims(id_token=[]), claims(userinfo="x"), '{"id_token":{"a":1,"a":1}}', "[" * 4096,
            '{"id_token":{},"id_token":{}}', claims(id_token={"acr": {"values": "eidas1"}}),
            '{"id_token":{"a":NaN}}',
        )
    },
    "S-016 amr not granted": ({"claims": claims(id_token={"amr": None})}, errors.CLAIM_NOT_ALLOWED),
    "amr of userinfo not granted": (
        {"claims": claims(userinfo={"amr": None})},
        errors.CLAIM_NOT_ALLOWED,
    ),
    "identity by claims": (
        {"claims": claims(userinfo={"birthdate": {"essential": True}})},
        errors.CLAIM_NOT_ALLOWED,
    ),
    "OIDC Core §3.1.2.2 sub of one citizen": (
        {"claims": claims(id_token={"sub": {"value": "abc"}})},
        errors.CLAIM_NOT_ALLOWED,
    ),
    "OIDC Core §5.5.1.1 acr beyond": ({"claims": ESSENTIAL_EIDAS3}, errors.ACR_NOT_SERVED),
    "OIDC Core §5.5.1.1 acr we may exceed": ({"claims": ESSENTIAL_EIDAS1}, errors.ACR_NOT_SERVED),
    **{
        f"RFC 6749 §3.1 {name} repeated": ({name: [value, value]}, errors.PARAMETER_REPEATED)
        for name, value in {**RIGHT, **PKCE, "prompt": "login", "claims": "", "max_age": ""}.items()
        if name != "redirect_uri"
    },
    **{
        f"{name} too long": ({name: "x" * 2049}, errors.PARAMETER_TOO_LONG)
        for name in ("response_type", "scope", "state", "nonce", "acr_values", "prompt", "idp_hint")
    },
    "S-017 claims of 1 MB": ({"claims": "x" * 1_000_000}, errors.PARAMETER_TOO_LONG),
    "claims of 4 097 characters": ({"claims": "x" * 4097}, errors.PARAMETER_TOO_LONG),
}  # fmt: skip


def test_a_request_that_breaks_a_rule_is_refused(subtests: pytest.Subtests) -> None:
    for row, (changes, spec) in REFUSED.items():
        with subtests.test(row):
            assert refusal_of(**changes) is spec
            assert spec.delivery is Delivery.REDIRECT


# Echo


@pytest.mark.parametrize("state", ["s", "-._~" * 32, "a b:%zz/+é'\"<>", "s" * 2048])
def test_B18_the_state_is_kept_and_echoed_as_it_came(state: str) -> None:
    assert parse(state=state).state == authentication_request.state_of({"state": [state]}) == state


@pytest.mark.parametrize(
    "values", [(), [], [""], ["a", "a"], ["s" * 2049], ["\x00"], ["a\r\nb"], ["\ufffd"]]
)
def test_RFC6749_s4_1_2_1_a_state_that_cannot_be_given_back_is_not_echoed(
    values: Sequence[str],
) -> None:
    assert authentication_request.state_of({"state": values}) == ""
    assert authentication_request.state_of({}) == ""
