"""Judge an issuer from the command line, registered or not; nothing is saved."""

import argparse
import json
import time
from typing import Final

from django.core.management.base import BaseCommand

from apps.backoffice import journalling
from apps.backoffice.journalling import Actor
from apps.identity_providers.analysis import printing, running
from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.models import IdentityProvider

EXIT: Final = {Severity.CONFORM: 0, Severity.WARNING: 1, Severity.BLOCKING: 2}


class Command(BaseCommand):
    help = (
        "Analyse l’émetteur d’un fournisseur d’identité, inscrit ou non ; rien n’est enregistré. "
        "Code de sortie : 0 conforme, 1 à vérifier, 2 bloquant."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "issuer", metavar="ÉMETTEUR", help="adresse exacte que le fournisseur donne"
        )
        parser.add_argument("--json", action="store_true", help="sortie pour une machine")

    def handle(self, *, issuer: str, json: bool, **options: object) -> None:
        provider = IdentityProvider.find_by_issuer(issuer)
        report = running.analyse(issuer, now=time.time(), provider=provider)
        if report.requests:
            actor = Actor("manage.py:analyse_identity_provider")
            journalling.identity_provider_analysed(report, actor, provider=provider)
        if json:
            self.stdout.write(_dumped(printing.as_json(report)))
        else:
            for line in printing.lines(report):
                self.stdout.write(line)
        if code := EXIT[report.verdict]:
            raise SystemExit(code)


def _dumped(report: dict[str, object]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=2)
