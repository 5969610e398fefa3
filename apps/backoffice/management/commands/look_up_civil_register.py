"""Ask the civil register about one person, for support: the ticket is journalled, never the person."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Account
from apps.audit import events, journal
from apps.backoffice import civil_identity, register_report
from apps.civil_register import client
from apps.civil_register.failures import RegisterError
from apps.protocol import civil_register
from apps.protocol.civil_register import Finding
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import FRANCE, PivotIdentity

ACTOR = "manage.py:look_up_civil_register"
HELP = {
    "given_name": "prénoms, séparés par des espaces",
    "family_name": "nom de naissance",
    "birthdate": "AAAA-MM-JJ\u202f; 00 pour un jour ou un mois inconnu",
    "gender": "female, male ou unspecified",
    "birthplace": "code COG de la commune\u202f; vide pour une naissance à l’étranger",
    "birthcountry": "code COG du pays\u202f; 99100 est la France",
}


class Command(BaseCommand):
    help = "Cherche une personne à l’état civil et dit si elle a un compte. La consultation est notée au journal."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        for name in civil_identity.FIELDS:
            default = {"birthplace": "", "birthcountry": FRANCE}.get(name)
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                required=default is None,
                default=default,
                help=HELP[name],
            )
        parser.add_argument("--ticket", required=True, help=civil_identity.TICKET_HELP)

    def handle(self, *, ticket: str, **options: object) -> None:
        civil_identity.check_ticket(ticket)
        person = civil_identity.parse({name: options[name] for name in civil_identity.FIELDS})
        if not client.is_asked():
            raise CommandError("Aucun registre de l’état civil n’est relié (CIVIL_REGISTER_URL).")
        journal.append(events.CIVIL_REGISTER_CONSULTED, actor=ACTOR, ticket=ticket)
        self.stdout.write(f"Dossier\u202f: {ticket}")
        try:
            finding = client.find(person)
        except RegisterError as failure:
            self.stdout.write(register_report.of_account(_account_of(person)))
            raise CommandError(
                f"Le registre de l’état civil n’a pas répondu ({failure})."
            ) from None
        for line in register_report.of_finding(finding):
            self.stdout.write(line)
        self.stdout.write(register_report.of_account(_account_of(_civil(finding, person))))


def _civil(finding: Finding, asked: PivotIdentity) -> PivotIdentity:
    """Return the identity that names the account: the register's when it is usable."""
    try:
        return civil_register.identity_of(finding, today=civil_identity.latest_day())
    except ProtocolError:
        return asked


def _account_of(person: PivotIdentity) -> Account | None:
    return Account.objects.filter(identity_hash=civil_identity.hash_of(person)).first()
