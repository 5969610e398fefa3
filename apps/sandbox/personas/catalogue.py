"""The personas as frozen values; those of the project are read once, from the files beside this module.

A file gives `identity`, what the civil status says, and `accounts`: for each identity provider the
identifier to type and, in `claims`, what that provider writes differently. A claim set to null is
one that this provider does not give. `state` is a value of `AccountState`, verified when absent.
`second_factor` is a TOTP secret in base 32.
`registers` has the same shape as `accounts`: who knows this person without an account yet.
"""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.personas import register

FOLDER = Path(__file__).parent
PASSWORD = "chateau-de-sable"  # noqa: S105 printed on every page that asks for it


@dataclass(frozen=True)
class Account:
    """What one identity provider knows of a persona: the canonical identifier and the claims."""

    site: str
    identifier: str
    sub: str
    claims: Mapping[str, str]
    state: str = "verified"
    second_factor: str = ""

    @property
    def displayed_identifier(self) -> str:
        """The identifier as it is printed and may be typed."""
        return SITES[self.site].identifier.display(self.identifier)


@dataclass(frozen=True)
class Persona:
    """One fictional person, and why the sandbox needs them.

    identity      what the civil status says, as the document writes it
    is_own        created by somebody here, not part of the project
    registers     the accounts that this person may yet create, by identity provider
    postal_code   where letters reach them, "" when the sandbox sends them none
    register      what the civil register answers, when it did not simply find them
    """

    slug: str
    name: str
    reason: str
    password: str
    accounts: Mapping[str, Account]
    identity: Mapping[str, str]
    is_own: bool = False
    registers: Mapping[str, Account] = field(default_factory=dict)
    postal_code: str = ""
    register: Mapping[str, Any] = field(default_factory=dict)

    def known_at(self, site: str) -> Account | None:
        """Return what this organisation knows of the person, account or not, or None."""
        return self.accounts.get(site) or self.registers.get(site)


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
    accounts, registers = (
        {
            site: _account(site, slug, identity, written)
            for site, written in document.get(part, {}).items()
        }
        for part in ("accounts", "registers")
    )
    return Persona(
        slug=slug,
        name=document["name"],
        reason=document["reason"].strip(),
        password=document["password"],
        accounts=accounts,
        identity=identity,
        is_own=is_own,
        registers=registers,
        postal_code=str(document.get("postal_code", "")),
        register=register.read(document.get("register")),
    )


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
        state=str(written.get("state", "verified")),
        second_factor=str(written.get("second_factor", "")),
    )
