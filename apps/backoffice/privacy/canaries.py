"""Invented people whose values, found anywhere in the broker's keeping, would be a leak.

The sandbox writes them in VAR_DIR/sandbox/canaries.json, which nobody else may read:

    {"sandbox_url": "http://localhost:8001",
     "personas": [{"values": {"family_name": ["D’Épée-Œuvre", "D'EPEE OEUVRE"], "sub": […]…},
                   "logins": {"impots": {"identifier": "…", "password": "…"}}}]}

A value may be one text or the list of its writings: each identity provider has its own. Not every
value is a canary: one that half of the population shares, or that chance writes everywhere, proves
nothing when it is found. `NOT_CANARIES` and `reason_to_leave_out` say which and why.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SHORTEST: Final = 4  # characters
NOT_CANARIES: Final = {
    "gender": "deux valeurs pour tout le monde",
    "birthcountry": "la France pour presque tous, et un code de cinq chiffres pour les autres",
}
TOO_SHORT: Final = "moins de quatre caractères, que le hasard écrit partout"


class CanaryFileError(Exception):
    """The file of the canaries is missing or is not one; the message tells what to do."""


@dataclass(frozen=True, repr=False)
class Login:
    """What a persona types at one identity provider; it never prints itself."""

    provider: str
    identifier: str
    password: str


@dataclass(frozen=True, repr=False)
class Persona:
    """One canary: claims by name, each with its writings, and accounts; it never prints itself."""

    values: Mapping[str, tuple[str, ...]]
    logins: tuple[Login, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether the broker accepts this identity: without an address it refuses."""
        return bool(self.values.get("email"))


@dataclass(frozen=True, repr=False)
class Canaries:
    """Everything that a proof needs to know of the sandbox."""

    sandbox_url: str
    personas: tuple[Persona, ...]


def read(path: Path) -> Canaries:
    """Return the canaries of a file. Raises CanaryFileError."""
    try:
        document = json.loads(path.read_text())
    except FileNotFoundError:
        raise CanaryFileError(
            f"{path} n’existe pas : lancez d’abord « make sandbox », qui l’écrit."
        ) from None
    except (OSError, ValueError) as failure:
        raise CanaryFileError(f"{path} est illisible ({type(failure).__name__}).") from None
    try:
        personas = tuple(_persona(entry) for entry in document["personas"])
        return Canaries(str(document["sandbox_url"]).rstrip("/"), personas)
    except (KeyError, TypeError, AttributeError):
        raise CanaryFileError(f"{path} n’a pas la forme attendue.") from None


def _persona(entry: Mapping[str, Mapping[str, object]]) -> Persona:
    values = {claim: _writings(value) for claim, value in entry["values"].items()}
    logins = tuple(_login(site, typed) for site, typed in entry.get("logins", {}).items())
    for login in logins:
        values[f"identifiant {login.provider}"] = (login.identifier,)
    return Persona(values, logins)


def _login(site: str, typed: object) -> Login:
    if not isinstance(typed, dict):
        raise TypeError("a login is an object")
    return Login(site, str(typed["identifier"]), str(typed["password"]))


def _writings(value: object) -> tuple[str, ...]:
    """Return the writings of a value, each once."""
    given = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(str(text) for text in given if text not in (None, "")))


def searched(persona: Persona) -> Iterator[tuple[str, str]]:
    """Yield each canary of a persona as (claim, text)."""
    for claim, texts in persona.values.items():
        yield from ((claim, text) for text in texts if not reason_to_leave_out(claim, text))


def reason_to_leave_out(claim: str, text: str) -> str:
    """Return why a value is not a canary, or "" when it is one."""
    if claim in NOT_CANARIES:
        return NOT_CANARIES[claim]
    return TOO_SHORT if len(text) < SHORTEST else ""


def left_out(personas: Iterable[Persona]) -> dict[str, str]:
    """Return the claims that nobody's value lets us look for, each with the reason."""
    reasons: dict[str, str] = {}
    kept: set[str] = set()
    for persona in personas:
        kept |= {claim for claim, _ in searched(persona)}
        for claim, texts in persona.values.items():
            for text in texts:
                reasons.setdefault(claim, reason_to_leave_out(claim, text))
    return {claim: why for claim, why in reasons.items() if claim not in kept}
