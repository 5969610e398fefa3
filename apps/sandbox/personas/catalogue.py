"""The personas as frozen values; those of the project are read once, from the files beside this module.

A file gives `identity`, what the civil status says, and `accounts`: for each identity provider the
identifier to type and, in `claims`, what that provider writes differently. A claim set to null is
one that this provider does not give.
"""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from apps.sandbox.identity_provider.catalogue import SITES

FOLDER = Path(__file__).parent
PASSWORD = "chateau-de-sable"  # noqa: S105 printed on every page that asks for it


@dataclass(frozen=True)
class Account:
    """What one identity provider knows of a persona: the canonical identifier and the claims."""

    site: str
    identifier: str
    sub: str
    claims: Mapping[str, str]

    @property
    def displayed_identifier(self) -> str:
        """The identifier as it is printed and may be typed."""
        return SITES[self.site].identifier.display(self.identifier)


@dataclass(frozen=True)
class Persona:
    """One fictional person, and why the sandbox needs them.

    identity   what the civil status says, as the document writes it
    is_own     created by somebody here, not part of the project
    """

    slug: str
    name: str
    reason: str
    password: str
    accounts: Mapping[str, Account]
    identity: Mapping[str, str]
    is_own: bool = False


@functools.cache
def everybody() -> tuple[Persona, ...]:
    """Return the project's personas in the order in which a newcomer meets them: by their file's number."""
    return tuple(read(slug, yaml.safe_load(path.read_text())) for slug, path in files().items())


def find(slug: str) -> Persona | None:
    """Return the project's persona of that name, or None."""
    return next((persona for persona in everybody() if persona.slug == slug), None)


def files() -> dict[str, Path]:
    """Return the files of the project's personas, by slug, in their order."""
    return {path.stem.partition("-")[2]: path for path in sorted(FOLDER.glob("*.yaml"))}


def read(slug: str, document: Mapping[str, Any], *, is_own: bool = False) -> Persona:
    """Return the persona that a document describes; `checking` says whether it may."""
    identity = document["identity"]
    accounts = {
        site: _account(site, slug, identity, written)
        for site, written in document["accounts"].items()
    }
    name, reason = document["name"], document["reason"].strip()
    return Persona(slug, name, reason, document["password"], accounts, identity, is_own)


def sub_of(site: str, slug: str) -> str:
    """Return the identifier of a persona at one identity provider: the same on every machine."""
    return hashlib.sha256(f"{site}/{slug}".encode()).hexdigest()[:32]


def _account(
    site: str, slug: str, identity: Mapping[str, str], written: Mapping[str, Any]
) -> Account:
    claims = {**identity, **written.get("claims", {})}
    return Account(
        site=site,
        identifier=SITES[site].identifier.parse(str(written["identifier"])),
        sub=sub_of(site, slug),
        claims={name: value for name, value in claims.items() if value is not None},
    )
