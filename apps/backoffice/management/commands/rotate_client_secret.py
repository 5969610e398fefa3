"""Give a service a new client secret; the former one is dead at once."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.backoffice import journalling
from apps.backoffice.journalling import Actor
from apps.identity_providers import history
from apps.service_providers.models import ServiceProvider


class Command(BaseCommand):
    help = (
        "Renouvelle le secret d’un service : le nouveau est affiché une fois, l’ancien est refusé."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("client_id", metavar="CLIENT_ID", help="client_id du service")

    def handle(self, *, client_id: str, **options: object) -> None:
        with transaction.atomic():
            services = ServiceProvider.objects.select_for_update(of=("self",))
            service = services.filter(client_id=client_id).first()
            if service is None:
                raise CommandError(f"Aucun service n’a pour client_id « {client_id} ».")
            actor = Actor("manage.py:rotate_client_secret")
            history.tell(actor=actor.name, reason="commande rotate_client_secret")
            secret = service.rotate_secret()
            journalling.client_secret_rotated(service, actor)
        self.stderr.write(f"Nouveau client_secret de {service}, affiché une seule fois :")
        self.stdout.write(secret)
