"""French is code: what a person reads follows its typography, in pages, tables and documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.audit import events, facts
from apps.identity_providers import importing as identity_providers
from apps.identity_providers.analysis.catalogue import CATALOGUE as CHECKS
from apps.notifications import kinds
from apps.protocol import claims, errors, scopes
from apps.service_providers import importing as service_providers
from franceconnect.reference import environment
from tests.house import french
from tests.house.tree import ROOT, name, pages, templates, text

ENGLISH = ("docs/architecture.md", "docs/decisions/")
PRINTED = "docs/reference/"  # made of the tables below, and of docstrings in English
NARROW = "\u202f"


def catalogue() -> Iterator[str]:
    """Yield every sentence of the tables that a citizen, an agent or a partner reads."""
    for spec in errors.CATALOGUE.values():
        yield from (spec.title, spec.text, spec.operator)
    yield from (event.description for event in events.CATALOGUE.values())
    yield from (fact.label for fact in facts.VOCABULARY.values())
    yield from (claim.label for claim in claims.CLAIMS.values())
    yield from (scope.label for scope in scopes.DATA_PROVIDER_SCOPES.values())
    yield from (provider.heading for provider in scopes.DataProvider)
    yield from (text for kind in kinds.CATALOGUE.values() for text in (kind.label, kind.subject))
    yield from (text for c in CHECKS.values() for text in (c.title, c.why, c.reference))
    for field in (*identity_providers.FIELDS, *service_providers.FIELDS):
        yield from (field.meaning, field.default)
    yield from (meaning.replace("`", "") for meaning in environment.MEANINGS.values())


def documents() -> list[Path]:
    return [p for p in pages() if not name(p).startswith((*ENGLISH, PRINTED))]


def test_templates() -> None:
    wrong = {name(t): french.faults(french.of_template(text(t))) for t in templates()}
    assert not {template: faults for template, faults in wrong.items() if faults}


def test_the_catalogues() -> None:
    assert not [fault for sentence in catalogue() for fault in french.faults(sentence)]


def test_documents() -> None:
    # What the benchmarks print is English, for developers.
    read = [p for p in documents() if "benchmarks" not in p.parts]
    wrong = {name(p): french.faults(french.of_markdown(text(p))) for p in read}
    assert not {page: faults for page, faults in wrong.items() if faults}
    assert ROOT / "README.md" in documents()


@pytest.mark.parametrize(
    "wrong",
    ["Vraiment ?", "Vraiment?", "« Mairie »", "«Mairie»", "l'adresse", 'dit "oui"', "Patientez..."],
)
def test_the_rule_catches(wrong: str) -> None:
    assert french.faults(wrong)


@pytest.mark.parametrize(
    "right",
    [f"Vraiment{NARROW}?", f"«{NARROW}Mairie{NARROW}»", "l’adresse", "à 14:32", "openid:profile"],
)
def test_the_rule_lets_pass(right: str) -> None:
    assert not french.faults(right)
