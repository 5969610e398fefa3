"""journal.append: one line, one INSERT, and nothing that was not declared."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from apps.audit import events, journal
from apps.audit.facts import FactError
from apps.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_a_line_says_what_happened_in_columns_and_facts() -> None:
    sign_in, account = uuid4(), uuid4()
    before = datetime.now(UTC)

    journal.append(
        events.FC_VERIFIED,
        sign_in=sign_in,
        sp="mairie",
        sp_name="Mairie de Saint-Exemple",
        idp="impots",
        account=account,
        is_sso=False,
        acr="eidas1",
        ip="192.0.2.17",
        port=51234,
        browsing_session="b8Jd",
    )

    line = Entry.objects.get()
    assert before <= line.at <= datetime.now(UTC)
    assert (line.event, line.step, line.sign_in) == ("FC_VERIFIED", "5.0.0", sign_in)
    assert (line.sp, line.idp, line.account, line.is_sso) == ("mairie", "impots", account, False)
    assert (line.ip, line.port, line.browsing_session) == ("192.0.2.17", 51234, "b8Jd")
    assert (line.code, line.actor) == ("", "")
    assert line.facts == {"sp_name": "Mairie de Saint-Exemple", "acr": "eidas1"}
    assert str(line) == f"{line.at:%Y-%m-%d %H:%M:%S} 5.0.0 FC_VERIFIED"


def test_an_absent_fact_leaves_no_trace() -> None:
    journal.append(
        events.FC_AUTHORIZE_INITIATED, sign_in=uuid4(), sp="mairie", sp_acr=None, ip=None, scope=""
    )

    line = Entry.objects.get()
    assert (line.ip, line.is_sso, line.idp, line.facts) == (None, None, "", {})


def test_an_undeclared_fact_is_refused() -> None:
    with pytest.raises(FactError, match="IDP_CHOSEN does not declare email, given_name"):
        journal.append(
            events.IDP_CHOSEN, sign_in=uuid4(), sp="m", idp="i", given_name="Angèle", email="a@b.fr"
        )


@pytest.mark.parametrize("absent", [None, ""])
def test_a_missing_fact_is_refused(absent: str | None) -> None:
    with pytest.raises(FactError, match="IDP_CHOSEN requires idp, sign_in"):
        journal.append(events.IDP_CHOSEN, sp="mairie", idp=absent)


def test_a_malformed_fact_is_refused() -> None:
    with pytest.raises(FactError, match="code"):
        journal.append(events.SIGN_IN_REFUSED, code="oops", slug="unknown-client")


def test_an_agent_s_act_names_the_agent() -> None:
    journal.append(
        events.PARTNER_CHANGED,
        actor="camille.durand",
        object="service_provider:mairie",
        fields="name",
    )

    line = Entry.objects.get()
    assert (line.actor, line.sign_in) == ("camille.durand", None)
    assert line.facts == {"object": "service_provider:mairie", "fields": "name"}


def test_the_lines_of_a_request_are_one_insert_and_keep_their_order(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_in = uuid4()
    lines = [
        journal.build(event, sign_in=sign_in, sp="mairie", idp="impots")
        for event in (events.IDP_CALLEDBACK, events.FC_REQUESTED_IDP_TOKEN, events.IDP_CHOSEN)
    ]

    with django_assert_num_queries(1):
        journal.append_many(lines)

    written = Entry.objects.filter(sign_in=sign_in).order_by("id")
    assert [line.step for line in written] == ["4.0.0", "4.1.0", "3.0.0"]


def test_no_line_costs_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        journal.append_many([])


def test_a_line_dies_with_the_transaction_that_wrote_it() -> None:
    with transaction.atomic():
        journal.append(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp="mairie")
        transaction.set_rollback(True)

    assert not Entry.objects.exists()


def test_lines_are_read_last_first() -> None:
    for event in (events.FC_AUTHORIZE_INITIATED, events.FC_SHOWED_IDP_CHOICE):
        journal.append(event, sign_in=uuid4(), sp="mairie")

    assert [line.step for line in Entry.objects.all()] == ["2.0.0", "1.0.0"]


def test_two_lines_of_one_moment_are_a_moment_apart_at_most() -> None:
    first, second = (
        journal.build(events.FC_SHOWED_IDP_CHOICE, sign_in=uuid4(), sp="mairie") for _ in range(2)
    )

    assert isinstance(first[0], datetime)
    assert isinstance(second[0], datetime)
    assert timedelta(0) <= second[0] - first[0] < timedelta(seconds=1)
