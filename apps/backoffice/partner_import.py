"""What the two import commands share: read a file, write all or nothing, journal, report.

They work on a running platform and take effect at the next request: nothing of a partner is kept
in a process but what it publishes itself.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from apps.backoffice.journalling import Actor
from apps.identity_providers import history, partner_files
from apps.identity_providers.partner_files import PartnerChange, PartnerFileError

C = TypeVar("C", bound=PartnerChange[Any])

STANDARD_INPUT: Final = "-"
FILE_HELP: Final = "fichier JSON ou YAML, ou - pour l’entrée standard"
UNREADABLE: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "ce fichier n’existe pas",
    IsADirectoryError: "c’est un dossier",
    PermissionError: "ses droits l’interdisent",
}


def read(file: str) -> str:
    """Return the text of a file, or of the standard input for `-`. Raises CommandError."""
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as failure:
        why = UNREADABLE.get(type(failure), "erreur du système de fichiers")
        raise CommandError(f"Impossible de lire {file} : {why}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} n’est pas du texte UTF-8.") from None


def write(
    text: str,
    import_text: Callable[[str], Sequence[C]],
    journalise: Callable[[C, Actor], None],
    *,
    file: str,
    actor: Actor,
    complain: Callable[[str], object],
) -> Sequence[C]:
    """Return the changes that a file made, each journalled in the same transaction.

    file       its name, which the history gives as the reason
    complain   receives the faults of a refused file, one sentence a call
    Raises CommandError: nothing was written.
    """
    try:
        with transaction.atomic():
            history.tell(actor=actor.name, reason=_reason(file))
            changes = import_text(text)
            for change in changes:
                journalise(change, actor)
            return changes
    except PartnerFileError as failure:
        for fault in failure.faults:
            complain(fault)
        count = "1 erreur" if len(failure.faults) == 1 else f"{len(failure.faults)} erreurs"
        raise CommandError(f"{count} : rien n’a été importé.") from None
    except IntegrityError:
        raise CommandError(
            "Un autre changement a eu lieu pendant l’import : rien n’a été importé, recommencez."
        ) from None


def _reason(file: str) -> str:
    if file == STANDARD_INPUT:
        return "import depuis l’entrée standard"
    return f"import du fichier {Path(file).name}"


def report(changes: Sequence[C]) -> list[str]:
    """Return what happened, one line a partner created or modified, then the counts."""
    lines = []
    for change in changes:
        if change.created:
            lines.append(f"créé : {change.key}")
        elif change.fields:
            lines.append(f"modifié : {change.key} ({', '.join(sorted(change.fields))})")
    return [*lines, partner_files.summary(changes)]
