"""Change our private keys in steps that no partner feels: announce, activate, retire.

Each step is a line of the journal for each key, with the names of the keys (`kid`) alone. The lines
are written before the file and committed after it: a step that cannot be journalled changes no key,
unless the database fails between the two.
"""

import argparse
import fcntl
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts import private_files
from apps.audit import events, journal
from apps.broker.op import keys as op_keys
from apps.protocol import client_keys, jose, key_rotation
from apps.protocol.key_rotation import Document, Entry, RotationError

FILES = {
    "client": (lambda: Path(settings.CLIENT_KEYS_FILE), client_keys.ALGORITHMS),
    "signature": (lambda: Path(settings.SIGNING_KEYS_FILE), op_keys.ALGORITHMS),
}
EVENTS = {
    "annoncer": events.OUR_KEY_ANNOUNCED,
    "activer": events.OUR_KEY_ACTIVATED,
    "retirer": events.OUR_KEYS_RETIRED,
}
ACTOR = "manage.py:rotate_keys"
COMPROMISED = "compromised"
_NOT_IN_A_KID = re.compile(r"[^A-Za-z0-9_-]")
REFUSALS = {
    "a key waits already": "une clé est déjà annoncée",
    "no key waits": "aucune clé n’est annoncée",
    "no former key": "aucune ancienne clé à retirer",
    "too early": "trop tôt : nos partenaires gardent nos clés jusqu’à 24 heures",
}


class Command(BaseCommand):
    help = (
        "Remplace nos clés sans refus : annoncer publie une nouvelle clé, activer la met en service, "
        "retirer ôte les anciennes. Après chaque étape, redémarrer FranceConnect ; 24 heures entre deux."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", choices=FILES, help="client ou signature")
        parser.add_argument(
            "step",
            metavar="ÉTAPE",
            choices=("état", "annoncer", "activer", "retirer"),
            help="état, annoncer, activer ou retirer",
        )
        parser.add_argument("alg", metavar="ALGORITHME", nargs="*", help="tous s’il n’y en a pas")
        parser.add_argument(
            "--sans-attendre", action="store_true", dest="hurried",
            help="une clé est compromise : ne pas attendre 24 heures",
        )  # fmt: skip

    def handle(
        self, *, file: str, step: str, alg: list[str], hurried: bool, **options: object
    ) -> None:
        """Take one step for each algorithm, all of them or none."""
        find_path, known = FILES[file]
        if unknown := set(alg) - set(known):
            raise CommandError(
                f"Algorithme inconnu : {', '.join(sorted(unknown))} ; attendu : {', '.join(known)}."
            )
        path = find_path()
        with _lock_of(path) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            document = _read(path)
            if step != "état":
                lines = []
                for name in alg or known:
                    before, document = document, _step(document, step, name, hurried=hurried)
                    lines.append(_line(file, step, name, before, document, hurried=hurried))
                with transaction.atomic():
                    journal.append_many(lines)
                    private_files.replace(path, json.dumps(document, indent=2) + "\n")
        for name in known:
            self.stdout.write(_state(document, name))
        if step != "état":
            self.stderr.write("Redémarrez FranceConnect pour qu’il lise ses clés.")


def _lock_of(path: Path) -> TextIO:
    try:
        return path.with_name(f"{path.name}.lock").open("w")
    except OSError:
        raise CommandError(
            f"Le dossier {path.parent} n’existe pas, ou rien n’y est écrit."
        ) from None


def _read(path: Path) -> dict[str, object]:
    try:
        return jose.parse_json(path.read_bytes())
    except OSError:
        raise CommandError(f"{path} n’existe pas, ou ne peut pas être lu.") from None
    except jose.JoseError:
        raise CommandError(f"{path} n’est pas un fichier de clés.") from None


def _step(document: dict[str, object], step: str, alg: str, *, hurried: bool) -> dict[str, object]:
    now = int(time.time())
    try:
        if step == "annoncer":
            return key_rotation.announce(document, client_keys.generate_jwk(alg), now=now)
        if step == "activer":
            return key_rotation.activate(document, alg, now=now, hurried=hurried)
        return key_rotation.retire(document, alg, now=now, hurried=hurried)
    except RotationError as refusal:
        raise CommandError(f"{alg} : {REFUSALS[str(refusal)]}. Rien n’a été changé.") from refusal


def _line(
    file: str, step: str, alg: str, before: Document, after: Document, *, hurried: bool
) -> journal.Line:
    """Return the line of one step: the key that comes, those that it replaces."""
    new = (key_rotation.announced if step == "annoncer" else key_rotation.active)(after, alg)
    old = key_rotation.former if step == "retirer" else _active
    return journal.build(
        EVENTS[step],
        actor=ACTOR,
        object=f"{file}_keys:{alg}",
        kid=_names([new] if new else []),
        former_kids=_names(old(before, alg)),
        reason=COMPROMISED if hurried else "",
    )


def _active(document: Document, alg: str) -> list[Entry]:
    key = key_rotation.active(document, alg)
    return [key] if key else []


def _names(keys: Sequence[Entry]) -> str:
    """Return the `kid` of each key as the journal accepts it: an operator may have chosen one."""
    return " ".join(_NOT_IN_A_KID.sub("-", str(key.get("kid") or "-"))[:64] for key in keys)


def _state(document: dict[str, object], alg: str) -> str:
    active, waiting = key_rotation.active(document, alg), key_rotation.announced(document, alg)
    parts = [f"active {active['kid']}" if active else "aucune clé"]
    if waiting:
        parts.append(f"annoncée {waiting['kid']}")
    parts += [f"ancienne {key['kid']}" for key in key_rotation.former(document, alg)]
    return f"{alg} : {', '.join(parts)}"
