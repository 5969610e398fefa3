"""manage.py create_journal_partitions: the monthly partitions of the journal, ahead of time."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.audit import partitions

MOST = 120  # ten years
OUTCOMES = {
    "created": "créée",
    "present": "déjà présente",
    "blocked": "non créée : le mois est déjà dans la partition par défaut",
}


class Command(BaseCommand):
    help = "Crée les partitions mensuelles du journal : le mois en cours et les suivants."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--months",
            type=int,
            default=partitions.MONTHS_AHEAD,
            help="nombre de mois d’avance (3 par défaut)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        months: int = options["months"]
        if not 0 <= months <= MOST:
            raise CommandError(f"Le nombre de mois d’avance va de 0 à {MOST}.")
        today = datetime.now(UTC).date()
        for partition in partitions.create(today=today, months_ahead=months):
            self.stdout.write(f"{partition.name} : {OUTCOMES[partition.outcome]}")
