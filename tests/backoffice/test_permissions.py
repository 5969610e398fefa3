"""Every role on every address of the back-office, with each method: the matrix, cell by cell."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import StaffUser
from apps.audit import events, journal
from apps.audit.models import Entry
from apps.backoffice.roles import Role
from apps.identity_providers.models import IdentityProvider, Trial
from apps.protocol.acr import Acr
from apps.service_providers.models import ServiceProvider
from tests.backoffice.conftest import FI_SECRET, FS_SECRET, sign_in

pytestmark = pytest.mark.django_db

Cells = tuple[str, str]

READ_ONLY = ("200", "403")
FREE = ("200", "200")
TO_READ = ("200", "405")

# address → (administrator GET, POST), (auditor GET, POST). An empty POST to a form answers 200:
# the form again, with its errors. To a list it answers 200: the list.
MATRIX: dict[str, tuple[Cells, Cells]] = {
    "index": (FREE, FREE),
    "login": (("302 /", "200"), ("302 /", "200")),
    "logout": (("405", "200"), ("405", "200")),
    "password_change": (FREE, FREE),
    "password_change_done": (TO_READ, TO_READ),
    "jsi18n": (TO_READ, TO_READ),
    "app_list": (FREE, FREE),
    "identity_providers_identityprovider_changelist": (FREE, FREE),
    "identity_providers_identityprovider_add": (FREE, ("403", "403")),
    "identity_providers_identityprovider_change": (FREE, READ_ONLY),
    "identity_providers_identityprovider_delete": (("200", "409"), ("403", "403")),  # it is used
    "identity_providers_identityprovider_history": (FREE, FREE),
    "identity_providers_identityprovider_health": (FREE, FREE),
    "identity_providers_identityprovider_trial": (FREE, READ_ONLY),
    "identity_providers_identityprovider_report": (TO_READ, TO_READ),
    "identity_providers_identityprovider_logout": (
        ("405", "303"),
        ("405", "303"),
    ),  # back to the report
    "identity_providers_identityprovider_analysis": (FREE, ("403", "403")),
    "identity_providers_identityprovider_analyse": (FREE, ("403", "403")),
    "service_providers_serviceprovider_changelist": (FREE, FREE),
    "service_providers_serviceprovider_add": (FREE, ("403", "403")),
    "service_providers_serviceprovider_change": (FREE, READ_ONLY),
    "service_providers_serviceprovider_delete": (("403", "403"), ("403", "403")),
    "service_providers_serviceprovider_history": (FREE, FREE),
    "service_providers_serviceprovider_secret": (FREE, ("403", "403")),
    "audit_entry_changelist": (FREE, FREE),
    "audit_entry_add": (("403", "403"), ("403", "403")),
    "audit_entry_change": (READ_ONLY, READ_ONLY),
    "audit_entry_delete": (("403", "403"), ("403", "403")),
    "audit_entry_sign_in": (FREE, FREE),
}
OPEN_TO_MACHINES = {"live", "ready"}


@pytest.fixture
def addresses(impots: IdentityProvider, mairie: ServiceProvider) -> dict[str, str]:
    """Return the address of each named page, on rows that exist."""
    sign_in_id = uuid4()
    journal.append(events.FC_AUTHORIZE_INITIATED, sign_in=sign_in_id, sp="mairie")
    trial, _ = Trial.begun(impots, agent="denis", level=Acr.EIDAS1, report_url=str)
    Trial.objects.update(client_id="the client_id of yesterday")
    rows = {
        "identity_providers_identityprovider": impots.pk,
        "service_providers_serviceprovider": mairie.pk,
        "audit_entry": Entry.objects.get().pk,
    }
    found = {}
    for name in MATRIX:
        model, _, page = name.rpartition("_")
        if name == "app_list":
            arguments = ["audit"]
        elif name == "audit_entry_sign_in":
            arguments = [str(sign_in_id)]
            model = "audit_entry"
        elif page in ("report", "logout") and model in rows:
            arguments = [str(impots.pk), str(trial.pk)]
        elif model in rows and page not in ("changelist", "add", "analysis"):
            arguments = [str(rows[model])]
        else:
            arguments = []
        found[name] = reverse(f"admin:{name}", args=arguments)
    return found


def patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry


def answer(response: HttpResponse, url: str) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    target = response["Location"].partition("?")[0]
    return "302 same" if target == url else f"302 {target}"


def matrix_of(client_of: dict[str, Client], addresses: dict[str, str]) -> dict[str, Cells]:
    found = {}
    for name, url in addresses.items():
        client = client_of[name]
        found[name] = (answer(client.get(url), url), answer(client.post(url), url))
    return found


def one_client_each(username: str, role: Role) -> dict[str, Client]:
    """Return one session an address: signing out of one must not sign out of the others."""
    return {name: sign_in(f"{username}-{i}", role) for i, name in enumerate(MATRIX)}


def test_every_address_is_in_the_matrix() -> None:
    named = {pattern.name for pattern in patterns(get_resolver().url_patterns) if pattern.name}
    assert named == MATRIX.keys() | OPEN_TO_MACHINES


def test_an_administrator_gets_exactly_their_column(addresses: dict[str, str]) -> None:
    clients = one_client_each("denis", Role.ADMINISTRATOR)
    assert matrix_of(clients, addresses) == {name: row[0] for name, row in MATRIX.items()}


def test_an_auditor_gets_exactly_their_column(addresses: dict[str, str]) -> None:
    clients = one_client_each("nadia", Role.AUDITOR)
    assert matrix_of(clients, addresses) == {name: row[1] for name, row in MATRIX.items()}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_the_sign_in_page(addresses: dict[str, str], method: str) -> None:
    for name, url in addresses.items():
        response = getattr(Client(), method)(url)
        if name == "login":
            assert response.status_code == 200
        elif name == "logout" and method == "get":
            assert answer(response, url) == "302 /"
        else:
            assert answer(response, url) in ("302 /login/", "302 /"), name


@pytest.mark.parametrize("url", ["/inconnu", "/admin/", "/accounts/account/", "/broker/grant/"])
def test_a_stranger_cannot_tell_what_exists(url: str, db: None) -> None:
    response = Client().get(url)
    assert answer(response, url) == "302 /login/"


def test_an_agent_without_role_sees_nothing(addresses: dict[str, str]) -> None:
    client = sign_in("sans-role")
    for name, url in addresses.items():
        if name.startswith(("identity_", "service_", "audit_")):
            assert client.get(url).status_code == 403, name
    home = client.get("/")
    assert home.status_code == 200
    assert "bo-tile" not in home.content.decode().replace("bo-tiles", "")


def test_a_role_that_is_withdrawn_is_dead_at_the_next_request(administrator: Client) -> None:
    url = reverse("admin:identity_providers_identityprovider_changelist")
    assert administrator.get(url).status_code == 200
    user = StaffUser.objects.get(username="denis")
    user.groups.clear()
    assert administrator.get(url).status_code == 403
    StaffUser.objects.filter(pk=user.pk).update(is_active=False)
    assert administrator.get(url).status_code == 302


@pytest.mark.parametrize("role", ["administrator", "auditor", "superuser"])
def test_no_page_holds_a_secret(
    role: str, addresses: dict[str, str], request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(role)
    for name, url in addresses.items():
        page = client.get(url, follow=True).content.decode()
        assert FI_SECRET not in page, name
        assert FS_SECRET not in page, name


def test_only_the_registries_and_the_journal_are_registered() -> None:
    # django-oauth-toolkit brings pages for codes and tokens, which must not be there.
    assert set(admin.site._registry) == {IdentityProvider, ServiceProvider, Entry}


def test_nothing_of_tokens_or_citizens_is_shown(superuser: Client) -> None:
    home = superuser.get("/").content.decode()
    for word in ("accesstoken", "grant", "idtoken", "refreshtoken", "signin", "/accounts/"):
        assert word not in home.lower()


def test_machines_are_answered_without_a_session(db: None) -> None:
    assert Client().get("/healthz/live").json() == {"status": "ok"}
    assert Client().get("/healthz/ready").json() == {"status": "ok"}
