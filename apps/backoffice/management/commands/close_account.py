"""Close a citizen's account, or reopen it: the person can no longer sign in (Y180001), or can again."""

import argparse
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts.models import Account
from apps.audit import events, journal
from apps.backoffice import civil_identity

ACTOR = "manage.py:close_account"


class Command(BaseCommand):
    help = (
        "Ferme le compte d’un usager, ou le rouvre. L’usager est désigné par son compte pseudonyme "
        "ou par son identité, lue dans un fichier et jamais conservée."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--account", type=UUID, metavar="UUID", help="compte pseudonyme")
        civil_identity.add_argument(whom)
        parser.add_argument("--ticket", required=True, help=civil_identity.TICKET_HELP)
        parser.add_argument("--reopen", action="store_true", help="rouvrir au lieu de fermer")

    def handle(
        self,
        *,
        account: UUID | None,
        identity: str | None,
        ticket: str,
        reopen: bool,
        **options: object,
    ) -> None:
        civil_identity.check_ticket(ticket)
        event = events.ACCOUNT_REOPENED if reopen else events.ACCOUNT_CLOSED
        word = "rouvert" if reopen else "fermé"
        with transaction.atomic():
            found = _by_key(account) if account else _by_identity(identity or "")
            if not found.turn(active=reopen):
                self.stdout.write(f"Le compte {found} était déjà {'ouvert' if reopen else word}.")
                return
            journal.append(event, actor=ACTOR, account=found.pk, ticket=ticket)
        self.stdout.write(f"Compte {found} {word}, dossier {ticket}.")


def _by_identity(file: str) -> Account:
    """Return the account of a person; one who never signed in can be closed beforehand."""
    person = civil_identity.read(file)
    return Account.kept_for(civil_identity.hash_of(person))


def _by_key(key: UUID) -> Account:
    account = Account.objects.filter(pk=key).first()
    if account is None:
        raise CommandError("Aucun compte n’a cet identifiant.")
    return account
