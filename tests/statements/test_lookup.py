"""Each look-up of the sign-in gives the ORM's own answer, objects joined included."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from apps.accounts import models as accounts
from apps.accounts.models import Account
from apps.broker import lookups
from apps.broker.models import AccessToken, Grant, SignIn, SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.statements.lookup import ABSENT, Lookup
from tests.builders import a_service_provider

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
REQUEST = {
    "redirect_uri": "https://mairie.example/callback", "scope": ["openid"], "state": "é %s $1",
    "nonce": "n" * 32, "acr": "eidas1", "prompt": [], "max_age": None, "code_challenge": "",
    "idp_hint": "", "claims": [],
}  # fmt: skip


@pytest.fixture
def memory() -> dict[str, Any]:
    """One row of each kind, and what finds it."""
    service = a_service_provider()
    provider = IdentityProvider.objects.create(
        uid="impots", name="impots", title="Impôts", issuer="https://fi.example", client_id="fc",
        client_secret="s" * 40, amr=["pwd", "otp"],
    )  # fmt: skip
    account = Account.objects.create(identity_hash="a" * 64, last_sign_in=NOW)
    shared = {"account": account, "identity_provider": provider, "acr": "eidas1", "amr": ["pwd"]}
    sign_in = SignIn.objects.create(
        service_provider=service, state="informing", request=REQUEST, fingerprint="b" * 64,
        idp_state_fingerprint="c" * 64, sealed=b"\x00box\\", auth_time=1, expires_at=NOW, **shared,
    )  # fmt: skip
    SsoSession.objects.create(
        fingerprint="d" * 64, auth_time=2, browsing_session=uuid.uuid4(), sealed=b"box",
        services=["mairie", 'a "quoted", {one}'], expires_at=NOW, **shared,
    )  # fmt: skip
    grant = Grant.objects.create(
        user=sign_in, application=service, code="e" * 64, expires=NOW, redirect_uri="https://x",
        scope="openid", sealed=b"claims",
    )  # fmt: skip
    AccessToken.objects.create(
        user=sign_in, application=service, grant=grant, token="", token_checksum="f" * 64,
        expires=NOW + timedelta(seconds=60), scope="openid", sealed=b"claims",
    )  # fmt: skip
    return {
        "SERVICE": "mairie", "PROVIDER": "impots", "DISPLAYED": ABSENT, "SIGN_IN": sign_in.pk,
        "RETURNING": "c" * 64, "SESSION": "d" * 64, "GRANT": "e" * 64, "TOKEN": "f" * 64,
        "ACCOUNT": "a" * 64,
    }  # fmt: skip


def facts(row: Model) -> dict[str, Any]:
    """Return what is known of a row without asking the database, joined rows included."""
    known = {name: _plain(value) for name, value in vars(row).items() if name != "_state"}
    joined = {
        name: facts(other) if other else None for name, other in row._state.fields_cache.items()
    }
    state = row._state
    return {**known, "joined": joined, "state": (state.adding, state.db), "type": type(row)}


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


LOOKUPS = {
    name: value
    for name, value in {**vars(lookups), "ACCOUNT": accounts._KNOWN}.items()
    if isinstance(value, Lookup)
}


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_lookup_gives_the_answer_of_the_orm(name: str, memory: dict[str, Any]) -> None:
    lookup, parameter = LOOKUPS[name], memory[name]
    expected = [facts(row) for row in lookup.build(parameter)]
    assert expected
    assert [facts(row) for row in lookup.all(parameter)] == expected


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_lookup_is_one_statement(
    name: str, memory: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert LOOKUPS[name].first(memory[name]) is not None


def test_nothing_found_is_none(memory: dict[str, Any]) -> None:
    assert lookups.SIGN_IN.first(uuid.uuid4()) is None


def test_what_was_not_joined_is_none(memory: dict[str, Any]) -> None:
    SignIn.objects.update(account=None)
    sign_in = lookups.SIGN_IN.first(memory["SIGN_IN"])
    assert sign_in is not None
    assert sign_in.account is None


def test_a_column_left_out_is_read_when_it_is_asked_for(memory: dict[str, Any]) -> None:
    sign_in = lookups.SIGN_IN.first(memory["SIGN_IN"])
    assert sign_in is not None
    assert sign_in.service_provider.organisation == ""
    assert sign_in.idp_state_fingerprint == "c" * 64
