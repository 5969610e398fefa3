"""An analysis against real servers: each fault is one finding, and says what to do."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from apps.identity_providers import destinations, wire
from apps.identity_providers.analysis import asking, running
from apps.identity_providers.analysis.findings import Finding, Report, Severity
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from tests.house import french
from tests.identity_providers import certificates
from tests.identity_providers.faulty_provider import CONFIGURATION, KEYS, FaultyProvider
from tests.loopback import as_json, typed

HTML = typed("text/html", "<h1>Bonjour</h1>")
EC, RSA = jose.public_jwks(KEYS)["keys"]


@pytest.fixture
def provider() -> Iterator[FaultyProvider]:
    running_provider = FaultyProvider()
    yield running_provider
    running_provider.stop()


def analyse(issuer: str, row: IdentityProvider | None = None) -> Report:
    return running.analyse(issuer, now=time.time(), provider=row)


def faults(report: Report) -> dict[str, str]:
    """Return what is not conform; not how long it took, which is this machine's business too."""
    return {
        f.check: f.severity.value
        for f in report.findings
        if f.severity is not Severity.CONFORM and f.check != "response_time"
    }


def found(report: Report, check: str) -> Finding:
    return next(f for f in report.findings if f.check == check)


def row(issuer: str, **changes: Any) -> IdentityProvider:
    return IdentityProvider(uid="new", name="new", title="New", issuer=issuer, **changes)


def test_a_provider_that_does_everything_right_is_conform(provider: FaultyProvider) -> None:
    report = analyse(provider.issuer)
    assert faults(report) == {}
    assert report.verdict is Severity.CONFORM
    assert provider.calls == [CONFIGURATION, "/jwks", "/authorize", "/token"]


def test_rs256_only_no_logout_and_a_clock_of_90_s_are_exactly_three_findings(
    trusted: certificates.Authority,
) -> None:
    provider = FaultyProvider(
        certificate=trusted.issue(),
        skew=90,
        changes={
            "id_token_signing_alg_values_supported": ["RS256"],
            "end_session_endpoint": None,
        },
    )
    report = analyse(provider.issuer)
    provider.stop()
    assert faults(report) == {
        "id_token_alg": "warning",
        "end_session": "warning",
        "clock": "blocking",
    }
    assert (
        "avance de 90" in found(report, "clock").observed or "89" in found(report, "clock").observed
    )
    assert found(report, "tls").observed.startswith("TLSv1.")


@pytest.mark.parametrize(
    ("changes", "check", "severity"),
    [
        ({"issuer": None}, "issuer", "blocking"),
        ({"issuer": "https://another.example"}, "issuer", "blocking"),
        ({"token_endpoint": None}, "endpoints", "blocking"),
        ({"token_endpoint": "/token"}, "endpoints", "blocking"),
        ({"userinfo_endpoint": "http://another.example/userinfo"}, "hosts", "warning"),
        ({"response_types_supported": ["id_token"]}, "response_types", "blocking"),
        ({"response_types_supported": "code"}, "response_types", "warning"),
        ({"token_endpoint_auth_methods_supported": ["tls_client_auth"]}, "token_auth", "blocking"),
        ({"code_challenge_methods_supported": ["plain"]}, "pkce", "warning"),
        ({"authorization_response_iss_parameter_supported": None}, "iss", "warning"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "id_token_alg", "warning"),
        ({"id_token_signing_alg_values_supported": ["PS256"]}, "id_token_alg", "blocking"),
        ({"userinfo_signing_alg_values_supported": ["PS256"]}, "userinfo_alg", "warning"),
        ({"end_session_endpoint": None}, "end_session", "warning"),
        ({"scopes_supported": ["profile", "email", "birth"]}, "scopes", "blocking"),
        ({"scopes_supported": ["openid", "profile"]}, "scopes", "warning"),
        ({"claims_supported": ["given_name", "family_name"]}, "claims", "warning"),
        ({"acr_values_supported": None}, "acr", "blocking"),
        ({"acr_values_supported": ["1", "urn:mace:silver"]}, "acr", "blocking"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value)[:60],
)
def test_each_fault_of_the_document_is_one_finding(
    provider: FaultyProvider, changes: dict[str, Any], check: str, severity: str
) -> None:
    provider.changes = changes
    report = analyse(provider.issuer)
    assert {n: s for n, s in faults(report).items() if s != "unchecked"} == {check: severity}
    assert found(report, check).how_to_mend
    assert not french.faults(found(report, check).how_to_mend)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([EC | {"d": "AAAA"}, RSA], {"private_keys": "blocking", "usable_keys": "warning"}),
        ([], {"usable_keys": "blocking"}),
        ([RSA], {"usable_keys": "warning"}),
        ([EC, {**RSA, "n": RSA["n"][:172]}], {"usable_keys": "warning", "key_strength": "warning"}),
        ([RSA, EC, {**EC, "x": EC["y"], "kid": "k"}], {"key_strength": "warning"}),
        ([{**EC, "crv": "P-384"}, RSA], {"usable_keys": "warning", "key_strength": "warning"}),
        ([EC, RSA, EC], {"duplicate_keys": "warning"}),
        ([{n: v for n, v in EC.items() if n != "kid"}, RSA], {"key_names": "warning"}),
        ([EC, RSA, {"kty": "EC", "crv": "P-384", "alg": "ES384", "kid": "other"}], {}),
    ],
    ids=[
        "private",
        "none",
        "no-ec",
        "rsa-1024",
        "off-curve",
        "p-384",
        "twice",
        "nameless",
        "other",
    ],
)
def test_each_fault_of_the_keys_is_found(
    provider: FaultyProvider, keys: list[dict[str, str]], expected: dict[str, str]
) -> None:
    provider.keys = {"keys": keys}
    assert faults(analyse(provider.issuer)) == expected


def test_keys_that_are_not_a_key_set_are_blocking(provider: FaultyProvider) -> None:
    provider.answers["/jwks"] = lambda sent: HTML
    report = analyse(provider.issuer)
    assert faults(report)["jwks"] == "blocking"
    assert faults(report)["usable_keys"] == "unchecked"


@pytest.mark.parametrize(
    ("answer", "check", "said"),
    [
        (HTML, "json", "octets"),
        (typed("application/json", '{"a": 1, "a": 2}'), "json", "octets"),
        (typed("application/json", '{\n  "issuer": '), "json", "à la ligne 2, colonne 13."),
        (typed("application/json", '{"issuer": "https://a'), "json", "à la ligne 1, colonne 12."),
        ((200, {"Content-Type": "application/json"}, b'{"a": "\xff"}'), "json", "l’octet 8 n’est"),
        ((404, {}, b""), "http", "statut 404"),
        ((503, {}, b""), "http", "statut 503"),
        ((302, {"Location": "https://another.example/"}, b""), "http", "https://another.example/"),
    ],
    ids=["html", "repeated-member", "cut", "in-a-text", "not-utf-8", "404", "503", "redirect"],
)
def test_a_document_that_cannot_be_read_says_why_and_the_rest_is_not_checked(
    provider: FaultyProvider, answer: Any, check: str, said: str
) -> None:
    provider.answers[CONFIGURATION] = lambda sent: answer
    report = analyse(provider.issuer)
    assert [f.check for f in report.blocking] == [check]
    assert said in report.blocking[0].observed
    unchecked = {name for name, severity in faults(report).items() if severity == "unchecked"}
    assert {"issuer", "acr", "jwks", "redirect_uri", "token_error"} <= unchecked
    assert not {"dns", "tcp"} & unchecked


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        ((503, {}, b""), "Réessayez dans quelques minutes, ou prévenez le fournisseur"),
        ((404, {}, b""), "Vérifiez l’émetteur"),
        (HTML, "et non une page"),
        (typed("application/json", '{"issuer": '), "ce document entier, en JSON valide"),
    ],
    ids=["503", "404", "html", "cut"],
)
def test_the_advice_is_that_of_the_fault(
    provider: FaultyProvider, answer: Any, advice: str
) -> None:
    provider.answers[CONFIGURATION] = lambda sent: answer
    assert advice in analyse(provider.issuer).blocking[0].how_to_mend


def test_a_port_in_clear_is_said_not_to_speak_tls(provider: FaultyProvider) -> None:
    report = analyse(provider.issuer.replace("http:", "https:"))
    assert [f.check for f in report.blocking] == ["tls"]
    assert report.blocking[0].observed.endswith("le serveur ne parle pas TLS sur ce port")
    assert "celui-ci répond en clair" in report.blocking[0].how_to_mend


def test_a_name_that_does_not_exist_is_said_to_be_a_fault_of_dns() -> None:
    report = analyse("https://idp.invalid")
    assert [f.check for f in report.blocking] == ["dns"]
    assert {"tcp", "tls", "certificate", "http", "json"} <= faults(report).keys()


def test_a_closed_port_is_said_to_be_a_fault_of_tcp(provider: FaultyProvider) -> None:
    provider.stop()
    report = analyse(provider.issuer)
    assert [f.check for f in report.blocking] == ["tcp"]
    assert found(report, "dns").severity is Severity.CONFORM
    assert found(report, "response_time").severity is Severity.UNCHECKED


@pytest.mark.parametrize("fault", ["self-signed", "expired", "other-host"])
def test_a_certificate_that_is_refused_is_said_to_be_a_fault_of_tls(
    tmp_path: Path, trusted: certificates.Authority, fault: str
) -> None:
    certificate, said = {
        "self-signed": (certificates.self_signed(tmp_path), "auto-signé"),
        "expired": (trusted.issue(days=-1), "expiré"),
        "other-host": (trusted.issue(host="another.example"), "autre adresse"),
    }[fault]
    provider = FaultyProvider(certificate=certificate)
    report = analyse(provider.issuer)
    provider.stop()
    assert [f.check for f in report.blocking] == ["tls"]
    assert said in report.blocking[0].observed
    assert found(report, "tcp").severity is Severity.CONFORM


def test_a_certificate_that_ends_soon_is_a_warning_with_its_days(
    trusted: certificates.Authority,
) -> None:
    provider = FaultyProvider(certificate=trusted.issue(days=12.5))
    report = analyse(provider.issuer)
    provider.stop()
    assert faults(report) == {"certificate": "warning"}
    assert "12 jours" in found(report, "certificate").observed


def test_a_private_address_that_the_wire_refuses_is_a_finding_of_its_own(
    provider: FaultyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(url: str, **options: object) -> wire.Answer:
        raise wire.WireError("refused", stage=wire.Stage.ADDRESS)

    monkeypatch.setattr(asking.wire, "get", refuse)
    report = analyse(provider.issuer)
    assert [f.check for f in report.blocking] == ["public_address"]
    assert report.blocking[0].title == "Adresse refusée"
    assert "ce nom désigne une adresse privée" in report.blocking[0].observed
    assert provider.calls == []


def test_an_issuer_that_the_form_refuses_is_refused_with_the_same_rule(
    provider: FaultyProvider, settings: Settings
) -> None:
    settings.OUTBOUND_PORTS = [443]
    report = analyse(provider.issuer)
    assert [f.check for f in report.blocking] == ["address"]
    assert "port refusé ; admis : 443." in report.blocking[0].observed
    settings.OUTBOUND_PORTS, settings.OUTBOUND_NETWORKS = [], []
    report = analyse(provider.issuer)
    assert [f.check for f in report.blocking] == ["address"]
    assert destinations.fault(provider.issuer) in report.blocking[0].observed
    assert (report.requests, provider.calls) == (0, [])


def test_a_port_that_is_refused_is_not_said_to_be_a_private_address(
    provider: FaultyProvider, settings: Settings
) -> None:
    settings.OUTBOUND_PORTS = [int(provider.issuer.rpartition(":")[2])]
    provider.changes = {
        "jwks_uri": "http://127.0.0.1:25/jwks",
        "token_endpoint": "http://127.0.0.1:25/token",
    }
    report = analyse(provider.issuer)
    for check in ("public_address", "token_error"):
        assert "port refusé" in found(report, check).observed
        assert "privée" not in found(report, check).observed


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("localhost", True), ("fi.localhost.", True), ("127.0.0.9", True), ("::1", True),
     ("::ffff:127.0.0.1", True), ("10.0.0.1", False), ("localhost.example", False)],
)  # fmt: skip
def test_a_loopback_host_is_known_however_it_is_written(host: str, is_loopback: bool) -> None:
    assert destinations.is_loopback(host) is is_loopback


@pytest.mark.parametrize(
    "issuer",
    ["", "idp.example", "ftp://idp.example", "https://idp.example/#x", "https://idp.example?a=b",
     "https://a@idp.example", "https://idp.example:99999", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_not_an_issuer_is_not_called(issuer: str) -> None:
    report = analyse(issuer)
    assert [f.check for f in report.blocking] == ["address"]
    assert report.requests == 0


def test_http_is_refused_in_production(provider: FaultyProvider, settings: Settings) -> None:
    settings.PRODUCTION = True
    report = analyse(provider.issuer)
    assert "address" in [finding.check for finding in report.blocking]
    assert not provider.calls  # the guard of our own calls


def test_a_trailing_slash_is_explained(provider: FaultyProvider) -> None:
    report = analyse(f"{provider.issuer}/")
    assert faults(report) == {"issuer": "blocking"}
    lines = found(report, "issuer").observed.splitlines()
    assert lines[0].endswith(f"{provider.issuer}/")
    assert lines[2].index("^") == lines[0].index("http") + len(provider.issuer)
    assert "barre oblique" in lines[3]


def test_a_redirect_to_an_address_that_nobody_registered_is_blocking(
    provider: FaultyProvider,
) -> None:
    def redirect(sent: dict[str, str]) -> Any:
        return 302, {"Location": f"{sent['redirect_uri']}?error=invalid_client"}, b""

    provider.answers["/authorize"] = redirect
    assert faults(analyse(provider.issuer)) == {"redirect_uri": "blocking"}


def test_a_redirect_to_its_own_page_is_conform(provider: FaultyProvider) -> None:
    provider.answers["/authorize"] = lambda sent: (302, {"Location": "/login"}, b"")
    assert faults(analyse(provider.issuer)) == {}


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        ((500, {}, b"oops"), "warning"),
        (typed("text/html", "<h1>Erreur</h1>", 400), "warning"),
        (as_json({"error": "access_denied"}, 403), "warning"),
        (as_json({"access_token": "x", "id_token": "y"}), "blocking"),
    ],
    ids=["500", "html", "403", "accepted"],
)
def test_a_token_endpoint_that_does_not_refuse_properly_is_found(
    provider: FaultyProvider, answer: Any, severity: str
) -> None:
    provider.answers["/token"] = lambda sent: answer
    assert faults(analyse(provider.issuer)) == {"token_error": severity}


def test_nothing_of_a_real_client_is_sent(provider: FaultyProvider) -> None:
    secret = "a-real-secret-that-must-not-leave-this-place"
    analyse(provider.issuer, row(provider.issuer, client_id="real", client_secret=secret))
    assert provider.forms
    assert "real" not in provider.forms[0].values()
    assert secret not in str(provider.forms)


def test_a_slow_provider_is_a_warning_and_one_that_never_answers_is_blocking(
    provider: FaultyProvider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.delay = 1.1
    monkeypatch.setattr(asking, "DEADLINE", 0.5)
    report = analyse(provider.issuer)
    assert found(report, "response_time").severity is Severity.WARNING
    assert (report.requests, faults(report)["jwks"]) == (1, "unchecked")  # the deadline is kept
    settings.IDP_TIMEOUT = 0.3
    report = analyse(provider.issuer)
    assert [f.check for f in report.blocking] == ["http", "response_time"]


@pytest.mark.parametrize(
    "date",
    ["Thu, 26 Nov 2026 01:05:00 +9999999999999999", "Thu, 26 Nov 99999999 01:05:00 GMT",
     "hier", ""],
)  # fmt: skip
def test_a_date_that_no_calendar_has_is_a_warning(provider: FaultyProvider, date: str) -> None:
    provider.date = date
    report = analyse(provider.issuer)
    assert faults(report) == {"clock": "warning"}
    assert "illisible" in found(report, "clock").observed


def test_what_a_provider_writes_cannot_drive_a_terminal(provider: FaultyProvider) -> None:
    provider.changes = {"acr_values_supported": ["eidas1", "\x1b[2J\u202e"]}
    observed = found(analyse(provider.issuer), "acr").observed
    assert "\x1b" not in observed
    assert "\u202e" not in observed
