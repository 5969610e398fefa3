"""A person as support names them: six fields, judged by the law, never printed back nor journalled."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.management.base import CommandError

from apps.audit.facts import VOCABULARY
from apps.backoffice import partner_import
from apps.identity_providers.trial import wording
from apps.protocol import pivot, subject
from apps.protocol.pivot import PivotIdentity

TICKET_HELP: Final = "numéro du dossier de support, noté au journal\u202f: 1234, SUP-1234"


def add_argument(options: argparse._ActionsContainer, *, required: bool = False) -> None:
    """Add --identity: a file or the standard input, for arguments are read by `ps`."""
    options.add_argument(
        "--identity",
        metavar="FICHIER",
        required=required,
        help=f"{partner_import.FILE_HELP}, avec {', '.join(pivot.PIVOT_FIELDS)}",
    )


def parse(claims: Mapping[str, object]) -> PivotIdentity:
    """Return the identity of six fields. Raises CommandError: the fields and the rules, no value."""
    today = latest_day()
    flaws = {field: pivot.flaw_of(field, claims, today=today) for field in pivot.PIVOT_FIELDS}
    told = [f"{field} ({wording.FLAWS[flaw]})" for field, flaw in flaws.items() if flaw]
    if told:
        raise CommandError(f"Identité refusée : {', '.join(told)}.")
    return pivot.parse_pivot(claims, today=today)


def latest_day() -> date:
    """Return the last day on which a person may have been born, wherever the agent is."""
    return datetime.now(UTC).date() + timedelta(days=1)


def read(file: str) -> PivotIdentity:
    """Return the identity of a file, or of the standard input for `-`: a JSON object with the six fields.

    Raises CommandError, which repeats no value.
    """
    try:
        document = json.loads(partner_import.read(file))
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CommandError(f"Un objet JSON est attendu, avec {', '.join(pivot.PIVOT_FIELDS)}.")
    return parse(document)


def hash_of(person: PivotIdentity) -> str:
    """Return the hash under which the account of this person is kept."""
    return subject.identity_hash(person, key=settings.IDENTITY_HASH_KEY)


def check_ticket(ticket: str) -> None:
    """Refuse what the journal does not take as a ticket: a number, with a prefix. Raises CommandError."""
    pattern = VOCABULARY["ticket"].pattern
    if pattern is None or not pattern.fullmatch(ticket):
        raise CommandError(
            "Le dossier est un numéro, avec un préfixe ou non\u202f: 1234, SUP-1234."
        )
