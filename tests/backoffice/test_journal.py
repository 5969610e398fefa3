"""The journal as agents read it, and as nobody writes it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.audit import events, journal
from apps.audit.admin import JournalPaginator
from apps.audit.models import Entry
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider

pytestmark = pytest.mark.django_db

LIST = "/audit/entry/"
ONE = UUID("11111111-1111-4111-8111-111111111111")
OTHER = UUID("22222222-2222-4222-8222-222222222222")
REFERENCE = UUID("33333333-3333-4333-8333-333333333333")
CODE = UUID("44444444-4444-4444-8444-444444444444")


@pytest.fixture
def sign_ins() -> None:
    facts = {"sp": "mairie", "sp_name": "Mairie de Saint-Exemple"}
    journal.append(events.FC_AUTHORIZE_INITIATED, sign_in=ONE, scope="openid", **facts)
    journal.append(
        events.IDP_CHOSEN, sign_in=ONE, idp="impots", idp_label="Impôts – bac à sable", **facts
    )
    journal.append(events.FC_AUTHORIZE_INITIATED, sign_in=OTHER, sp="region")
    journal.append(
        events.SIGN_IN_REFUSED, sign_in=OTHER, sp="region", code="Y020001", slug="refus",
        error_id=str(REFERENCE), browsing_session=CODE,
    )  # fmt: skip
    journal.append(
        events.PARTNER_CHANGED, actor="denis", object="identity_provider:impots", fields="active"
    )


def shown(client: Client, query: str = "") -> list[str]:
    """Return the events on the page, in its order."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200, page
    return [entry.event for entry in page.context["cl"].result_list]


def test_the_list_starts_with_the_latest(auditor: Client, sign_ins: None) -> None:
    assert shown(auditor) == [
        "PARTNER_CHANGED",
        "SIGN_IN_REFUSED",
        "FC_AUTHORIZE_INITIATED",
        "IDP_CHOSEN",
        "FC_AUTHORIZE_INITIATED",
    ]


def test_the_page_says_what_cannot_be_searched(auditor: Client, sign_ins: None) -> None:
    page = auditor.get(LIST).content.decode()
    assert "La recherche par nom n’existe pas" in page
    assert "le journal ne contient pas d’identité" in page
    assert "compte choisi par l’usager" in page
    assert "Impôts – bac à sable" in page
    assert "Y020001" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"sign_in={ONE}", ["IDP_CHOSEN", "FC_AUTHORIZE_INITIATED"]),
        (f"sign_in={str(ONE).upper()}", ["IDP_CHOSEN", "FC_AUTHORIZE_INITIATED"]),
        (f"reference={REFERENCE}", ["SIGN_IN_REFUSED"]),
        (f"reference={CODE}", ["SIGN_IN_REFUSED"]),
        ("sp=region", ["SIGN_IN_REFUSED", "FC_AUTHORIZE_INITIATED"]),
        ("idp=impots", ["IDP_CHOSEN"]),
        ("event=SIGN_IN_REFUSED", ["SIGN_IN_REFUSED"]),
        ("category=AGENT", ["PARTNER_CHANGED"]),
        (f"sign_in={OTHER}&event=IDP_CHOSEN", []),
        ("sp=disparu", []),
        (f"since={datetime.now(UTC).date() + timedelta(days=2)}", []),
        (f"until={datetime.now(UTC).date() - timedelta(days=2)}", []),
    ],
)
def test_the_list_is_narrowed(
    auditor: Client, sign_ins: None, query: str, expected: list[str]
) -> None:
    assert shown(auditor, query) == expected


def test_a_period_is_in_days_of_paris(auditor: Client) -> None:
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # 2 March, 00:30 in Paris
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, event, step, sp, idp, browsing_session, code, actor, facts)"
            " VALUES (%s, 'FC_SESSION_TERMINATED', '8.2.0', '', '', '', '', '', '{}')",
            [at],
        )
    assert shown(auditor, "since=2026-03-02&until=2026-03-02") == ["FC_SESSION_TERMINATED"]
    assert shown(auditor, "since=2026-03-01&until=2026-03-01") == []
    assert "02/03/2026 00:30:00" in auditor.get(LIST).content.decode()


@pytest.mark.parametrize(
    "query",
    ["sign_in=dupont", "since=hier", "event=INCONNU", "category=X", "sp=" + "a" * 101, "sp=a%00b"],
)
def test_a_search_without_sense_shows_nothing_and_says_so(
    auditor: Client, sign_ins: None, query: str
) -> None:
    assert shown(auditor, query) == []
    assert "La recherche n’a pas été faite" in auditor.get(f"{LIST}?{query}").content.decode()


@pytest.mark.parametrize("query", ["facts__contains=x", "actor=denis", "ip__startswith=1"])
def test_no_other_filter_exists(auditor: Client, sign_ins: None, query: str) -> None:
    assert auditor.get(f"{LIST}?{query}").status_code == 400


def test_words_are_not_searched(auditor: Client, sign_ins: None) -> None:
    assert shown(auditor, "q=dupont") == shown(auditor)


def test_partners_are_offered_by_name(
    auditor: Client, impots: IdentityProvider, mairie: ServiceProvider
) -> None:
    page = auditor.get(f"{LIST}?sp=parti").content.decode()
    assert '<option value="mairie">Mairie de Saint-Exemple</option>' in page
    assert '<option value="impots">Impôts – bac à sable</option>' in page
    assert '<option value="parti" selected>parti</option>' in page


def test_one_sign_in_is_shown_from_end_to_end(auditor: Client, sign_ins: None) -> None:
    url = reverse("admin:audit_entry_sign_in", args=[ONE])
    assert url in auditor.get(LIST).content.decode()
    page = auditor.get(url)
    steps = page.context["steps"]
    assert [step.entry.step for step in steps] == ["1.0.0", "3.0.0"]
    assert steps[0].elapsed == steps[0].total == 0
    assert steps[1].elapsed == steps[1].total >= 0
    text = page.content.decode().replace("\u202f", " ")
    assert "Une connexion de bout en bout" in text
    assert "nom du fournisseur d’identité : Impôts – bac à sable" in text
    assert str(OTHER) not in text


def test_an_unknown_sign_in_is_not_found(auditor: Client) -> None:
    assert auditor.get(reverse("admin:audit_entry_sign_in", args=[uuid4()])).status_code == 404


def test_one_line_shows_its_facts(auditor: Client, sign_ins: None) -> None:
    line = Entry.objects.get(event="SIGN_IN_REFUSED")
    page = auditor.get(reverse("admin:audit_entry_change", args=[line.pk])).content.decode()
    assert "nom de l’erreur" in page
    assert "refus" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("role", ["administrator", "auditor", "superuser"])
def test_nobody_writes_the_journal(
    role: str, sign_ins: None, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(role)
    before = list(Entry.objects.values())
    key = before[0]["id"]
    forged = {
        "event": "SIGN_IN_REFUSED",
        "step": "9.0.0",
        "facts": "{}",
        "_save": "1",
        "post": "yes",
    }
    for url in (f"{LIST}add/", f"{LIST}{key}/change/", f"{LIST}{key}/delete/"):
        assert client.post(url, forged).status_code == 403
    action = {
        "action": "delete_selected",
        "_selected_action": [key],
        "select_across": "1",
        "post": "yes",
    }
    inline = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": key, "_save": "1"}
    client.post(LIST, action)
    client.post(LIST, {**inline, "form-0-event": "SIGN_IN_REFUSED"})
    assert list(Entry.objects.values()) == before


def test_the_list_costs_few_statements(
    auditor: Client, sign_ins: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(9) as statements:
        auditor.get(LIST)
    assert not any("DISTINCT" in query["sql"] for query in statements.captured_queries)


def test_a_search_counts_only_so_far(sign_ins: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.audit.admin.LIMIT", 3)
    paginator = JournalPaginator(Entry.objects.order_by("-id"), 2)
    assert (paginator.count, paginator.num_pages, paginator.is_truncated) == (3, 2, True)


def test_pages_lead_to_each_other_and_keep_the_search(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.audit.admin.EntryAdmin.list_per_page", 2)
    journal.append_many(
        journal.build(events.FC_AUTHORIZE_INITIATED, sign_in=uuid4(), sp="mairie") for _ in range(5)
    )
    first = auditor.get(f"{LIST}?sp=mairie").content.decode()
    assert "Page 1 sur 3" in first
    assert 'href="?p=2&amp;sp=mairie" rel="next"' in first
    assert 'rel="prev"' not in first
    last = auditor.get(f"{LIST}?sp=mairie&p=3").content.decode()
    assert 'href="?p=2&amp;sp=mairie" rel="prev"' in last
    assert 'rel="next"' not in last
