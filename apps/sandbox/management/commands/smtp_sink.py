"""Run the SMTP server of the sandbox in the foreground."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.sandbox.mailbox import sink


class Command(BaseCommand):
    help = "Reçoit les courriels du bac à sable et les garde dans sa boîte."
    requires_system_checks = ()

    def handle(self, *args: str, **options: object) -> None:
        """Serve until the process is told to stop."""
        port = settings.SMTP_PORT
        self.stdout.write(f"Messagerie à l’écoute sur {sink.HOST}:{port}.")
        try:
            asyncio.run(sink.serve(port))
        except OSError:
            raise CommandError(
                f"Le port {port} est déjà pris, ou réservé. Choisissez-en un autre avec SMTP_PORT."
            ) from None
