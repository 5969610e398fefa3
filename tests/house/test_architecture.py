"""Arrows only go down: imports, foreign keys, the environment."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from franceconnect.reference import environment
from tests.house.tree import ROOT, name, sources, tree


def test_the_import_contract_is_kept() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ["audit", "notifications"])
def test_what_tells_of_the_past_points_to_nothing_that_may_go(room: str) -> None:
    fields = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
    ]
    assert not fields


def test_base_alone_reads_the_environment_for_the_settings() -> None:
    readers = [
        module.name
        for module in sorted(environment.FOLDER.glob("*.py"))
        if list(environment.variables(module))
    ]
    assert readers == ["base.py"]


def test_no_room_reads_the_environment() -> None:
    readers = [
        name(path)
        for path in sources()
        if name(path).startswith("apps/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    ]
    assert not readers


def test_every_variable_of_the_environment_is_documented() -> None:
    assert environment.environment_page()
