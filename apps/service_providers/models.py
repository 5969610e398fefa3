"""ServiceProvider: a service (FS), its addresses, what it may ask, and how strict we are with it.

It is django-oauth-toolkit's Application. The inherited fields that mean nothing here (a Django user
who owns the client, one algorithm for everything, a hashed secret, CORS origins) are taken away:
client secrets are 256-bit random strings, sealed because HS256 partners need them recoverable, and
compared in constant time.
"""

import hmac
from collections.abc import Sequence
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from oauth2_provider.models import AbstractApplication

from apps.accounts.sealed import SealedTextField
from apps.identity_providers import history, partner_fields
from apps.identity_providers.models import LEVELS, IdentityProvider, default_levels
from apps.protocol import jose, scopes
from apps.protocol.acr import Acr
from apps.protocol.authentication_request import Policy
from apps.protocol.jose import Alg


class ServiceKind(models.TextChoices):
    PUBLIC = "public", "public"
    PRIVATE = "private", "privé"


class AuthMethod(models.TextChoices):
    POST = "client_secret_post", "client_secret_post"
    BASIC = "client_secret_basic", "client_secret_basic"


class IdpFilter(models.TextChoices):
    ALL = "all", "tous"
    ALL_BUT = "all_but", "tous sauf"
    ONLY = "only", "seulement"


NOBODY_ACCEPTED: Final = "Le mode « seulement » demande au moins un compte : sans lui, personne ne pourrait se connecter."


class NoncePolicy(models.TextChoices):
    REQUIRED_MIN22 = "required_min22", "obligatoire, 22 caractères au moins"
    OPTIONAL = "optional", "facultatif (OpenID Connect)"


class ConsentMode(models.TextChoices):
    ALWAYS = "always", "page montrée à chaque connexion"
    REMEMBERED = "remembered", "page montrée une fois par session"


def default_prompts() -> list[str]:
    return ["login", "consent"]


def default_scopes() -> list[str]:
    return ["openid"]


_ALGORITHMS = [(alg.value, alg.value) for alg in Alg]


@history.recorded
class ServiceProvider(AbstractApplication):
    """A service provider (FS): a mairie, a région, a water company."""

    # Taken away from AbstractApplication: see the module's docstring.
    user = None
    client_secret = SealedTextField("client_secret", blank=True, default="", editable=False)
    hash_client_secret = None
    algorithm = None
    allowed_origins = None
    skip_authorization = None
    registration_source = None
    cimd_expires_at = None

    name = models.CharField("nom du service", max_length=256)
    organisation = models.CharField("organisation", max_length=256, blank=True, default="")
    kind = models.CharField(
        "type", max_length=8, choices=ServiceKind.choices, default=ServiceKind.PUBLIC
    )
    client_uri = models.URLField("site", max_length=1024, blank=True, default="")
    active = models.BooleanField("actif", default=True)
    client_type = models.CharField(
        "type de client",
        max_length=32,
        default=AbstractApplication.CLIENT_CONFIDENTIAL,
        editable=False,
    )
    authorization_grant_type = models.CharField(
        "flux", max_length=44, default=AbstractApplication.GRANT_AUTHORIZATION_CODE, editable=False
    )
    entity_id = models.CharField(
        "entité", max_length=255, blank=True, default="",
        help_text="les services d’une même entité reçoivent le même identifiant pour une personne ; "
        "vide : le client_id",
    )  # fmt: skip

    scopes = ArrayField(
        models.CharField(max_length=64), verbose_name="scopes habilités", default=default_scopes
    )
    claims = ArrayField(
        models.CharField(max_length=64), verbose_name="claims habilités", default=list, blank=True,
        help_text="demandés un par un par le paramètre claims : amr",
    )  # fmt: skip
    token_endpoint_auth_method = models.CharField(
        "authentification à /token",
        max_length=32,
        choices=AuthMethod.choices,
        default=AuthMethod.POST,
    )
    id_token_signed_response_alg = models.CharField(
        "algorithme de l’ID token", max_length=8, choices=_ALGORITHMS, default=Alg.ES256.value
    )
    userinfo_signed_response_alg = models.CharField(
        "algorithme de userinfo", max_length=8, choices=_ALGORITHMS, null=True, blank=True,
        default=Alg.ES256.value, help_text="vide : JSON non signé",
    )  # fmt: skip

    idp_filter_mode = models.CharField(
        "comptes acceptés", max_length=8, choices=IdpFilter.choices, default=IdpFilter.ALL
    )
    idp_filter = ArrayField(
        models.CharField(max_length=64), verbose_name="liste des comptes", default=list, blank=True
    )

    # The policy. Defaults are FranceConnect's; each other value is a relaxation or an extension.
    acr_values = ArrayField(
        models.CharField(max_length=16, choices=LEVELS),
        verbose_name="niveaux servis",
        default=default_levels,
    )
    default_acr = models.CharField(
        "niveau par défaut", max_length=16, choices=LEVELS, default=Acr.EIDAS1.value
    )
    acr_required = models.BooleanField("acr_values obligatoire", default=True)
    nonce_policy = models.CharField(
        "nonce", max_length=16, choices=NoncePolicy.choices, default=NoncePolicy.REQUIRED_MIN22
    )
    pkce_required = models.BooleanField("PKCE obligatoire", default=False)
    allowed_prompts = ArrayField(
        models.CharField(max_length=16),
        verbose_name="prompts permis",
        default=default_prompts,
        blank=True,
    )
    allowed_idp_hints = ArrayField(
        models.CharField(max_length=64), verbose_name="idp_hint permis", default=list, blank=True
    )
    consent_mode = models.CharField(
        "page d’information", max_length=16, choices=ConsentMode.choices, default=ConsentMode.ALWAYS
    )
    identity_consent = models.BooleanField(
        "consentement explicite", default=False, help_text="case à cocher avant la transmission"
    )
    age_minimum = models.PositiveSmallIntegerField("âge minimum", null=True, blank=True)
    is_conformance = models.BooleanField(
        "client de conformité", default=False,
        help_text="autorise une politique assouplie en production (vérifiée par check --deploy)",
    )  # fmt: skip

    class Meta(AbstractApplication.Meta):
        verbose_name = "fournisseur de service"
        verbose_name_plural = "fournisseurs de service"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an address, a scope or an algorithm that could never work, or that must not."""
        for uris in (self.redirect_uris, self.post_logout_redirect_uris):
            if fault := partner_fields.urls_fault(uris):
                raise ValidationError(fault)
        if not self.redirect_uri_list:
            raise ValidationError("Au moins une adresse de retour (redirect_uri) est obligatoire.")
        unknown = set(self.scopes) - scopes.SCOPES.keys()
        if unknown:
            raise ValidationError(f"Scopes inconnus : {', '.join(sorted(unknown))}.")
        if self.default_acr not in self.acr_values:
            raise ValidationError("Le niveau par défaut doit être l’un des niveaux servis.")
        if self.idp_filter_mode == IdpFilter.ONLY and not self.idp_filter:
            raise ValidationError({"idp_filter": NOBODY_ACCEPTED})

    def unique_error_message(
        self, model_class: type[models.Model], unique_check: Sequence[str]
    ) -> ValidationError:
        """Say in our words that another service has this name already."""
        if unique_check[0] == "client_id":
            return ValidationError(
                "Un fournisseur de service porte déjà ce client_id.", code="unique"
            )
        return super().unique_error_message(model_class, unique_check)

    @property
    def redirect_uri_list(self) -> frozenset[str]:
        return frozenset(self.redirect_uris.split())

    @property
    def post_logout_redirect_uri_list(self) -> frozenset[str]:
        return frozenset(self.post_logout_redirect_uris.split())

    @property
    def sector(self) -> str:
        """Return the key of the pairwise `sub`: services of one entity share it."""
        return self.entity_id or self.client_id

    @property
    def served_acr(self) -> frozenset[Acr]:
        """Return the levels that may be stated to this service."""
        return frozenset(Acr(level) for level in self.acr_values)

    @property
    def policy(self) -> Policy:
        """Return what this service may ask, as the law reads it."""
        return Policy(
            redirect_uris=self.redirect_uri_list,
            scopes=frozenset(self.scopes),
            claims=frozenset(self.claims),
            served_acr=self.served_acr,
            default_acr=Acr(self.default_acr),
            acr_required=self.acr_required,
            nonce_required=self.nonce_policy == NoncePolicy.REQUIRED_MIN22,
            pkce_required=self.pkce_required,
            allowed_prompts=frozenset(self.allowed_prompts),
            allowed_idp_hints=frozenset(self.allowed_idp_hints),
        )

    @property
    def relaxations(self) -> list[str]:
        """Return, in words, where this policy is laxer than FranceConnect's."""
        found = []
        if self.nonce_policy != NoncePolicy.REQUIRED_MIN22:
            found.append("nonce facultatif")
        if not self.acr_required:
            found.append("acr_values facultatif")
        if "none" in self.allowed_prompts:
            found.append("prompt=none permis")
        if self.consent_mode != ConsentMode.ALWAYS:
            found.append("page d’information montrée une seule fois par session")
        if self.userinfo_signed_response_alg is None:
            found.append("userinfo non signé")
        if Alg.HS256 in (self.id_token_signed_response_alg, self.userinfo_signed_response_alg):
            found.append("signature HS256")
        if self.kind == ServiceKind.PRIVATE and not self.identity_consent:
            found.append("service privé sans consentement explicite")
        return found

    def accepts(self, provider: IdentityProvider) -> bool:
        """Tell whether this service lets citizens come with this identity provider."""
        if self.idp_filter_mode == IdpFilter.ONLY:
            return provider.uid in self.idp_filter
        if self.idp_filter_mode == IdpFilter.ALL_BUT:
            return provider.uid not in self.idp_filter
        return True

    def has_secret(self, secret: str) -> bool:
        """Tell, in constant time, whether this is the client secret; an empty one never is."""
        if not self.client_secret:
            return False
        return hmac.compare_digest(self.client_secret.encode(), secret.encode())

    def rotate_secret(self) -> str:
        """Return a new 256-bit client secret, which the row now holds; the former one is dead."""
        self.client_secret = jose.random_token()
        self.save(update_fields=["client_secret", "updated"])
        return self.client_secret

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Compare byte for byte: no pattern, no loopback leniency (RFC 9700 §4.1.3)."""
        return uri in self.redirect_uri_list

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        return uri in self.post_logout_redirect_uri_list
