"""Create or change identity providers from a partner file."""

import argparse

from django.core.management.base import BaseCommand

from apps.backoffice import journalling, partner_import
from apps.backoffice.journalling import Actor
from apps.identity_providers import importing


class Command(BaseCommand):
    help = "Crée ou modifie des fournisseurs d’identité (JSON ou YAML), tous ou aucun."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help=partner_import.FILE_HELP)

    def handle(self, *, file: str, **options: object) -> None:
        changes = partner_import.write(
            partner_import.read(file),
            importing.import_text,
            journalling.identity_provider_changed,
            file=file,
            actor=Actor("manage.py:import_identity_providers"),
            complain=self.stderr.write,
        )
        for line in partner_import.report(changes):
            self.stdout.write(line)
