"""What the health of providers costs: as many statements for thirty as for one, each by an index."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.backoffice import health
from apps.identity_providers.models import IdentityProvider
from tests.backoffice.test_health import LIST, failure, success

pytestmark = pytest.mark.django_db

SMALL = 1000  # rows that PostgreSQL may read whole: the registry, a partition still empty
# A day of 5 000 sign-ins with three providers, in the order of time.
A_DAY = """
    INSERT INTO audit_entry (at, event, step, sign_in, sp, idp, browsing_session, is_sso, code, actor,
                             facts)
    SELECT now() - make_interval(secs => (20000 - n) * 86400.0 / 20000),
           (ARRAY['IDP_CHOSEN', 'FC_REQUESTED_IDP_USERINFO', 'FC_VERIFIED', 'FC_SHOWED_CONSENT'])[1 + n %% 4],
           '5.0.0', gen_random_uuid(), 'mairie', 'fi-' || (n / 4) %% 3, '', false, '', '',
           jsonb_build_object('idp_ms', n %% 500)
    FROM generate_series(1, 20000) n
"""


def providers(count: int) -> list[IdentityProvider]:
    return [
        IdentityProvider.objects.create(
            uid=f"fi-{n}", name=f"fi-{n}", title=f"Compte {n}", issuer=f"https://{n}.example",
            client_id="fc",
        )
        for n in range(count)
    ]  # fmt: skip


def cost_of_list(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST).status_code == 200
    return len(captured)


def test_thirty_providers_cost_as_many_statements_as_one(administrator: Client) -> None:
    providers(1)
    one = cost_of_list(administrator)
    IdentityProvider.objects.all().delete()
    for provider in providers(30):
        success(1, idp=provider.uid)
        failure(2, idp=provider.uid)
    assert cost_of_list(administrator) == one
    assert administrator.get(LIST).content.decode().count("(1 sur 2)") == 30


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if relation := plan.get("Relation Name"):
        yield plan["Node Type"], relation
    for inner in plan.get("Plans", ()):
        yield from scans(inner)


def read_whole(rows: "QuerySet[Any, Any]") -> list[str]:
    """Return the tables that PostgreSQL would read from end to end, small ones apart."""
    (planned,) = json.loads(rows.explain(format="json"))
    whole = [relation for node, relation in scans(planned["Plan"]) if node == "Seq Scan"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reltuples > %s",
            [whole, SMALL],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def a_day() -> list[IdentityProvider]:
    rows = providers(3)
    with connection.cursor() as cursor:
        cursor.execute(A_DAY.replace("%%", "%"))
        cursor.execute("ANALYZE audit_entry")
    return rows


def test_no_question_reads_the_journal_from_end_to_end(a_day: list[IdentityProvider]) -> None:
    uids, now = [provider.uid for provider in a_day], timezone.now()
    assert health.of_all(a_day)["fi-0"].successes > 50
    assert read_whole(health.last_hour(uids, now)) == []
    assert read_whole(health.last_successes(uids, now)) == []
    assert read_whole(health.minutes_of(a_day[0], now)) == []
