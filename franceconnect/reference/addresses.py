"""The URLs of the three sites, read from their URLconfs.

The broker and the back-office share their models, so that one process reads both; the sandbox has
other settings, and is read in a process of its own:

    python -m franceconnect.reference.addresses     the rows of the sandbox

What a view accepts is what its decorator says (`require_safe`, `require_POST`…); what it does is the
first line of its docstring.
"""

import ast
import inspect
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from franceconnect.reference.markdown import code, section, table

SANDBOX = "franceconnect.settings.sandbox"
SANDBOX_SITES = {
    "home": "Bac à sable – accueil, services, courriels",
    "impots": "Bac à sable – un fournisseur d’identité",
}
METHODS = {
    "require_safe": ("GET", "HEAD"),
    "require_GET": ("GET",),
    "require_POST": ("POST",),
}
Row = list[str]


def address_page() -> str:
    """Return the URLs of every site."""
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "franceconnect.reference.addresses"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": SANDBOX, "SANDBOX_SITE": "home"},
        stdout=subprocess.PIPE,
    )
    sites = {
        "Usagers et partenaires": _rows_of("franceconnect.urls.broker"),
        "Back-office": _rows_of("franceconnect.urls.backoffice"),
    }
    output, _ = sandbox.communicate()
    if sandbox.returncode:
        raise RuntimeError("the addresses of the sandbox cannot be read")
    sites |= json.loads(output)
    legend = "« — » : la vue ne dit pas quelles méthodes elle accepte.\n"
    headings = ["Adresse", "Méthodes", "Rôle"]
    return "\n".join(
        [legend, *(section(title, table(headings, found)) for title, found in sites.items())]
    )


def _rows_of(urlconf: str) -> list[Row]:
    return rows(import_module(urlconf).urlpatterns)


def rows(patterns: Iterable[Any]) -> list[Row]:
    """Return [path, methods, role] for each address of a site."""
    return [[code(f"/{path}"), methods_of(v), _role(v)] for path, v in _walk(patterns, "")]


def _walk(patterns: Iterable[Any], prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every address of a URLconf, but the redirections that Django's admin adds."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, path)
        elif not path.endswith("$") and not _is_redirection(pattern.callback):
            yield path, pattern.callback


def _is_redirection(view: Any) -> bool:
    return getattr(getattr(view, "view_class", None), "__name__", "") == "RedirectView"


def methods_of(view: Callable[..., Any]) -> str:
    """Return the methods that a view accepts, or a dash when nothing says so."""
    if hasattr(view, "view_class"):
        names = [name.upper() for name in view.view_class.http_method_names]
        return " ".join(name for name in names if hasattr(view.view_class, name.lower()))
    return " ".join(declared_methods(view)) or "—"


def declared_methods(view: Callable[..., Any]) -> tuple[str, ...]:
    """Return the methods named by the decorator of a function view, none without one."""
    function = inspect.unwrap(view)
    if not inspect.isfunction(function):
        return ()
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    decorators = tree.decorator_list if isinstance(tree, ast.FunctionDef) else []
    found = (_methods(decorator) for decorator in decorators)
    return next((methods for methods in found if methods), ())


def _methods(decorator: Any) -> tuple[str, ...]:
    if isinstance(decorator, ast.Name):
        return METHODS.get(decorator.id, ())
    is_call = isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name)
    if is_call and decorator.func.id == "require_http_methods":
        return tuple(ast.literal_eval(decorator.args[0]))
    return ()


def _role(view: Callable[..., Any]) -> str:
    """Return the first line of what documents a view; a library's view is named."""
    documented: Any = getattr(view, "view_class", None) or inspect.unwrap(view)
    text = inspect.getdoc(documented) or ""
    if documented.__module__.startswith(("apps.", "franceconnect.")) and text:
        return text.splitlines()[0]
    return f"{documented.__module__}.{getattr(documented, '__name__', '')}".rstrip(".")


def main() -> None:
    """Print the rows of the sandbox, by the title of its sites."""
    import django

    django.setup()
    from franceconnect.urls.sandbox import addresses

    print(json.dumps({title: rows(addresses(site)) for site, title in SANDBOX_SITES.items()}))


if __name__ == "__main__":
    main()
