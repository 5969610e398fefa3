"""The three identity providers of the sandbox.

They speak one protocol in three ways, as the real ones do: Impôts the simplest one, Assurance Maladie
with a signed identity, La Poste with an encrypted one and without any secret. A broker that works
with the three has met what it announces.
Neither name nor colour is meant to be taken for the real organisation's.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from apps.protocol import client_assertion
from apps.protocol.jose import Alg
from apps.protocol.jwe import KeyManagement
from apps.sandbox.identity_provider.identifiers import (
    EMAIL,
    SOCIAL_SECURITY_NUMBER,
    TAX_NUMBER,
    Identifier,
)


@dataclass(frozen=True)
class IdentityProviderSite:
    """One site: what it says of itself, and how it speaks OpenID Connect."""

    slug: str
    title: str
    organisation: str
    promise: str
    account: str
    hint: str
    enrolment: str
    identifier: Identifier
    id_token_alg: Alg
    userinfo_alg: Alg | None
    token_endpoint_auth_method: str
    by_discovery: bool
    assertion_alg: Alg = Alg.ES256
    userinfo_encryption: KeyManagement | None = None
    acr: str = "eidas1"
    amr: tuple[str, ...] = ("pwd",)
    second_factor_acr: str = ""

    @property
    def acr_values(self) -> list[str]:
        """The levels that the site delivers, with a second factor if it knows one."""
        return [acr for acr in (self.acr, self.second_factor_acr) if acr]

    def acr_of(self, *, had_second_factor: bool) -> str:
        """Return the level that a sign-in reached."""
        return self.second_factor_acr if had_second_factor else self.acr

    def amr_of(self, *, had_second_factor: bool) -> list[str]:
        """Return the methods of a sign-in (RFC 8176)."""
        return [*self.amr, "mfa"] if had_second_factor else list(self.amr)

    @property
    def issuer(self) -> str:
        """The origin of the site, which is its issuer identifier (Discovery §3)."""
        return str(settings.IDENTITY_PROVIDER_ORIGINS[self.slug])

    @property
    def sign_in_address(self) -> str:
        """Where one signs in to the site itself, for messages."""
        return f"{self.issuer}/connexion/"

    @property
    def shares_a_secret(self) -> bool:
        """Tell whether the broker proves itself here by a secret rather than by its keys."""
        return self.token_endpoint_auth_method != client_assertion.METHOD

    @property
    def pictogram(self) -> str:
        """The static file of the drawing that stands for this account, here and at the broker."""
        return f"franceconnect/pictograms/{self.slug}.svg"

    @property
    def stylesheet(self) -> str:
        """The static file of the site's own colours."""
        return f"sandbox/{self.slug}.css"


IMPOTS: Final = IdentityProviderSite(
    slug="impots",
    title="Impôts – bac à sable",
    organisation="Impôts",
    promise="Votre espace particulier, pour vos déclarations et vos avis.",
    account="espace particulier",
    hint="Votre numéro fiscal et votre mot de passe",
    enrolment="Prenez votre dernière déclaration de revenus. Votre numéro fiscal, à 13 chiffres, "
    "figure en haut de la première page. Préparez aussi votre numéro de déclarant en ligne, à "
    "7 chiffres, et votre revenu fiscal de référence. Si votre conjoint a déjà son compte, prenez "
    "le deuxième numéro de déclarant.",
    identifier=TAX_NUMBER,
    id_token_alg=Alg.ES256,
    userinfo_alg=None,
    token_endpoint_auth_method="client_secret_post",  # noqa: S106 the name of a method
    by_discovery=True,
)
AMELI: Final = IdentityProviderSite(
    slug="ameli",
    title="Assurance Maladie – bac à sable",
    organisation="Assurance Maladie",
    promise="Votre compte d’assuré, pour vos remboursements et vos attestations.",
    account="compte d’assuré",
    hint="Votre numéro de sécurité sociale et votre mot de passe",
    enrolment="Votre numéro de sécurité sociale, à 13 caractères, figure sur vos relevés de "
    "remboursement. Donnez aussi votre date de naissance, votre nom et votre code postal. Un code "
    "provisoire vous parvient par courrier postal sous 8 jours.",
    identifier=SOCIAL_SECURITY_NUMBER,
    id_token_alg=Alg.ES256,
    userinfo_alg=Alg.ES256,
    token_endpoint_auth_method="client_secret_basic",  # noqa: S106 the name of a method
    by_discovery=True,
)
LAPOSTE: Final = IdentityProviderSite(
    slug="laposte",
    title="La Poste – Identité, bac à sable",
    organisation="La Poste – Identité",
    promise="Votre identité vérifiée une fois, utilisable en ligne.",
    account="compte d’identité",
    hint="Votre adresse électronique et votre mot de passe",
    enrolment="Inscrivez-vous avec votre adresse électronique et un mot de passe. Confirmez votre "
    "adresse par le lien reçu. Votre identité est ensuite vérifiée, chez vous par le facteur ou "
    "dans un bureau de poste.",
    identifier=EMAIL,
    id_token_alg=Alg.RS256,
    userinfo_alg=Alg.RS256,
    userinfo_encryption=KeyManagement.ECDH_ES,
    token_endpoint_auth_method=client_assertion.METHOD,
    by_discovery=False,
    second_factor_acr="eidas2",
)

SITES: Final = {site.slug: site for site in (IMPOTS, AMELI, LAPOSTE)}
CHOICES: Final = [(site.slug, site.title) for site in SITES.values()]


def current() -> IdentityProviderSite:
    """Return the site that this process serves."""
    return SITES[settings.SANDBOX_SITE]
