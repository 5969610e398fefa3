"""The papers of a persona: what is needed to enrol in their name."""

import pytest
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.personas import catalogue as personas
from tests.sandbox.enrolling import PORTAL, text


@pytest.mark.parametrize("persona", personas.everybody(), ids=lambda persona: persona.slug)
def test_every_persona_has_papers(db: None, persona: personas.Persona) -> None:
    page = text(Client().get(f"/personas/{persona.slug}"))
    for known in (*persona.accounts.values(), *persona.registers.values()):
        assert known.displayed_identifier in page
    assert persona.identity["family_name"] in page
    assert persona.postal_code in page


def test_nobody_else_has(db: None) -> None:
    assert Client().get("/personas/personne").status_code == 404


def test_a_portal_names_who_may_enrol(browser: Client, site: IdentityProviderSite) -> None:
    page = text(browser.get(PORTAL))
    assert "/personas/lou-sans-compte" in page
    assert "/personas/angele-ordinaire" not in page
    assert ("/personas/louise-foyer" in page) == (site.slug != "ameli")


def test_enough_people_have_no_account_at_impots() -> None:
    without = [p.slug for p in personas.everybody() if "impots" in p.registers]
    assert len(without) >= 3
