"""Ask the civil register about one person, for support: the ticket is journalled, never the person.

The identity is in a file or on the standard input: arguments are read by `ps` and kept by shells.
"""

import argparse

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Account
from apps.audit import events, journal
from apps.backoffice import civil_identity, register_report
from apps.civil_register import client
from apps.civil_register.failures import RegisterError
from apps.protocol import civil_register
from apps.protocol.civil_register import SearchResult
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import PivotIdentity

ACTOR = "manage.py:look_up_civil_register"


class Command(BaseCommand):
    help = "Cherche une personne à l’état civil et dit si elle a un compte. La consultation est notée au journal."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        civil_identity.add_argument(parser, required=True)
        parser.add_argument("--ticket", required=True, help=civil_identity.TICKET_HELP)

    def handle(self, *, identity: str, ticket: str, **options: object) -> None:
        civil_identity.check_ticket(ticket)
        person = civil_identity.read(identity)
        if not client.is_asked():
            raise CommandError("Aucun registre de l’état civil n’est relié (CIVIL_REGISTER_URL).")
        journal.append(events.CIVIL_REGISTER_CONSULTED, actor=ACTOR, ticket=ticket)
        self.stdout.write(f"Dossier\u202f: {ticket}")
        try:
            result = client.find(person)
        except RegisterError as failure:
            self.stdout.write(register_report.of_account(_account_of(person)))
            raise CommandError(
                f"Le registre de l’état civil n’a pas répondu ({failure})."
            ) from None
        for line in register_report.of_result(result):
            self.stdout.write(line)
        self.stdout.write(register_report.of_account(_account_of(_civil(result, person))))


def _civil(result: SearchResult, asked: PivotIdentity) -> PivotIdentity:
    """Return the identity that names the account: the register's when it is usable."""
    try:
        return civil_register.identity_of(result, today=civil_identity.latest_day())
    except ProtocolError:
        return asked


def _account_of(person: PivotIdentity) -> Account | None:
    return Account.objects.filter(identity_hash=civil_identity.hash_of(person)).first()
