"""What falls: a provider that nobody is sent to any more, and the civil register, which is no provider."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.audit import events
from apps.backoffice import health
from apps.backoffice.health import State
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors
from tests.backoffice.pages import address, text_of
from tests.backoffice.test_health import failure, line, provider, running, seen, success

__all__ = ["provider", "running"]  # fixtures

pytestmark = pytest.mark.django_db


def test_a_provider_that_nobody_is_sent_to_says_since_when(
    administrator: Client, provider: IdentityProvider
) -> None:
    silent = "plus personne n’y est envoyé"
    line(events.IDP_CIRCUIT_OPENED, 500, sp=None, sign_in=None)
    success(400)
    assert silent not in text_of(administrator.get(address(provider, "health")))
    line(events.IDP_CIRCUIT_OPENED, 300, sp=None, sign_in=None)
    at = timezone.localtime(timezone.now() - timedelta(minutes=300))
    page = text_of(administrator.get(address(provider, "health")))
    assert "Aucune connexion depuis une heure" in page
    assert f"Le {at:%d/%m/%Y} à {at:%H:%M}, il ne répondait plus" in page
    assert silent in page
    assert "Coupure 0" in page


def test_the_outages_of_the_last_hour_are_told(
    administrator: Client, provider: IdentityProvider
) -> None:
    at = timezone.localtime(timezone.now() - timedelta(minutes=5))
    success(1)
    for minutes in (70, 5):
        line(events.IDP_CIRCUIT_OPENED, minutes, sp=None, sign_in=None)
    page = text_of(administrator.get(address(provider, "health")))
    assert f"Coupure 1 à {at:%H:%M}" in page
    line(events.IDP_CIRCUIT_OPENED, 20, sp=None, sign_in=None)
    assert seen(provider).outages == 2
    page = text_of(administrator.get(address(provider, "health")))
    assert f"Coupures 2 la dernière à {at:%H:%M}" in page


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_register_that_falls_does_not_accuse_the_providers(
    administrator: Client, provider: IdentityProvider, minutes: int
) -> None:
    for spec in (errors.REGISTER_SILENT, errors.REGISTER_UNAVAILABLE) * 5:
        failure(minutes, spec)
    success(2)
    found = seen(provider)
    assert (found.failed, found.state, found.stage) == (0, State.GOOD, None)
    assert "désactivez-le" not in text_of(administrator.get(address(provider, "health")))


def test_no_error_of_the_civil_register_is_a_breakdown_of_a_provider() -> None:
    of_the_register = {s.code for s in errors.CATALOGUE.values() if s.slug.startswith("register_")}
    assert len(of_the_register) == 9
    assert not of_the_register & health.BREAKDOWNS
