"""The back-office as its own process would serve it, and the agents who use it."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from apps.accounts.models import StaffUser
from apps.backoffice import roles
from apps.backoffice.roles import Role
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from franceconnect.settings import backoffice
from tests.builders import a_service_provider

FI_SECRET = "canari-secret-du-fournisseur-identite-0123456789"
FS_SECRET = "canari-secret-du-service-0123456789-abcdefghijkl"

Agent = Callable[[str], Client]


@pytest.fixture(autouse=True)
def backoffice_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = backoffice.ROOT_URLCONF
    settings.MIDDLEWARE = backoffice.MIDDLEWARE
    settings.CSRF_FAILURE_VIEW = backoffice.CSRF_FAILURE_VIEW
    settings.CSRF_COOKIE_NAME = backoffice.CSRF_COOKIE_NAME
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def sign_in(username: str, role: Role | None = None, *, is_superuser: bool = False) -> Client:
    user = StaffUser.objects.create_user(
        username, password="x", is_staff=True, is_superuser=is_superuser
    )
    if role:
        user.groups.set([roles.ensure()[role]])
    client = Client(enforce_csrf_checks=False)
    client.force_login(user)
    return client


@pytest.fixture
def administrator(db: None) -> Client:
    return sign_in("denis", Role.ADMINISTRATOR)


@pytest.fixture
def auditor(db: None) -> Client:
    return sign_in("nadia", Role.AUDITOR)


@pytest.fixture
def superuser(db: None) -> Client:
    return sign_in("racine", is_superuser=True)


@pytest.fixture
def impots(db: None) -> IdentityProvider:
    return IdentityProvider.objects.create(
        uid="impots",
        name="impots",
        title="Impôts – bac à sable",
        issuer="http://localhost:8011",
        client_id="franceconnect",
        client_secret=FI_SECRET,
        allowed_acr=["eidas1", "eidas2"],
    )


@pytest.fixture
def mairie(db: None) -> ServiceProvider:
    return a_service_provider(client_secret=FS_SECRET)
