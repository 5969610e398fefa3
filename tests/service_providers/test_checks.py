"""What `check --deploy` refuses of the partners."""

import pytest
from django.core.checks import CheckMessage, Error, run_checks
from pytest_django.fixtures import Settings

from apps.identity_providers.models import IdentityProvider
from tests.builders import a_service_provider

pytestmark = pytest.mark.django_db


def refusals() -> list[CheckMessage]:
    messages = run_checks(include_deployment_checks=True)
    return [m for m in messages if isinstance(m, Error) and str(m.id).startswith("fc.")]


def test_a_service_under_franceconnects_policy_is_accepted() -> None:
    a_service_provider()
    assert refusals() == []


def test_a_relaxed_policy_is_refused_by_name() -> None:
    a_service_provider(nonce_policy="optional", acr_required=False)
    (refusal,) = refusals()
    assert refusal.id == "fc.E201"
    assert "mairie" in refusal.msg
    assert "nonce facultatif, acr_values facultatif" in refusal.msg


@pytest.mark.parametrize("excuse", [{"is_conformance": True}, {"active": False}])
def test_a_conformance_client_or_a_disabled_one_may_be_relaxed(excuse: dict[str, bool]) -> None:
    a_service_provider(nonce_policy="optional", **excuse)
    assert refusals() == []


def test_addresses_in_clear_are_refused_in_production_only(settings: Settings) -> None:
    a_service_provider(redirect_uris="http://mairie.example/callback")
    IdentityProvider.objects.create(
        uid="impots", name="impots", title="Impôts", issuer="http://impots.example", client_id="x"
    )
    assert refusals() == []
    settings.PRODUCTION = True
    settings.OUTBOUND_NETWORKS = []
    settings.CIVIL_REGISTER_URL = "http://registre.example"
    assert {refusal.id for refusal in refusals()} == {"fc.E101", "fc.E202", "fc.E301"}
