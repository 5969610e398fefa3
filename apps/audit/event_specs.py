"""How an event is declared: who causes it, and the facts that those of one family share.

The catalogue itself is `apps.audit.events`, the only module that declares, and the one to import.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """Who caused the event: a browser, a partner's server, or an agent of ours."""

    FRONT = "FRONT"
    BACK = "BACK"
    AGENT = "AGENT"


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of line: its name, its place in the journey, and the facts it declares."""

    name: str
    step: str
    category: Category
    description: str
    facts: frozenset[str]
    required: frozenset[str]


NETWORK = frozenset({"ip", "port"})
SERVICE = frozenset({"sp", "sp_name", "sp_type", "sp_acr"})
SESSION = frozenset({"sign_in", "browsing_session", "is_sso", "acr", "account"})
PROVIDER = frozenset({"idp", "idp_label", "idp_acr"})
OUR_KEYS = frozenset({"kid", "former_kids", "reason"})
JOURNEY = NETWORK | SERVICE | SESSION

SIGN_IN = frozenset({"sign_in", "sp"})
AT_PROVIDER = SIGN_IN | {"idp"}
KNOWN = SIGN_IN | {"account"}

CATALOGUE: Final[dict[str, Event]] = {}


def declare(
    step: str,
    name: str,
    description: str,
    *,
    facts: frozenset[str],
    required: frozenset[str],
    category: Category = Category.FRONT,
) -> Event:
    event = Event(name, step, category, description, facts | required, required)
    if name in CATALOGUE:
        raise ValueError(f"event declared twice: {name}")
    CATALOGUE[name] = event
    return event


def declare_act(
    step: str,
    name: str,
    description: str,
    *,
    required: frozenset[str],
    facts: frozenset[str] = frozenset(),
) -> Event:
    """Declare what an agent or a command of ours does: its lines say who, and from where."""
    return declare(
        step,
        name,
        description,
        facts=facts | NETWORK,
        required=required | {"actor"},
        category=Category.AGENT,
    )
