"""Levels of assurance: eIDAS low, substantial and high, as `acr` values (OIDC Core §2).

A level travels three times. The service asks for one (`acr_values`); we ask the identity provider
for one; the identity provider states in its ID token the one it really gave. Only the last is a
fact, so it is the only one we check against the two others and pass on.
"""

from collections.abc import Iterable
from enum import StrEnum

from apps.protocol import errors


class Acr(StrEnum):
    """A level of assurance, written as on the wire; compare with `is_at_least`, never with `<`."""

    EIDAS1 = "eidas1"
    EIDAS2 = "eidas2"
    EIDAS3 = "eidas3"

    @property
    def rank(self) -> int:
        """1 for the lowest level, growing with the assurance given."""
        return _RANKS[self]

    @property
    def label(self) -> str:
        """The name of the level in French, for a page."""
        return _LABELS[self]

    def is_at_least(self, floor: "Acr") -> bool:
        """Tell whether somebody who asked for `floor` may be satisfied with this level."""
        return self.rank >= floor.rank


_RANKS = {Acr.EIDAS1: 1, Acr.EIDAS2: 2, Acr.EIDAS3: 3}
_LABELS = {Acr.EIDAS1: "Faible", Acr.EIDAS2: "Substantiel", Acr.EIDAS3: "Élevé"}


def parse_acr_values(text: str) -> tuple[Acr, ...]:
    """Return the known levels of a space-separated list, in its order, each once.

    Unknown values are dropped: `acr_values` is a wish (OIDC Core §3.1.2.1), and a service may name
    the levels of another federation beside ours.
    """
    known = (find(value) for value in text.split(" "))
    return tuple(dict.fromkeys(level for level in known if level is not None))


def find(value: str) -> Acr | None:
    """Return the level of that exact name, or None."""
    return Acr(value) if value in _VALUES else None


_VALUES = frozenset(level.value for level in Acr)


def lowest(levels: Iterable[Acr]) -> Acr:
    """Return the lowest of some levels; ValueError if there is none."""
    return min(levels, key=_RANKS.__getitem__)


def requested(acr_values: str, *, default: Acr) -> Acr:
    """Return the level that a service really needs: the lowest known one it names, or `default`.

    A service that lists several is satisfied with any of them, and so with the lowest.
    """
    levels = parse_acr_values(acr_values)
    return lowest(levels) if levels else default


def to_ask(requested: Acr, allowed_by_idp: Iterable[Acr]) -> Acr:
    """Return the level to ask of an identity provider: the higher of the need and its own floor.

    An identity provider that only gives `eidas2` would refuse `eidas1`. One whose levels are all
    below the need is asked for the need all the same, and its answer is judged by `check_returned`.
    Raises ValueError for an identity provider without any level, which the registry refuses.
    """
    return max(requested, lowest(allowed_by_idp), key=_RANKS.__getitem__)


def check_returned(returned: str, *, requested: Acr, allowed: frozenset[Acr]) -> Acr:
    """Return the level that the identity provider states, once we may believe it.

    returned   `acr` of its ID token, "" when absent
    requested  what the service needs; a higher level is accepted, a lower one never
    allowed    what this identity provider was accredited for: a level above it is a lie or a fault
    Raises ProtocolError: ACR_MISSING, ACR_TOO_LOW (also for an unknown value), ACR_NOT_ALLOWED.
    """
    if not returned:
        raise errors.ProtocolError(errors.ACR_MISSING, debug="acr: absent from the ID token")
    level = find(returned)
    if level is None:
        raise errors.ProtocolError(errors.ACR_TOO_LOW, debug="acr: not a known level")
    if not level.is_at_least(requested):
        debug = f"acr: {level} returned, {requested} requested"
        raise errors.ProtocolError(errors.ACR_TOO_LOW, debug=debug)
    if level not in allowed:
        debug = f"acr: {level} is not allowed for this identity provider"
        raise errors.ProtocolError(errors.ACR_NOT_ALLOWED, debug=debug)
    return level


def capped(returned: Acr, *, served: Iterable[Acr]) -> Acr:
    """Return the level to state to the service: the highest it is served that was really reached.

    Raises ValueError when none was, which `check_returned` has refused before.
    """
    return max((level for level in served if returned.is_at_least(level)), key=_RANKS.__getitem__)
