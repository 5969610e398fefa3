"""The health of identity providers, told from the lines of the journal and from their keys."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.audit import events, journal
from apps.audit.journal import Line
from apps.backoffice import health
from apps.backoffice.health import Stage, State
from apps.identity_providers import metadata, published_keys
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors, jose
from tests.backoffice.conftest import FI_SECRET, sign_in
from tests.backoffice.pages import address, text_of
from tests.builders import an_identity_provider
from tests.programmable_idp import ProgrammableIdp

pytestmark = pytest.mark.django_db

LIST = "/identity_providers/identityprovider/"


def line(event: events.Event, minutes: float, **facts: Any) -> None:
    """Write a line as if it had been written so many minutes ago."""
    facts = {"sign_in": uuid4(), "sp": "mairie", "idp": "impots", **facts}
    built = journal.build(event, **facts)
    journal.append_many([Line((datetime.now(UTC) - timedelta(minutes=minutes), *built[1:]))])


def success(minutes: float, **facts: Any) -> None:
    line(events.FC_VERIFIED, minutes, **{"account": uuid4(), "is_sso": False, **facts})


def received(minutes: float, **facts: Any) -> None:
    line(events.FC_REQUESTED_IDP_USERINFO, minutes, **facts)


def declined(minutes: float, **facts: Any) -> None:
    line(events.IDP_CALLEDBACK_WITH_ERROR, minutes, **facts)


def failure(minutes: float, spec: errors.ErrorSpec = errors.IDP_TOKEN_FAILED, **facts: Any) -> None:
    line(events.SIGN_IN_REFUSED, minutes, code=spec.code, slug=spec.slug, **facts)


def paris(minutes: float) -> str:
    at = timezone.localtime(timezone.now() - timedelta(minutes=minutes))
    return f"{at:%H:%M}"


@pytest.fixture
def running() -> Iterator[ProgrammableIdp]:
    idp = ProgrammableIdp()
    metadata.forget()
    yield idp
    idp.stop()
    metadata.forget()


@pytest.fixture
def provider(running: ProgrammableIdp, db: None) -> IdentityProvider:
    return an_identity_provider(running, client_secret=FI_SECRET)


def seen(provider: IdentityProvider) -> health.Health:
    return health.of_all([provider])[provider.uid]


def test_a_provider_without_traffic_says_so(
    administrator: Client, provider: IdentityProvider
) -> None:
    page = text_of(administrator.get(address(provider, "health")))
    assert "Aucune connexion depuis une heure." in page
    assert "Dernière connexion réussie aucune depuis 30 jours" in page
    assert "Aucun échec depuis une heure." in page
    assert seen(provider).state is State.SILENT


def test_the_rate_is_told_with_its_counts(
    administrator: Client, provider: IdentityProvider
) -> None:
    for minutes in (1, 2, 3):
        success(minutes)
    failure(5)
    declined(6)
    failure(7, idp="ameli")
    success(8, idp="ameli")
    page = text_of(administrator.get(address(provider, "health")))
    assert "Réussite 75 % (3 sur 4)" in page
    assert "Échec 1 Renoncement d’usager 1 Coupure 0" in page
    assert "les échecs de cette heure n’annoncent pas une panne" in page
    assert errors.IDP_TOKEN_FAILED.operator.replace("\u202f", " ") in page
    assert "Y020026 idp_token_failed jeton 1" in page


@pytest.mark.parametrize("spec", health.NOT_THE_PROVIDER_S, ids=lambda spec: spec.slug)
def test_an_error_that_is_not_the_provider_s_does_not_count(
    provider: IdentityProvider, spec: errors.ErrorSpec
) -> None:
    failure(1, spec)
    failure(1, errors.ACCOUNT_DISABLED)
    assert (seen(provider).failed, seen(provider).state) == (0, State.SILENT)


def test_a_recognised_session_and_an_old_line_do_not_count(provider: IdentityProvider) -> None:
    success(1, is_sso=True)
    success(61)
    failure(62)
    found = seen(provider)
    assert (found.successes, found.failed, found.rate) == (0, 0, None)
    assert found.last_success
    assert 60 < (timezone.now() - found.last_success).total_seconds() / 60 < 62


def test_the_last_success_is_the_newest_that_went_there(
    administrator: Client, provider: IdentityProvider
) -> None:
    success(60 * 24 * 31)
    assert seen(provider).last_success is None
    success(300)
    success(200)
    success(10, is_sso=True)
    at = timezone.localtime(timezone.now() - timedelta(minutes=200))
    assert f"réussie le {at:%d/%m/%Y} à {at:%H:%M}" in text_of(
        administrator.get(address(provider, "health"))
    )


def test_the_median_is_that_of_the_last_hour(
    administrator: Client, provider: IdentityProvider
) -> None:
    for milliseconds in (120, 90, 4000):
        received(10, idp_ms=milliseconds)
    received(90, idp_ms=9000)
    assert seen(provider).median == 120
    assert "Durée médiane des échanges 120 ms" in text_of(
        administrator.get(address(provider, "health"))
    )


def test_abnormal_failures_are_told_with_their_beginning_and_their_stage(
    administrator: Client, provider: IdentityProvider
) -> None:
    failure(50)
    for minutes in range(25, 45):
        success(minutes)
    for minutes in (21, 14, 6, 2):
        failure(minutes)
    failure(3, errors.IDP_USERINFO_FAILED)
    page = administrator.get(address(provider, "health"))
    assert f"Échecs anormaux depuis {paris(21)}, étape jeton." in text_of(page)
    assert "désactivez-le" in text_of(page)
    assert f'href="{address(provider, "change")}#id_active"' in page.content.decode()
    IdentityProvider.objects.update(active=False)
    again = text_of(administrator.get(address(provider, "health")))
    assert "Il est déjà désactivé" in again
    assert "désactivez-le" not in again


def test_a_trouble_that_is_over_is_told_as_such(
    administrator: Client, provider: IdentityProvider
) -> None:
    for minutes in (40, 38, 33):
        failure(minutes)
    for minutes in range(1, 6):
        success(minutes)
    page = text_of(administrator.get(address(provider, "health")))
    assert f"Échecs anormaux de {paris(40)} à {paris(33)}, étape jeton" in page
    assert "les dernières connexions réussissent" in page
    assert "désactivez-le" not in page


def test_two_failures_or_one_in_ten_are_not_abnormal(provider: IdentityProvider) -> None:
    failure(1)
    failure(2)
    assert seen(provider).state is State.GOOD
    failure(3)
    assert seen(provider).state is State.DEGRADED
    for _ in range(13):
        success(4)
    assert seen(provider).state is State.GOOD


@pytest.mark.parametrize("spec", health.OF_ONE_PERSON, ids=lambda spec: spec.slug)
def test_what_is_of_one_person_does_not_make_a_breakdown(
    provider: IdentityProvider, spec: errors.ErrorSpec
) -> None:
    for minutes in range(1, 6):
        failure(minutes, spec)
    found = seen(provider)
    assert (found.failed, found.state, found.stage) == (5, State.GOOD, None)


@pytest.mark.parametrize(
    ("spec", "stage"),
    [
        (errors.IDP_UNAVAILABLE, Stage.DISCOVERY),
        (errors.IDP_KEY_UNKNOWN, Stage.DISCOVERY),
        (errors.CALLBACK_ISSUER_WRONG, Stage.RETURN),
        (errors.IDP_TOKEN_CONTENT, Stage.TOKEN),
        (errors.ID_TOKEN_NONCE, Stage.ID_TOKEN),
        (errors.IDP_USERINFO_SUBJECT, Stage.USERINFO),
        (errors.EMAIL_MISSING, Stage.USERINFO),
        (errors.ACR_NOT_ALLOWED, Stage.LEVEL),
    ],
)
def test_each_error_has_its_stage(spec: errors.ErrorSpec, stage: Stage) -> None:
    assert spec.code in health.FAILURES
    assert health.stage_of(spec) is stage


def test_unknown_keys_are_told_accepted_or_refused(
    administrator: Client, provider: IdentityProvider
) -> None:
    assert "Clés inconnues depuis une heure Aucune." in text_of(
        administrator.get(address(provider, "health"))
    )
    received(4, idp_ms=80, idp_rotated=True)
    failure(2, errors.IDP_KEY_UNKNOWN)
    failure(1, errors.IDP_KEY_UNKNOWN)
    page = text_of(administrator.get(address(provider, "health")))
    assert "1 fois, une clé nouvelle a été trouvée" in page
    assert "2 réponses refusées : la clé n’est publiée nulle part" in page


def test_the_keys_are_those_published_now(
    administrator: Client, provider: IdentityProvider, running: ProgrammableIdp
) -> None:
    first = text_of(administrator.get(address(provider, "health")))
    former = [key.kid for key in running.keys.keys]
    assert all(kid in first for kid in former)
    assert "ES256" in first
    running.keys = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})
    second = text_of(administrator.get(address(provider, "health")))
    assert running.keys.keys[0].kid in second
    assert not any(kid in second for kid in former)


def test_a_key_keeps_the_date_of_its_first_reading(
    administrator: Client, provider: IdentityProvider
) -> None:
    def since() -> list[str]:
        page = text_of(administrator.get(address(provider, "health")))
        return re.findall(r"ES256 le (\S+ à \S+)", page)

    first = since()
    assert len(first) == 1
    assert since() == first


def test_the_keys_of_so_many_addresses_are_remembered_and_no_more(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_keys, "LONGEST", 2)
    for number in range(4):
        published_keys._known[f"https://{number}.example"] = {}
    keys = published_keys.read(provider)
    assert keys
    assert len(published_keys._known) == 2


def test_two_threads_read_the_keys_of_one_provider(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Raced(dict[str, Any]):
        """Another thread replaces each value as soon as it is written."""

        def __setitem__(self, address: str, value: Any) -> None:
            super().__setitem__(address, {})

    monkeypatch.setattr(published_keys, "_known", Raced())
    assert published_keys.read(provider)


@pytest.mark.parametrize("fault", ["stopped", "status", "HTML"])
def test_unreachable_keys_are_told_and_the_rest_is_shown(
    fault: str, administrator: Client, provider: IdentityProvider, running: ProgrammableIdp
) -> None:
    success(1)
    if fault == "stopped":
        running.stop()
    elif fault == "status":
        IdentityProvider.objects.update(issuer=f"{running.issuer}/ailleurs")
    else:
        running.alter_configuration = lambda found: {**found, "jwks_uri": running.issuer}
    page = text_of(administrator.get(address(provider, "health")))
    assert "Sa configuration ou ses clés sont injoignables ou illisibles" in page
    assert "Réussite 100 % (1 sur 1)" in page


def test_a_slow_provider_holds_the_page_no_longer_than_our_patience(
    administrator: Client, settings: Any
) -> None:
    import socket
    import time

    settings.IDP_TIMEOUT = 0.3
    silent = socket.create_server(("127.0.0.1", 0))
    try:
        provider = IdentityProvider.objects.create(
            uid="silent", name="silent", title="Silencieux", client_id="x",
            issuer=f"http://127.0.0.1:{silent.getsockname()[1]}",
        )  # fmt: skip
        started = time.monotonic()
        assert "injoignables" in text_of(administrator.get(address(provider, "health")))
        assert time.monotonic() - started < 1.5
    finally:
        silent.close()


@pytest.mark.parametrize("reader", ["administrator", "auditor"])
def test_the_list_tells_the_health_of_each_in_short(
    reader: str, impots: IdentityProvider, request: pytest.FixtureRequest
) -> None:
    success(1)
    client: Client = request.getfixturevalue(reader)
    page = client.get(LIST).content.decode().replace("\u202f", " ")
    assert "100 % (1 sur 1)" in page
    assert f'href="{address(impots, "health")}">fonctionne</a>' in page
    for minutes in (1, 2, 3):
        failure(minutes)
    assert ">échecs anormaux</a>" in client.get(LIST).content.decode()
    change = client.get(address(impots, "change")).content.decode()
    assert f'href="{address(impots, "health")}">Santé</a>' in change


def test_an_agent_who_may_not_read_the_journal_sees_no_health(impots: IdentityProvider) -> None:
    from django.contrib.auth.models import Permission

    from apps.accounts.models import StaffUser

    client = sign_in("lecteur")
    may_view = Permission.objects.get(codename="view_identityprovider")
    StaffUser.objects.get(username="lecteur").user_permissions.add(may_view)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "santé" not in page.content.decode()
    assert client.get(address(impots, "health")).status_code == 403


def test_a_provider_that_does_not_exist_has_no_health(administrator: Client) -> None:
    assert administrator.get(f"{LIST}999/health/").status_code == 404
