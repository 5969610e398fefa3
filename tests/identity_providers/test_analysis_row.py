"""The row of a provider beside what it publishes, and the fields that an analysis proposes."""

from typing import Any

import pytest

from apps.identity_providers.analysis import proposal
from apps.identity_providers.analysis.findings import Severity
from tests.identity_providers.faulty_provider import CONFIGURATION, FaultyProvider
from tests.identity_providers.test_analysis import analyse, faults, found, provider, row

__all__ = ["provider"]  # a fixture


@pytest.mark.parametrize(
    ("fields", "check", "severity"),
    [
        ({}, "", ""),
        ({"id_token_signed_response_alg": "HS256"}, "row_algorithms", "blocking"),
        ({"userinfo_signed_response_alg": "ES256"}, "row_algorithms", "warning"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "row_auth", "blocking"),
        ({"allowed_acr": ["eidas1", "eidas3"]}, "row_levels", "warning"),
        ({"scope": "openid profile identite_pivot"}, "row_scopes", "warning"),
        ({"end_session_endpoint": "https://old.example/logout"}, "row_addresses", "warning"),
    ],
)
def test_a_row_is_compared_with_what_the_provider_publishes(
    provider: FaultyProvider, fields: dict[str, Any], check: str, severity: str
) -> None:
    report = analyse(provider.issuer, row(provider.issuer, **fields))
    assert faults(report) == ({check: severity} if check else {})


ENCRYPTION = {"alg": "RSA-OAEP-256", "enc": "A256GCM"}


def encrypted(answer: str) -> dict[str, str]:
    return {f"{answer}_encrypted_response_{part}": value for part, value in ENCRYPTION.items()}


@pytest.mark.parametrize("answer", ["id_token", "userinfo"])
@pytest.mark.parametrize(
    ("algs", "encs", "severity"),
    [
        (["RSA-OAEP-256"], ["A128GCM", "A256GCM"], "conform"),
        (None, None, "blocking"),
        (["RSA1_5"], ["A256GCM"], "blocking"),
        (["RSA-OAEP-256"], ["A128CBC-HS256"], "blocking"),
    ],
)
def test_a_row_that_demands_encryption_of_a_provider_without_it_is_blocked(
    provider: FaultyProvider,
    answer: str,
    algs: list[str] | None,
    encs: list[str] | None,
    severity: str,
) -> None:
    provider.changes = {
        f"{answer}_encryption_alg_values_supported": algs,
        f"{answer}_encryption_enc_values_supported": encs,
    }
    report = analyse(provider.issuer, row(provider.issuer, **encrypted(answer)))
    assert found(report, "row_encryption").severity.value == severity
    offered = found(report, "encryption").observed
    assert (", ".join(algs) in offered) if algs else (offered == "non proposé")


@pytest.mark.parametrize(
    ("announced", "severity"),
    [(["ES256", "RS256"], "conform"), (["RS256"], "blocking"), (["PS256"], "blocking"),
     (None, "warning")],
)  # fmt: skip
def test_the_algorithm_of_our_signature_is_compared(
    provider: FaultyProvider, announced: list[str] | None, severity: str
) -> None:
    provider.changes = {
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": announced,
    }
    fields = {
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
    }
    report = analyse(provider.issuer, row(provider.issuer, **fields))
    assert found(report, "row_auth").severity.value == severity


@pytest.mark.parametrize(
    ("announced", "proposed"),
    [(["RS256", "ES256"], "ES256"), (["RS256"], "RS256"), (None, "RS256")],
)
def test_a_signature_is_proposed_with_its_algorithm(
    provider: FaultyProvider, announced: list[str] | None, proposed: str
) -> None:
    provider.changes = {
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "tls_client_auth"],
        "token_endpoint_auth_signing_alg_values_supported": announced,
    }
    fields = proposal.of_report(analyse(provider.issuer))
    assert fields["token_endpoint_auth_method"] == "private_key_jwt"
    assert fields["token_endpoint_auth_signing_alg"] == proposed


def test_no_algorithm_is_proposed_with_a_secret(provider: FaultyProvider) -> None:
    assert proposal.of_report(analyse(provider.issuer))["token_endpoint_auth_signing_alg"] == ""


def test_a_row_with_its_own_addresses_does_without_a_document(provider: FaultyProvider) -> None:
    provider.answers[CONFIGURATION] = lambda sent: (404, {}, b"")
    names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
    given = {f"{name}_endpoint": f"{provider.issuer}/{path}" for name, path in names.items()}
    report = analyse(
        provider.issuer, row(provider.issuer, jwks_uri=f"{provider.issuer}/jwks", **given)
    )
    assert not report.blocking
    assert [f.check for f in report.warnings] == ["http"]
    assert found(report, "usable_keys").severity is Severity.CONFORM
    assert found(report, "token_error").severity is Severity.CONFORM
