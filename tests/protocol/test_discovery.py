"""The configuration document: whose we believe, and the one we publish."""

import json

import pytest

from apps.protocol import discovery
from apps.protocol.discovery import DiscoveryError, ProviderMetadata

ISSUER = "https://fi.example/oidc"
ABSENT = object()
PUBLISHED: dict[str, object] = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://fi.example/authorize",
    "token_endpoint": "https://back.fi.example:8443/token",
    "userinfo_endpoint": "https://fi.example/userinfo?schema=openid",
    "jwks_uri": "https://keys.fi.example/jwks",
    "end_session_endpoint": "https://fi.example/logout",
    "authorization_response_iss_parameter_supported": True,
    "response_types_supported": ["code"],
}


def document(**changes: object) -> dict[str, object]:
    return {name: value for name, value in {**PUBLISHED, **changes}.items() if value is not ABSENT}


def parse(**changes: object) -> ProviderMetadata:
    return discovery.parse(document(**changes), issuer=ISSUER)


# What a provider says of itself


def test_R15_the_addresses_are_those_that_the_issuer_publishes() -> None:
    assert parse() == ProviderMetadata(
        issuer=ISSUER,
        authorization_endpoint="https://fi.example/authorize",
        token_endpoint="https://back.fi.example:8443/token",
        userinfo_endpoint="https://fi.example/userinfo?schema=openid",
        jwks_uri="https://keys.fi.example/jwks",
        end_session_endpoint="https://fi.example/logout",
        requires_iss=True,
    )


@pytest.mark.parametrize(
    "issuer", [ABSENT, None, "", ISSUER + "/", ISSUER.upper(), "https://evil.example", [ISSUER]]
)
def test_R17_S098_a_document_of_another_issuer_is_refused(issuer: object) -> None:
    with pytest.raises(DiscoveryError, match="issuer"):
        parse(issuer=issuer)


NOT_ENDPOINTS = {
    "absent": ABSENT,
    "null": None,
    "empty": "",
    "a number": 7,
    "a list": ["https://fi.example/"],
    "relative": "/token",
    "without scheme": "//fi.example/token",
    "without host": "https:///token",
    "nothing but a scheme": "https://",
    "S-098 http under an https issuer": "http://fi.example/token",
    "S-117 file": "file:///etc/passwd",
    "S-117 javascript": "javascript:alert(1)",
    "user": "https://fi.example@evil.example/",
    "port that is no number": "https://fi.example:port/",
    "S-010 monstrous host": "https://[::::/token",
    "a directive for our CSP": "https://fi.example;script-src *",
    "line break": "https://fi.example/\r\nSet-Cookie: a=b",
    "final line break": "https://fi.example/token\n",
    "space": " https://fi.example/token",
    "space inside": "https://fi.example/a b",
    "backslash": "https://fi.example\\@evil.example/",
    "RFC 6749 §3.1 fragment": "https://fi.example/token#here",
    "not ASCII": "https://fi.éxample/token",
}


def test_an_endpoint_is_an_absolute_https_url(subtests: pytest.Subtests) -> None:
    for row, address in NOT_ENDPOINTS.items():
        for member in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
            with subtests.test(row, member=member), pytest.raises(DiscoveryError, match=member):
                parse(**{member: address})


@pytest.mark.parametrize("nothing", [ABSENT, None, ""])
def test_a_provider_may_have_no_logout(nothing: object) -> None:
    assert parse(end_session_endpoint=nothing).end_session_endpoint == ""


def test_a_logout_address_that_is_wrong_is_refused() -> None:
    with pytest.raises(DiscoveryError, match="end_session_endpoint"):
        parse(end_session_endpoint="https://fi.example;img-src *")


@pytest.mark.parametrize("value", [ABSENT, None, False, "true", 1])
def test_RFC9207_s3_iss_is_required_of_those_only_who_announce_it(value: object) -> None:
    assert not parse(authorization_response_iss_parameter_supported=value).requires_iss


def test_a_sandbox_without_tls_is_read_under_an_http_issuer() -> None:
    local = "http://localhost:8011"
    endpoints = {
        member: f"http://localhost:8011/{member}"
        for member, value in PUBLISHED.items()
        if member.endswith(("_endpoint", "_uri"))
    }
    found = discovery.parse({**endpoints, "issuer": local}, issuer=local)
    assert found.token_endpoint == "http://localhost:8011/token_endpoint"
    with_ipv6 = {**endpoints, "issuer": local, "jwks_uri": "http://[::1]:8011/jwks"}
    assert discovery.parse(with_ipv6, issuer=local).jwks_uri == "http://[::1]:8011/jwks"


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER + "/"])
def test_discovery_s4_1_the_document_is_below_the_issuer(issuer: str) -> None:
    expected = "https://fi.example/oidc/.well-known/openid-configuration"
    assert discovery.configuration_url(issuer) == expected


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://fs.example/callback?a=b#c", "https://fs.example"),
        ("http://localhost:8001/", "http://localhost:8001"),
        ("https://user:secret@fs.example:8443/", "https://fs.example:8443"),
    ],
)
def test_RFC6454_s6_1_an_origin_is_a_scheme_a_host_and_a_port(url: str, origin: str) -> None:
    assert discovery.origin(url) == origin


# What we say of ourselves


OURS = discovery.build(
    issuer="https://fc.example/api/v2",
    paths={
        "authorization_endpoint": "https://fc.example/api/v2/authorize",
        "token_endpoint": "https://fc.example/api/v2/token",
        "userinfo_endpoint": "https://fc.example/api/v2/userinfo",
        "jwks_uri": "https://fc.example/api/v2/jwks",
        "end_session_endpoint": "https://fc.example/api/v2/session/end",
    },
    scopes=["openid", "profile"],
    claims=["sub", "given_name"],
    acr_values=["eidas1"],
    auth_methods=["client_secret_post", "client_secret_basic"],
    signing_algs=["ES256", "RS256"],
    extra={"claims_parameter_supported": True},
)


def test_C02_the_issuer_has_neither_query_nor_fragment_nor_trailing_slash() -> None:
    address = discovery.configuration_url(str(OURS["issuer"]))
    assert (
        address.removesuffix(discovery.WELL_KNOWN) == OURS["issuer"] == "https://fc.example/api/v2"
    )


WHAT_WE_DO: tuple[tuple[str, str, object], ...] = (
    ("C04", "response_types_supported", ["code"]),
    ("C04", "response_modes_supported", ["query"]),
    ("C04", "grant_types_supported", ["authorization_code"]),
    ("C05", "subject_types_supported", ["pairwise"]),
    ("C06", "id_token_signing_alg_values_supported", ["ES256", "RS256"]),
    ("C10", "scopes_supported", ["openid", "profile"]),
    ("C11", "claims_supported", ["sub", "given_name"]),
    ("C13", "code_challenge_methods_supported", ["S256"]),
    ("S-018", "request_parameter_supported", False),
    ("S-018", "request_uri_parameter_supported", False),
    ("RFC 9207 §3", "authorization_response_iss_parameter_supported", True),
    ("B27", "acr_values_supported", ["eidas1"]),
    (
        "B32",
        "token_endpoint_auth_methods_supported",
        ["client_secret_post", "client_secret_basic"],
    ),
    ("Discovery §3", "claim_types_supported", ["normal"]),
    ("B35", "claims_parameter_supported", True),
)


def test_our_document_says_what_we_do(subtests: pytest.Subtests) -> None:
    for row, member, value in WHAT_WE_DO:
        with subtests.test(row, member=member):
            assert OURS[member] == value


def test_C03_every_member_but_extra_ones_is_registered_and_json() -> None:
    registered = {
        "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri",
        "end_session_endpoint", "scopes_supported", "claims_supported", "claim_types_supported",
        "acr_values_supported", "response_types_supported", "response_modes_supported",
        "grant_types_supported", "subject_types_supported", "claims_parameter_supported",
        "token_endpoint_auth_methods_supported", "id_token_signing_alg_values_supported",
        "code_challenge_methods_supported", "request_parameter_supported",
        "request_uri_parameter_supported", "authorization_response_iss_parameter_supported",
    }  # fmt: skip
    assert OURS.keys() == registered
    assert json.loads(json.dumps(OURS)) == OURS


def test_C08_C09_L01_every_endpoint_is_https_and_we_would_believe_our_own_document() -> None:
    found = discovery.parse(OURS, issuer="https://fc.example/api/v2")
    assert found.requires_iss
    for member, value in OURS.items():
        if member.endswith(("_endpoint", "_uri")):
            assert str(value).startswith("https://"), member
            assert getattr(found, member) == value


def test_C07_nothing_extra_is_published_without_being_asked() -> None:
    bare = discovery.build(
        issuer=ISSUER, paths={}, scopes=["openid"], claims=["sub"], acr_values=[],
        auth_methods=[], signing_algs=["RS256"],
    )  # fmt: skip
    assert "userinfo_signing_alg_values_supported" not in bare
    assert "claims_parameter_supported" not in bare
