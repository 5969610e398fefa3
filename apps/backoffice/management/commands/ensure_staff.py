"""Make the accounts of the sandbox's agents; refused in production."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.backoffice import staff


class Command(BaseCommand):
    help = "Crée les comptes admin et auditeur du bac à sable, et leurs mots de passe dans VAR_DIR."

    def handle(self, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "Comptes de développement refusés en production : utilisez ensure_roles, puis "
                "createsuperuser."
            )
        try:
            file = staff.ensure(settings.VAR_DIR)
        except OSError:
            raise CommandError(
                f"Les comptes ne peuvent pas être écrits dans {settings.VAR_DIR} : vérifiez ses droits."
            ) from None
        self.stdout.write(f"Comptes des agents : {file}")
