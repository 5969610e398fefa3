"""Create or change services from a partner file."""

import argparse

from django.core.management.base import BaseCommand

from apps.backoffice import journalling, partner_import
from apps.backoffice.journalling import Actor
from apps.service_providers import importing


class Command(BaseCommand):
    help = "Crée ou modifie des fournisseurs de service (JSON ou YAML), tous ou aucun."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help=partner_import.FILE_HELP)

    def handle(self, *, file: str, **options: object) -> None:
        changes = partner_import.write(
            partner_import.read(file),
            importing.import_text,
            journalling.service_provider_changed,
            file=file,
            actor=Actor("manage.py:import_service_providers"),
            complain=self.stderr.write,
        )
        for change in changes:
            if change.issued_secret:
                shown = f"{change.key} : {change.issued_secret}"
                self.stdout.write(f"client_secret affiché une seule fois – {shown}")
            if change.relaxed:
                words = ", ".join(change.partner.relaxations)
                self.stderr.write(f"Politique assouplie – {change.key} : {words}")
        for line in partner_import.report(changes):
            self.stdout.write(line)
