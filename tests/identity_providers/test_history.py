"""The history of partners, as PostgreSQL writes it: whatever the way of the change, never a secret."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from apps.identity_providers import history
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from apps.statements import writing
from tests.audit import truncation
from tests.builders import a_service_provider

pytestmark = pytest.mark.django_db

SECRET = "canari-secret-de-l-historique-0123456789"
STATES: Any = history.states_of(IdentityProvider)


def a_provider(uid: str = "impots", **overrides: Any) -> IdentityProvider:
    values = {
        "uid": uid, "name": uid, "title": "Impôts", "issuer": f"https://{uid}.example",
        "client_id": "fc", "client_secret": SECRET,
    }  # fmt: skip
    return IdentityProvider.objects.create(**{**values, **overrides})


def states(model: type[models.Model] = IdentityProvider) -> list[Any]:
    past: Any = history.states_of(model)
    return list(past.objects.order_by("pgh_id"))


def labels() -> list[str]:
    return [state.pgh_label for state in states()]


def test_an_insertion_an_update_and_a_deletion_are_recorded() -> None:
    key = a_provider().pk
    provider = IdentityProvider.objects.get()
    provider.title = "Impôts – nouveau"
    provider.save()
    provider.delete()
    assert labels() == ["created", "changed", "deleted"]
    assert [state.title for state in states()] == ["Impôts", *["Impôts – nouveau"] * 2]
    assert {state.pgh_obj_id for state in states()} == {key}


def test_a_bulk_update_is_recorded_row_by_row() -> None:
    a_provider("impots")
    a_provider("ameli")
    IdentityProvider.objects.update(active=False)
    assert labels() == ["created", "created", "changed", "changed"]


def test_raw_sql_is_recorded() -> None:
    a_provider()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_providers_identityprovider SET message = 'direct'")
        cursor.execute("DELETE FROM identity_providers_identityprovider")
    assert labels() == ["created", "changed", "deleted"]
    assert states()[-1].message == "direct"
    assert states()[-1].pgh_context is None


def test_a_prepared_statement_is_recorded_with_its_reason() -> None:
    provider = a_provider()
    with transaction.atomic():
        history.tell(actor="denis", reason="essai d’une instruction préparée")
        change = writing.Change(IdentityProvider, {"id": provider.pk}, {"message": "préparé"})
        assert writing.change(change)
    last = states()[-1]
    assert (last.pgh_label, last.message) == ("changed", "préparé")
    assert last.pgh_context == {"actor": "denis", "reason": "essai d’une instruction préparée"}


def test_saving_a_row_unchanged_records_nothing() -> None:
    a_provider()
    IdentityProvider.objects.get().save()
    assert labels() == ["created"]
    assert IdentityProvider.objects.get().client_secret == SECRET


def test_saving_a_row_does_not_look_like_a_new_secret() -> None:
    a_provider()
    row = IdentityProvider.objects.get()
    row.title = "Impôts – nouveau"
    row.save()
    assert labels() == ["created", "changed"]


def test_a_secret_that_is_replaced_shows_that_it_was_and_nothing_of_it() -> None:
    a_provider()
    row = IdentityProvider.objects.get()
    row.client_secret = replacement = "un-autre-" + SECRET
    row.title = "Impôts – nouveau"
    row.save()
    assert labels() == ["created", "secret_replaced"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM identity_providers_identityprovider")
        box = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT states::text FROM identity_providers_identityproviderevent states")
        told = " ".join(row[0] for row in cursor.fetchall())
    assert box
    assert "Impôts – nouveau" in told
    for trace in (SECRET, replacement, box.hex()):
        assert trace not in told


def test_a_secret_read_in_one_table_is_sealed_anew_in_another() -> None:
    a_provider()
    service = a_service_provider(client_secret=IdentityProvider.objects.get().client_secret)
    assert ServiceProvider.objects.get(pk=service.pk).client_secret == SECRET


def test_services_have_their_history_too() -> None:
    service = a_service_provider()
    service.rotate_secret()
    ServiceProvider.objects.update(active=False)
    found = [state.pgh_label for state in states(ServiceProvider)]
    assert found == ["created", "secret_replaced", "changed"]


def test_the_history_follows_the_fields_of_the_model() -> None:
    for model in (IdentityProvider, ServiceProvider):
        own = {field.attname for field in model._meta.fields}
        past = {field.attname for field in history.states_of(model)._meta.fields}
        assert own - past == {history.SECRET}


@pytest.mark.django_db(transaction=True)
def test_a_reason_is_told_for_one_transaction() -> None:
    provider = a_provider()
    with transaction.atomic():
        history.tell(actor="denis", reason="maintenance annoncée")
        IdentityProvider.objects.update(active=False)
    IdentityProvider.objects.filter(pk=provider.pk).update(active=True)
    told = [state.pgh_context for state in states()]
    assert told == [None, {"actor": "denis", "reason": "maintenance annoncée"}, None]


@pytest.mark.django_db(transaction=True)
def test_a_reason_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        history.tell(actor="denis", reason="maintenance annoncée")


TABLES = ("identity_providers_identityproviderevent", "service_providers_serviceproviderevent")
STATEMENTS = ("UPDATE {} SET pgh_label = 'autre'", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_postgresql_refuses_to_rewrite_the_past(table: str, statement: str) -> None:
    a_provider()
    a_service_provider()
    truncation.refuse()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert labels() == ["created"]


@pytest.mark.django_db(transaction=True)
def test_a_partner_that_was_there_before_the_history_begins_it() -> None:
    rooms = ("identity_providers", "service_providers", "broker")
    before = [
        ("identity_providers", "0004_how_a_provider_encrypts_and_knows_us"),
        ("service_providers", "0001_initial"),
        ("broker", "0002_signin_decline"),
    ]
    try:
        MigrationExecutor(connection).migrate(before)
        a_provider()
    finally:
        executor = MigrationExecutor(connection)
        leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] in rooms]
        executor.migrate(leaves)
        truncation.permit()
    IdentityProvider.objects.update(active=False)
    assert labels() == ["found", "changed"]
    assert (states()[0].active, states()[1].active) == (True, False)
