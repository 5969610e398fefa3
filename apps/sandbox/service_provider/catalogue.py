"""The three services of the sandbox: two public ones and a private company."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from apps.protocol.acr import Acr


@dataclass(frozen=True)
class Service:
    """One service: what it says of itself, and what it asks FranceConnect for.

    the_name        the name with its article
    of_the_name     the same after « de »: « déconnecté de la Mairie », « déconnecté d’Eau »
    userinfo_alg    None for plain JSON
    procedure       what may be done there at a substantial level only, "" when there is nothing
    """

    slug: str
    name: str
    the_name: str
    of_the_name: str
    organisation: str
    type: str
    tagline: str
    reason: str
    client_id: str
    scope: str
    userinfo_alg: str | None
    procedure: str = ""

    @property
    def client_uri(self) -> str:
        """The home page of the service."""
        return f"{settings.SANDBOX_URL}/{self.slug}/"

    @property
    def redirect_uri(self) -> str:
        """Where FranceConnect sends the person back, as registered."""
        return f"{self.client_uri}connexion/retour"

    @property
    def post_logout_redirect_uri(self) -> str:
        """Where the person comes back after logging out, as registered."""
        return f"{self.client_uri}deconnexion"

    @property
    def pictogram(self) -> str:
        """The static file of the service's drawing."""
        return f"sandbox/{self.slug}.svg"

    @property
    def stylesheet(self) -> str:
        """The static file of the service's own colours."""
        return f"sandbox/{self.slug}.css"

    @property
    def acr_values(self) -> list[str]:
        """The levels that the service asks for, by what one does there."""
        return [Acr.EIDAS1.value, *([Acr.EIDAS2.value] if self.procedure else [])]

    @property
    def is_private(self) -> bool:
        """Tell a company: FranceConnect asks the person's consent for it."""
        return self.type == "private"


MAIRIE: Final = Service(
    slug="mairie",
    name="Mairie de Saint-Exemple",
    the_name="la Mairie de Saint-Exemple",
    of_the_name="de la Mairie de Saint-Exemple",
    organisation="Commune de Saint-Exemple",
    type="public",
    tagline="Vos démarches municipales, en ligne.",
    reason="Identifiez-vous pour inscrire vos enfants à la cantine ou demander un acte.",
    client_id="mairie-de-saint-exemple",
    scope="openid identite_pivot email preferred_username",
    userinfo_alg="ES256",
)
REGION: Final = Service(
    slug="region",
    name="Région Exemple",
    the_name="la Région Exemple",
    of_the_name="de la Région Exemple",
    organisation="Région Exemple",
    type="public",
    tagline="Vos aides et vos transports.",
    reason="Identifiez-vous pour demander une aide ou un abonnement de transport.",
    client_id="region-exemple",
    scope="openid given_name family_name birthdate",
    userinfo_alg="ES256",
    procedure="Demander une bourse d’études",
)
EAU: Final = Service(
    slug="eau",
    name="Eau d’Exemple",
    the_name="Eau d’Exemple",
    of_the_name="d’Eau d’Exemple",
    organisation="Eau d’Exemple SA",
    type="private",
    tagline="Votre contrat d’eau, sans papier.",
    reason="Identifiez-vous pour ouvrir un contrat ou payer une facture.",
    client_id="eau-d-exemple",
    scope="openid given_name family_name email",
    userinfo_alg=None,
)


def session_cookie(slug: str) -> str:
    """Return the name of a service's own session cookie; its path is the service's."""
    return f"{settings.SESSION_COOKIE_NAME}_{slug}"


SERVICES: Final = {service.slug: service for service in (MAIRIE, REGION, EAU)}
CHOICES: Final = [(service.slug, service.name) for service in SERVICES.values()]
