"""Prepare the sandbox: keys, secrets, personas, and the files its partners register with."""

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand

from apps.sandbox import partners, private_files
from apps.sandbox.identity_provider import registration, sign_in
from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.personas import accounts


class Command(BaseCommand):
    help = (
        "Prépare le bac à sable\u202f: clés, secrets, comptes des personas, fichiers de partenaires. "
        "Peut être relancée : clés et secrets sont gardés."
    )

    def handle(self, *args: str, **options: object) -> None:
        """Do what is missing, rewrite what follows from the settings."""
        for site in SITES.values():
            registration.ensure_keys(site)
        private_files.ensure_client_secrets(partners.client_ids())
        count = accounts.load()
        sign_in.purge()
        SessionStore.clear_expired()
        self.stdout.write(f"{count} comptes de personas.")
        for name, document in (
            (partners.IDENTITY_PROVIDERS_FILE, partners.identity_providers_document()),
            (partners.SERVICE_PROVIDERS_FILE, partners.service_providers_document()),
        ):
            self.stdout.write(str(private_files.write(name, document)))
