"""Make the groups of agents say what the roles say; to run after each migration in production."""

from django.core.management.base import BaseCommand

from apps.backoffice import roles


class Command(BaseCommand):
    help = "Crée les groupes administrateur et auditeur, ou remet leurs permissions."

    def handle(self, **options: object) -> None:
        roles.ensure()
