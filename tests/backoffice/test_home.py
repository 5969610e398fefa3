"""The home page: figures, and what to do first."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from apps.audit import events, journal
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider

pytestmark = pytest.mark.django_db


def home(client: Client) -> str:
    return client.get("/").content.decode().replace("\u202f", " ")


def figures(page: str) -> dict[str, list[int]]:
    tiles = re.findall(r'<h2 id="(\w+)">.*?</section>', page, re.S)
    found = {}
    for tile in tiles:
        body = page.split(f'<h2 id="{tile}">')[1].split("</section>")[0]
        found[tile] = [int(n) for n in re.findall(r"<dd>\s*(\d+)\s*</dd>", body)]
    return found


def test_a_fresh_install_says_what_to_do(administrator: Client) -> None:
    page = home(administrator)
    assert "Pour commencer" in page
    assert "Fait :" not in page


def test_the_list_of_things_to_do_shrinks(
    administrator: Client, impots: IdentityProvider, mairie: ServiceProvider
) -> None:
    assert home(administrator).count("Fait :") == 2
    journal.append(events.FC_REDIRECTED_TO_SP, sign_in=uuid4(), sp="mairie")
    assert "Pour commencer" not in home(administrator)


def test_figures_are_those_of_the_registries_and_of_the_journal(
    auditor: Client, impots: IdentityProvider, mairie: ServiceProvider
) -> None:
    IdentityProvider.objects.update(active=False)
    ServiceProvider.objects.update(acr_required=False)
    for _ in range(3):
        journal.append(events.FC_REDIRECTED_TO_SP, sign_in=uuid4(), sp="mairie")
    journal.append(events.SIGN_IN_REFUSED, sign_in=uuid4(), sp="mairie", code="Y000001", slug="x")
    found = figures(home(auditor))
    assert found["comptes"] == [0, 1]
    assert found["services"] == [1, 0, 1]
    assert found["connexions"] == [3, 1]
