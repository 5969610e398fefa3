"""Prepare the sandbox: keys, secrets, personas, and the files its partners register with."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand

from apps.protocol import pivot
from apps.sandbox import partners, private_files
from apps.sandbox.enrolment import drafts
from apps.sandbox.identity_provider import registration, sign_in
from apps.sandbox.identity_provider.catalogue import SITES
from apps.sandbox.personas import accounts, catalogue, own
from apps.sandbox.personas.catalogue import Persona

CANARIES_FILE = "canaries.json"
CLOSED_FILE = "closed-account.json"
CLOSED = "bob-bloque"  # whose account `manage.py close_account` closes, as support would
# Their values are rare words, written in every way; the second one is an identity that is refused.
CANARIES = ("marie-ange-depee-oeuvre", "noe-sans-mail")


class Command(BaseCommand):
    help = (
        "Prépare le bac à sable\u202f: clés, secrets, comptes des personas, fichiers de partenaires. "
        "Peut être relancée\u202f: clés et secrets sont gardés."
    )

    def handle(self, *args: str, **options: object) -> None:
        """Do what is missing, rewrite what follows from the settings."""
        for site in SITES.values():
            registration.ensure_keys(site)
        private_files.ensure_client_secrets(partners.client_ids())
        count = accounts.load(own.everybody())
        sign_in.purge()
        drafts.purge()
        SessionStore.clear_expired()
        self.stdout.write(f"{count} comptes de personas.")
        for name, document in (
            (partners.IDENTITY_PROVIDERS_FILE, partners.identity_providers_document()),
            (partners.SERVICE_PROVIDERS_FILE, partners.service_providers_document()),
            (CANARIES_FILE, canaries_document()),
            (CLOSED_FILE, closed_document()),
        ):
            self.stdout.write(str(private_files.write(name, document)))


def canaries_document() -> dict[str, object]:
    """Return who to look for in all that FranceConnect keeps: `manage.py prove_privacy` reads it."""
    people = (catalogue.find(slug) for slug in CANARIES)
    return {
        "sandbox_url": settings.SANDBOX_URL,
        "personas": [_canary(persona) for persona in people if persona],
    }


def closed_document() -> dict[str, object]:
    """Return the civil status of the person whose account is closed."""
    persona = catalogue.find(CLOSED)
    claims = next(iter(persona.accounts.values())).claims if persona else {}
    return {name: claims.get(name, "") for name in pivot.PIVOT_FIELDS}


def _canary(persona: Persona) -> dict[str, object]:
    accounts = [{**account.claims, "sub": account.sub} for account in persona.accounts.values()]
    status = {name: value for name, value in persona.identity.items() if value}
    # The civil register writes names in capitals, and what it writes reaches the services.
    registered = {"family_name": persona.identity["family_name"].upper()}
    known = [status, registered, *accounts]
    claims = dict.fromkeys(claim for account in known for claim in account)
    return {
        "values": {name: _each_once(one.get(name, "") for one in known) for name in claims},
        "logins": {
            site: {"identifier": account.displayed_identifier, "password": persona.password}
            for site, account in persona.accounts.items()
        },
    }


def _each_once(writings: Iterable[str]) -> list[str]:
    return [writing for writing in dict.fromkeys(writings) if writing]
