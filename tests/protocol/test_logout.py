"""RP-Initiated Logout: whose hint is believed, and which addresses are built."""

import base64
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.protocol import id_token, jose, logout
from apps.protocol.jose import Alg
from apps.protocol.logout import LogoutHint

ISSUER = "https://fc.example/api/v2"
OURS = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
FOREIGN = jose.load_private_keys({"keys": [jose.generate_jwk(Alg.ES256)]})
SECRET = "s" * 43
CLAIMS = id_token.build(
    issuer=ISSUER, sub="sub-v1", audience="mairie", nonce="n" * 22, acr="eidas1", amr=(),
    auth_time=1_700_000_000, now=1_700_000_000, lifetime=60,
)  # fmt: skip


def hint(keys: jose.KeySet = OURS, **changes: object) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jose.sign(claims, keys.keys[0])


def verify(token: str) -> LogoutHint:
    return logout.verify_hint(token, issuer=ISSUER, keys=OURS, alg=Alg.ES256)


def refusal_of(act: Callable[[], object]) -> logout.HintRefused:
    with pytest.raises(logout.HintRefused) as refusal:
        act()
    return refusal.value


def unsigned() -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{header}.{hint().split('.')[1]}."


def test_L02_S139_an_id_token_of_ours_is_believed_years_after_its_expiry() -> None:
    assert verify(hint()) == LogoutHint(client_id="mairie", sub="sub-v1")


def test_a_hint_of_an_HS256_service_is_verified_with_its_secret() -> None:
    keys = jose.shared_secret_keys(SECRET)
    token = jose.sign(CLAIMS, keys.for_alg(Alg.HS256))
    found = logout.verify_hint(token, issuer=ISSUER, keys=keys, alg=Alg.HS256)
    assert found.client_id == "mairie"


NOT_HINTS = {
    "L04 alg none": unsigned(),
    "L11 signed by somebody else": hint(FOREIGN),
    "L11 broken signature": hint()[:-4] + "AAAA",
    "empty": "",
    "not a token": "abc",
    "another issuer": hint(iss="https://evil.example"),
    "S-041 a userinfo JWT": hint(auth_time=None),
    "aud is a list": hint(aud=["mairie"]),
    "no aud": hint(aud=None),
    "no sub": hint(sub=None),
    "sub is a number": hint(sub=7),
    "100 kB": "h" * 100_000,
    "HS256": jose.sign(CLAIMS, jose.shared_secret_keys(SECRET).keys[0]),
}


def test_S139_another_hint_is_refused(subtests: pytest.Subtests) -> None:
    for row, token in NOT_HINTS.items():
        with subtests.test(row):
            refusal_of(partial(verify, token))


def test_the_audience_is_read_before_the_key_is_known() -> None:
    assert logout.unverified_audience(hint(FOREIGN)) == "mairie"


@pytest.mark.parametrize(
    "token", ["", "a.b.c", hint(aud=None), hint(aud=["mairie"]), "é.é.é", hint(aud="a\x00b")]
)
def test_a_hint_without_audience_is_refused(token: str) -> None:
    refusal_of(lambda: logout.unverified_audience(token))


@pytest.mark.parametrize("state", ["s" * 128, "a b", "a+b%20&c=d"])
def test_L02_the_state_goes_back_intact_and_alone(state: str) -> None:
    url = logout.build_return("https://fs.example/bye", state=state)
    assert parse_qs(urlsplit(url).query, strict_parsing=True) == {"state": [state]}


def test_L08_without_state_the_address_is_untouched() -> None:
    assert logout.build_return("https://fs.example/bye?a", state="") == "https://fs.example/bye?a"


def test_RPIL_s2_what_an_identity_provider_is_asked() -> None:
    url = logout.build_request(
        "https://fi.example/logout?ui=fr",
        id_token_hint="a.b.c",
        client_id="franceconnect",
        post_logout_redirect_uri="https://fc.example/api/v2/client/logout-callback",
        state="xyz",
    )
    assert parse_qs(urlsplit(url).query) == {
        "ui": ["fr"],
        "id_token_hint": ["a.b.c"],
        "client_id": ["franceconnect"],
        "post_logout_redirect_uri": ["https://fc.example/api/v2/client/logout-callback"],
        "state": ["xyz"],
    }


def test_RPIL_s2_a_hint_that_was_not_kept_is_not_sent() -> None:
    url = logout.build_request(
        "https://fi.example/logout",
        client_id="franceconnect",
        post_logout_redirect_uri="https://fc.example/api/v2/client/logout-callback",
        state="xyz",
    )
    sent = parse_qs(urlsplit(url).query, keep_blank_values=True)
    assert set(sent) == {"client_id", "post_logout_redirect_uri", "state"}


def test_a_refusal_never_repeats_the_hint() -> None:
    token = hint(sub=None, given_name="Angèle")
    assert "Ang" not in str(refusal_of(lambda: verify(token)))
