"""Every page of the reference, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from franceconnect.reference import addresses, environment, law, registers

COMMAND: Final = "make reference"


@dataclass(frozen=True)
class Page:
    """One page: its file, its title, the source that it prints, and how."""

    name: str
    title: str
    source: str
    body: Callable[[], str]

    @property
    def text(self) -> str:
        """Return the whole page."""
        header = f"Page écrite par `{COMMAND}` d’après `{self.source}` : ne pas la modifier."
        return f"# {self.title}\n\n> {header}\n\n{self.body().rstrip()}\n"


PAGES: Final = (
    Page("errors", "Erreurs", "apps/protocol/errors.py", law.error_page),
    Page("claims", "Claims", "apps/protocol/claims.py", law.claim_page),
    Page("scopes", "Scopes", "apps/protocol/scopes.py", law.scope_page),
    Page("journey", "Parcours d’une connexion", "apps/protocol/journey.py", law.journey_page),
    Page("events", "Événements du journal", "apps/audit/events.py", registers.event_page),
    Page(
        "partner-files",
        "Fichiers de partenaires",
        "apps/*/importing.py",
        registers.partner_page,
    ),
    Page(
        "settings",
        "Réglages",
        "franceconnect/settings/",
        environment.environment_page,
    ),
    Page("urls", "Adresses", "franceconnect/urls/", addresses.address_page),
)
