"""Names and sizes: a file is read in one sitting, and its name says what is inside."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import files, name, sources, text, tree

LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 50  # lines
DRAWERS = {"utils", "helpers", "common", "core", "misc", "services", "managers", "mixins"}
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:home|work|root|Users)/\w+")
LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
NOT_PLAYED = re.compile(r"pytest\.(?:skip|xfail|importor" + r"skip)\b|mark\.(?:skip|xfail)")
VENDORED = ("static/dsfr",)
BINARY = (".png", ".woff", ".woff2", ".ico", ".gz", ".mo")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(tree(path))
    yield from (n for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def written() -> list[Path]:
    """Return the text files that people write."""
    kept = (p for p in files() if not name(p).startswith(VENDORED))
    return [p for p in kept if p.suffix not in BINARY]


def test_a_file_has_at_most_400_lines() -> None:
    long = {name(path): text(path).count("\n") for path in sources()}
    assert not {path: lines for path, lines in long.items() if lines > LONGEST_FILE}


def test_a_function_has_at_most_50_lines() -> None:
    long = [
        f"{name(path)}: {function.name}"
        for path in sources()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_is_a_drawer() -> None:
    drawers = [name(p) for p in sources() if DRAWERS & {p.stem, p.parent.name}]
    assert not drawers


def test_an_init_holds_a_docstring_or_nothing() -> None:
    full = [
        name(path)
        for path in sources()
        if path.name == "__init__.py"
        and any(not isinstance(node, ast.Expr) for node in tree(path).body)
    ]
    assert not full


def test_a_module_begins_with_what_lives_in_it() -> None:
    silent = [
        name(path)
        for path in sources()
        if name(path).startswith(("apps/", "franceconnect/"))
        and path.name not in ("__init__.py", "apps.py")
        and not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_no_file_names_the_machine_it_was_written_on() -> None:
    found = [
        f"{name(path)}: {match.group()}"
        for path in written()
        for match in MACHINE_PATH.finditer(text(path))
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{name(path)}: {match.group()}"
        for path in written()
        if path.suffix in (".py", ".html", ".css", ".js", ".sh", "")
        for match in LATER.finditer(text(path))
    ]
    assert not found


def test_every_test_is_played() -> None:
    found = [name(path) for path in sources() if NOT_PLAYED.search(text(path))]
    assert not found


def test_no_setting_has_a_default_where_it_is_read() -> None:
    read_twice = re.compile(r"getattr\(\s*settings\b")
    assert not [name(path) for path in sources() if read_twice.search(text(path))]
