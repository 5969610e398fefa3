"""Prove, on a sandbox that runs, that the broker keeps nothing personal."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.backoffice.privacy import canaries, encodings, journeys, places, proof, report
from apps.backoffice.privacy.browser import JourneyStopped
from apps.backoffice.privacy.canaries import Canaries, Persona
from apps.notifications.models import PENDING, Message

MAIL_PATIENCE = 30.0  # seconds
CANARY_FILE = Path("sandbox") / "canaries.json"


class Command(BaseCommand):
    help = (
        "Joue des connexions entières avec des personas canaris, puis cherche leurs informations "
        "sous tous les codages dans tout ce que FranceConnect conserve. Code de sortie 1 si une "
        "seule est trouvée."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two options: other canaries, or a search alone."""
        parser.add_argument(
            "--canaries", type=Path, default=Path(settings.VAR_DIR) / CANARY_FILE, metavar="FICHIER",
            help="personas à jouer et à chercher (VAR_DIR/sandbox/canaries.json)",
        )  # fmt: skip
        parser.add_argument(
            "--no-journey", action="store_true", help="chercher sans jouer de connexion"
        )

    def handle(self, *args: str, **options: Any) -> None:
        """Play, wait for the mails, search, tell."""
        file: Path = options["canaries"]
        try:
            known = canaries.read(file)
        except canaries.CanaryFileError as failure:
            raise CommandError(str(failure)) from None
        since = file.stat().st_mtime if options["no_journey"] else time.time()
        if not options["no_journey"]:
            self._play(known)
            self.wait_for_mails()
        self._prove(known.personas, since=since, canary_file=file)

    def _play(self, known: Canaries) -> None:
        for persona in known.personas:
            try:
                for told in journeys.play(persona, known.sandbox_url):
                    self.stdout.write(f"Parcours joué : {told}.")
            except requests.RequestException as failure:
                raise CommandError(
                    f"Le bac à sable ne répond pas ({known.sandbox_url}, {type(failure).__name__}) : "
                    "lancez « make sandbox » dans un autre terminal, ou cherchez seulement, avec "
                    "--no-journey."
                ) from None
            except JourneyStopped as failure:
                raise CommandError(f"Un parcours s’est arrêté : {failure}.") from None

    def wait_for_mails(self, patience: float = MAIL_PATIENCE) -> None:
        """Wait until the outbox is empty, or say how many messages it still holds."""
        deadline = time.monotonic() + patience
        while (waiting := _waiting_mails()) and time.monotonic() < deadline:
            time.sleep(0.2)
        if waiting:
            self.stdout.write(
                f"{waiting} courriel(s) encore à envoyer après {patience:.0f} s : leurs "
                "destinataires scellés font partie de la fouille."
            )
        else:
            self.stdout.write("Courriels : tous envoyés.")

    def _prove(self, personas: Iterable[Persona], *, since: float, canary_file: Path) -> None:
        people = tuple(personas)
        needles = encodings.needles_of(people)
        self._tell(report.sought(people, len(needles)))
        survey = places.survey(since=since, canary_file=canary_file)
        begin = time.monotonic()
        found = proof.search(needles, survey.places)
        self._tell(report.searched(found, survey.left_out))
        self._tell(report.verdict(found))
        seconds = time.monotonic() - begin
        self.stdout.write(f"Fouille du {timezone.localtime():%d/%m/%Y à %H:%M}, {seconds:.0f} s.")
        if found.found:
            raise CommandError(f"{found.found} fuite(s).")

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _waiting_mails() -> int:
    return Message.objects.filter(PENDING).count()
