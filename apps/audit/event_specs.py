"""What an event is made of, and the facts that several declare together."""

from dataclasses import dataclass
from enum import StrEnum


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
JOURNEY = NETWORK | SERVICE | SESSION

SIGN_IN = frozenset({"sign_in", "sp"})
AT_PROVIDER = SIGN_IN | {"idp"}
KNOWN = SIGN_IN | {"account"}
