"""Documents: decisions are numbered once, links lead somewhere, examples work, pages are fresh."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from apps.identity_providers import importing as identity_providers
from apps.identity_providers import partner_files
from apps.service_providers import importing as service_providers
from tests.house.tree import ROOT, name, pages, text

DECISIONS = ROOT / "docs" / "decisions"
DECISION_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
DECISION_PARTS = ["Context", "Decision", "Consequences", "Rejected"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)
ANCHOR = re.compile(r"<a id=\"([^\"]+)\">")
JSON_BLOCK = re.compile(r"```json\n(.*?)```", re.DOTALL)
TARGET = re.compile(r"\bmake ([a-z][a-z-]+)\b")
IMPORTERS = {"client_id": service_providers, "uid": identity_providers}


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("*.md"))


def test_decisions_are_numbered_from_one_without_hole_or_repetition() -> None:
    matches = [DECISION_NAME.fullmatch(path.name) for path in decisions()]
    numbers = [int(match.group(1)) for match in matches if match]
    assert numbers == list(range(1, len(decisions()) + 1))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_the_same_four_parts(path: Path) -> None:
    assert text(path).count("\n") <= 60
    assert re.findall(r"^## (.+)$", text(path), re.MULTILINE) == DECISION_PARTS
    assert text(path).startswith(f"# {path.stem[:4]}. ")


def anchors(page: Path) -> set[str]:
    """Return what a link may point at inside a page."""
    headings = (heading.lower() for heading in HEADING.findall(text(page)))
    slugs = {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in headings}
    return slugs | set(ANCHOR.findall(text(page)))


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(text(page)):
        if re.match(r"https?://|mailto:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_readme_is_short() -> None:
    assert text(ROOT / "README.md").count("\n") <= 120


def test_commands_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    commands = {path.stem for path in ROOT.glob("apps/*/management/commands/*.py")}
    for page in pages():
        assert set(TARGET.findall(text(page))) <= targets, name(page)
        assert set(re.findall(r"manage\.py ([a-z_]+)", text(page))) <= commands | {"check"}, name(
            page
        )


@pytest.mark.parametrize("page", pages(), ids=name)
def test_partner_files_shown_as_examples_are_accepted(page: Path) -> None:
    for example in JSON_BLOCK.findall(text(page)):
        entry = json.loads(example)
        key = next(key for key in ("uid", "client_id") if key in entry)
        importer = IMPORTERS[key]
        reading = partner_files.read(
            example, collection=importer.COLLECTION, identifier=key, fields=importer.FIELDS
        )
        assert not reading.faults
        assert reading.drafts


def test_personas_that_documents_name_are_in_the_sandbox() -> None:
    known = "".join(path.read_text() for path in ROOT.glob("apps/sandbox/personas/*.yaml"))
    rows = re.findall(r"^\| ([A-ZÉ][\w-]+ [A-ZÉÈ-]+) \| `([^`]+)`", text(ROOT / "README.md"), re.M)
    assert rows
    for person, identifier in rows:
        assert f"name: {person}" in known
        assert f'"{identifier}"' in known


def test_the_reference_is_what_the_tables_say() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "franceconnect.reference", "--check"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
