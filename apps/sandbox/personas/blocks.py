"""Which blocks a persona may have, and what each needs to have an effect: none is let through unread."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from apps.sandbox.identity_provider.catalogue import AMELI, LAPOSTE, SITES
from apps.sandbox.personas.faults import PersonaFault

# The slug is in a file that was exported; it names the persona and is no part of it.
NAMES: Final = (
    "name", "reason", "password", "identity", "accounts", "registers", "postal_code", "register",
)  # fmt: skip
_KNOWN: Final = frozenset({"slug", *NAMES})
_MEMBERS: Final = {
    "accounts": ("identifier", "claims", "state", "second_factor"),
    "registers": ("identifier", "claims"),
}
_HOUSEHOLD: Final = (
    "Un foyer ne se déclare pas ici\u202f: qui est connu des Impôts reçoit un avis où il est seul."
)
_POSTAL_CODE: Final = re.compile(r"[0-9]{5}")


def check(document: Mapping[str, object]) -> Iterator[PersonaFault]:
    """Yield what would be kept without any effect, and what an effect still needs."""
    for name in document:
        if name not in _KNOWN:
            unknown = f"Bloc inconnu. Les blocs sont {', '.join(NAMES)}."
            yield PersonaFault(str(name), _HOUSEHOLD if name == "household" else unknown)
    postal_code = document.get("postal_code")
    if "postal_code" in document and not _is_postal_code(postal_code):
        yield PersonaFault("postal_code", "5 chiffres attendus, entre guillemets.")
    for part, members in _MEMBERS.items():
        for site, block in _mapping(document.get(part)).items():
            for member in _mapping(block):
                if member not in members:
                    yield PersonaFault(
                        f"{part}.{site}", f"Les éléments connus sont {', '.join(members)}."
                    )
    yield from _second_factors(_mapping(document.get("accounts")))
    yield from _registers(document)


def _second_factors(accounts: Mapping[object, object]) -> Iterator[PersonaFault]:
    for slug, block in accounts.items():
        site = SITES.get(str(slug))
        if site and not site.second_factor_acr and "second_factor" in _mapping(block):
            yield PersonaFault(
                f"accounts.{slug}.second_factor",
                f"Le compte {site.organisation} ne demande jamais de second facteur.",
            )


def _registers(document: Mapping[str, object]) -> Iterator[PersonaFault]:
    registers, accounts = _mapping(document.get("registers")), _mapping(document.get("accounts"))
    for site in registers:
        if site in accounts:
            yield PersonaFault(f"registers.{site}", "Cette persona y a déjà un compte.")
    if LAPOSTE.slug in registers:
        yield PersonaFault(
            f"registers.{LAPOSTE.slug}",
            "La Poste ne consulte aucun registre\u202f: toute persona sans compte peut s’y inscrire.",
        )
    if AMELI.slug in registers and "postal_code" not in document:
        yield PersonaFault(
            "postal_code", "Sans code postal, le code provisoire ne peut pas être envoyé."
        )


def _is_postal_code(written: object) -> bool:
    return isinstance(written, str) and _POSTAL_CODE.fullmatch(written) is not None


def _mapping(block: object) -> Mapping[object, object]:
    return block if isinstance(block, Mapping) else {}
