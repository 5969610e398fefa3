"""Move the clock of the sandbox, or tell the time there."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.sandbox import clock

BACK = "retour"


class Command(BaseCommand):
    help = "Avance l’horloge du bac à sable, la ramène au présent, ou dit l’heure qu’il y est."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one step, or none."""
        parser.add_argument("step", nargs="?", metavar="PAS", help=f"+1h, +8d, +37m ou {BACK}")

    def handle(self, *args: str, **options: str | None) -> None:
        """Say the time there, after the move if there is one."""
        try:
            there = _move(options["step"])
        except clock.WrongStep as refusal:
            raise CommandError(
                f"{refusal} Ou «\u202f{BACK}\u202f» pour revenir au présent."
            ) from None
        local = timezone.localtime(there)
        self.stdout.write(f"Dans le bac à sable, nous sommes le {local:%d/%m/%Y à %H h %M}.")


def _move(step: str | None) -> datetime:
    if step is None:
        return clock.now()
    return clock.back_to_the_present() if step == BACK else clock.advance(clock.parse(step))
