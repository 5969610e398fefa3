"""Views: each says what it accepts, and reading changes nothing.

A GET may append to the journal and nothing else, but for the addresses that the protocol imposes:
a browser, a prefetch or a link preview may repeat it.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.broker.urls import urlpatterns
from franceconnect.reference.addresses import declared_methods
from tests.house.tree import name, sources, tree

WRITING_GETS = frozenset(
    {"authorize", "verify", "oidc_callback", "session_end", "logout_callback", "trial"}
)
"""docs/decisions/0012 says why each is there, and 0029 why `trial` is."""

WRITES = {
    "save",
    "insert",
    "update",
    "delete",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "change",
}
ROOMS = (
    "apps/broker/",
    "apps/accounts/",
    "apps/identity_providers/trial/",
    "apps/notifications/outbox",
    "apps/service_providers/models",
)


def called(function: ast.AST) -> Iterator[str]:
    """Yield the name of everything that a function calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


@pytest.fixture(scope="module")
def calls() -> dict[str, set[str]]:
    """What each function calls, by name; functions of one name are taken together."""
    graph: dict[str, set[str]] = defaultdict(set)
    for path in sources():
        if name(path).startswith(ROOMS):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.FunctionDef) and node.name not in WRITES:
                    graph[node.name] |= set(called(node))
    return graph


def reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        function = waiting.pop()
        if function not in seen:
            seen.add(function)
            waiting += graph.get(function, ())
    return seen


def views() -> list[Callable[..., Any]]:
    return [pattern.callback for pattern in urlpatterns if pattern.callback]


def test_every_view_says_which_methods_it_accepts() -> None:
    silent = [view.__name__ for view in views() if not declared_methods(view)]
    assert not silent


def test_a_get_writes_nothing_but_the_journal(calls: dict[str, set[str]]) -> None:
    readers = {v.__name__ for v in views() if "GET" in declared_methods(v)}
    writers = {reader for reader in readers if WRITES & reachable(reader, calls)}
    assert writers <= WRITING_GETS
    assert readers >= WRITING_GETS


def test_the_analysis_sees_what_a_view_writes(calls: dict[str, set[str]]) -> None:
    for view in ("authorize", "verify", "oidc_callback", "session_end", "login", "abandon"):
        assert WRITES & reachable(view, calls), view
