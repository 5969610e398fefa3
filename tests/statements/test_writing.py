"""A change and what goes with it: all of it in one statement, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from apps.accounts.models import Account
from apps.audit import events, journal
from apps.audit.models import Entry
from apps.broker.models import LIFETIME, SignIn, SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.protocol.journey import Event, State
from apps.service_providers.models import ServiceProvider
from apps.statements import writing
from apps.statements.writing import Appended, Change

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def an_account(**values: object) -> Account:
    return Account(identity_hash=uuid4().hex * 2, last_sign_in=NOW, **values)


def lines_of(count: int) -> writing.Insertion:
    return journal.lines(
        journal.build(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp=f"sp-{number}")
        for number in range(count)
    )


def activated(pk: UUID) -> Change:
    return Change(Account, {"id": pk, "active": False}, {"active": True})


@pytest.mark.django_db
def test_a_row_is_inserted_as_the_orm_would(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = an_account(active=False)
    with django_assert_num_queries(1):
        writing.insert(writing.row_of(made), lines_of(2))
    kept = Account.objects.get(pk=made.pk)
    assert (kept.identity_hash, kept.active, kept.last_sign_in) == (made.identity_hash, False, NOW)
    assert kept.created_at == made.created_at
    assert [line.sp for line in Entry.objects.order_by("id")] == ["sp-0", "sp-1"]


@pytest.mark.django_db
def test_a_sealed_or_structured_field_is_prepared_by_its_field() -> None:
    service = ServiceProvider(
        client_id="a", name="Été", client_secret="secret", scopes=["openid", 'a"b{},'], claims=[]
    )
    writing.insert(writing.row_of(service))
    kept = ServiceProvider.objects.get(client_id="a")
    assert (kept.client_secret, kept.scopes, kept.claims) == ("secret", ["openid", 'a"b{},'], [])


@pytest.mark.django_db
def test_a_change_writes_what_goes_with_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = an_account(active=False)
    account.save()
    with django_assert_num_queries(1):
        assert writing.change(activated(account.pk), lines_of(3), writing.row_of(an_account()))
    account.refresh_from_db()
    assert account.active
    assert [line.sp for line in Entry.objects.order_by("id")] == ["sp-0", "sp-1", "sp-2"]
    assert Account.objects.count() == 2


@pytest.mark.django_db
def test_a_row_that_is_not_as_expected_keeps_everything_as_it_was() -> None:
    account, other = an_account(active=True), an_account(active=False)
    account.save()
    other.save()
    assert not writing.change(activated(account.pk), lines_of(1), activated(other.pk))
    assert not Entry.objects.exists()
    other.refresh_from_db()
    assert not other.active


@pytest.mark.django_db
def test_a_change_may_take_another_change_along() -> None:
    provider = IdentityProvider.objects.create(uid="i", name="i", title="I", issuer="https://i")
    account = an_account(active=False)
    account.save()
    session = SsoSession.objects.create(
        fingerprint="a" * 64, account=account, identity_provider=provider, acr="eidas1",
        auth_time=1, browsing_session=uuid4(), sealed=b"", services=["mairie"], expires_at=NOW,
    )  # fmt: skip
    prolonged = Change(
        SsoSession,
        {"fingerprint": "a" * 64},
        {"expires_at": NOW + LIFETIME, "services": Appended("région")},
    )
    assert writing.change(activated(account.pk), prolonged)
    session.refresh_from_db()
    assert (session.services, session.expires_at) == (["mairie", "région"], NOW + LIFETIME)
    assert not writing.change(activated(account.pk), prolonged)
    session.refresh_from_db()
    assert session.services == ["mairie", "région"]


@pytest.mark.django_db
def test_what_is_too_long_for_its_column_is_refused_and_not_cut() -> None:
    account = an_account(active=False)
    account.save()
    long = writing.row_of(Account(identity_hash="x" * 65, last_sign_in=NOW))
    for write in (
        lambda: writing.insert(long),
        lambda: writing.change(activated(account.pk), long),
    ):
        with pytest.raises(DataError), transaction.atomic():
            write()
    account.refresh_from_db()
    assert not account.active


@pytest.mark.django_db
def test_a_constraint_broken_by_what_goes_along_undoes_the_change() -> None:
    account = an_account(active=False)
    account.save()
    twin = Account(identity_hash=account.identity_hash, last_sign_in=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        writing.change(activated(account.pk), writing.row_of(twin))
    account.refresh_from_db()
    assert not account.active


@pytest.mark.django_db
def test_what_waits_for_the_commit_is_called_only_for_what_was_written(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def bell() -> None: ...

    with django_capture_on_commit_callbacks() as callbacks:
        writing.insert(writing.row_of(an_account(), on_commit=bell))
        writing.change(activated(uuid4()), writing.row_of(an_account(), on_commit=bell))
    assert callbacks == [bell]


def a_sign_in() -> SignIn:
    service = ServiceProvider.objects.create(client_id="mairie", name="Mairie")
    return SignIn.objects.create(
        service_provider=service, state=State.CHOOSING, request={}, fingerprint="", expires_at=NOW
    )


@pytest.mark.django_db
def test_a_block_that_fails_leaves_the_sign_in_as_it_was() -> None:
    sign_in = a_sign_in()

    def interrupted() -> None:
        with sign_in.moving(Event.ABANDON, sealed=b"x") as written:
            assert sign_in.state == State.ABANDONED
            written.append(lines_of(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert (sign_in.state, sign_in.sealed) == (State.CHOOSING, None)
    sign_in.refresh_from_db()
    assert sign_in.state == State.CHOOSING
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_parallel_changes_of_one_row_one_is_made() -> None:
    account = an_account(active=False)
    account.save()

    def attempt(number: int) -> bool:
        try:
            return writing.change(activated(account.pk), lines_of(1))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert Entry.objects.count() == 1
