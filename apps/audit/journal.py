"""The only writer of the journal.

A fact and its trace live or die together: a step takes its lines along in the statement of its
change (`line`, `lines`). What changes nothing, such as a page that was shown, is appended at once,
and a step that failed is journalled by the middleware.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NewType
from uuid import UUID

from apps.audit.events import Event
from apps.audit.facts import Fact, FactError, parse
from apps.audit.models import Entry
from apps.statements import writing

NULLABLE: Final = ("sign_in", "account", "is_sso", "ip", "port")
TEXTS: Final = ("sp", "idp", "browsing_session", "code", "actor")
COLUMNS: Final = ("at", "event", "step", *NULLABLE, *TEXTS, "facts")
OWN_COLUMN: Final = frozenset(NULLABLE + TEXTS)
_COLUMNS: Final = writing.Columns(Entry, COLUMNS)

Line = NewType("Line", tuple[datetime | Fact | None, ...])
"""One line that keeps the promises of its event, in the order of COLUMNS; only `build` makes it."""


def append(
    event: Event, *, sign_in: UUID | None = None, actor: str = "", **facts: Fact | None
) -> None:
    """Write one line of the journal.

    A fact that is None or empty is absent from the line.
    Raises FactError: fact undeclared by the event, missing, or not in its format.
    """
    writing.insert(line(event, sign_in=sign_in, actor=actor, **facts))


def append_many(built: Iterable[Line]) -> None:
    """Write the lines made by `build`, in their order, in one INSERT; none for no line."""
    insertion = lines(built)
    if insertion.rows:
        writing.insert(insertion)


def line(
    event: Event, *, sign_in: UUID | None = None, actor: str = "", **facts: Fact | None
) -> writing.Insertion:
    """Return the insertion of one line, for the statement of the change that it tells of.

    Raises FactError as `append`.
    """
    return lines([build(event, sign_in=sign_in, actor=actor, **facts)])


def lines(built: Iterable[Line]) -> writing.Insertion:
    """Return the insertion of lines made by `build`, in their order."""
    return writing.Insertion(_COLUMNS, tuple(built))


def build(
    event: Event, *, sign_in: UUID | None = None, actor: str = "", **facts: Fact | None
) -> Line:
    """Return a line that keeps the promises of its event, not yet written.

    Raises FactError as `append`.
    """
    given = {"sign_in": sign_in, "actor": actor, **facts}
    known = {name: value for name, value in given.items() if value is not None and value != ""}
    _check_declared(event, known)
    kept = {name: parse(name, value) for name, value in known.items()}
    others = {name: value for name, value in kept.items() if name not in OWN_COLUMN}
    nullable = (kept.get(name) for name in NULLABLE)
    texts = (kept.get(name, "") for name in TEXTS)
    facts_json = json.dumps(others, ensure_ascii=False)
    return Line((datetime.now(UTC), event.name, event.step, *nullable, *texts, facts_json))


def _check_declared(event: Event, known: dict[str, Fact]) -> None:
    if undeclared := known.keys() - event.facts:
        raise FactError(f"{event.name} does not declare {', '.join(sorted(undeclared))}")
    if missing := event.required - known.keys():
        raise FactError(f"{event.name} requires {', '.join(sorted(missing))}")
