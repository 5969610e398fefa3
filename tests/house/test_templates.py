"""Templates: none is left over, and blocks come in the order of the page."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.contrib import admin

from tests.house.tree import ROOT, name, sources, templates, text, tree

FOLDER = ROOT / "templates"
FOLDERS = (FOLDER, Path(admin.__file__).parent / "templates")
KNOWN_TO_DJANGO = re.compile(r"(?:403|404|500)\.html|admin/(?:base_site|index|login)\.html")
REFERENCE = re.compile(r"\{%\s*(?:extends|include)\s+\"([^\"]+)\"")
PARENT = re.compile(r"\s*\{%\s*extends\s+\"([^\"]+)\"")
BLOCK = re.compile(r"\{%\s*block\s+(\w+)")
LOAD = re.compile(r"\{%\s*load\s+([^%]+?)\s*%\}")


def short(template: Path) -> str:
    return str(template.relative_to(FOLDER))


@cache
def named() -> tuple[re.Pattern[str], ...]:
    """Return every template name written in the code; what is computed in one may be anything."""
    patterns = {
        re.escape(found) for template in templates() for found in REFERENCE.findall(text(template))
    }
    for path in sources():
        if name(path).startswith(("apps/", "franceconnect/")):
            patterns |= set(_strings(tree(path)))
    return tuple(map(re.compile, patterns))


def _strings(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = node.values
            yield "".join(
                re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts
            )


def is_named(template: str) -> bool:
    return any(pattern.fullmatch(template) for pattern in named())


def order_of(template: Path) -> list[str]:
    """Return the blocks in the order of the page that a template fills, ancestors included."""
    blocks = BLOCK.findall(text(template))
    extended = PARENT.match(text(template))
    if extended is None:
        return blocks
    found = (folder / extended.group(1) for folder in FOLDERS)
    inherited = order_of(next(p for p in found if p.exists() and p != template))
    return inherited + [block for block in blocks if block not in inherited]


def test_every_template_is_used() -> None:
    used = [t for t in map(short, templates()) if is_named(t) or KNOWN_TO_DJANGO.fullmatch(t)]
    assert [short(t) for t in templates()] == used


def is_in_order(template: Path) -> bool:
    blocks = BLOCK.findall(text(template))
    return blocks == sorted(blocks, key=order_of(template).index)


def test_blocks_come_in_the_order_of_the_page() -> None:
    assert not [short(template) for template in templates() if not is_in_order(template)]


def test_a_load_brings_one_library() -> None:
    for template in templates():
        for libraries in LOAD.findall(text(template)):
            assert len(libraries.split()) == 1, short(template)


def test_no_style_and_no_script_is_written_in_a_page() -> None:
    # The Content-Security-Policy refuses them; a message has no policy and no stylesheet.
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.IGNORECASE)
    pages = [t for t in templates() if not short(t).startswith("notifications/")]
    assert not [short(page) for page in pages if inline.search(text(page))]
