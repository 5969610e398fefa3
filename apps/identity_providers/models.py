"""IdentityProvider: one identity provider as data; adding a fourth is an operation, not a release.

Field names are those of OpenID Connect discovery and registration where they exist.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from apps.accounts.sealed import SealedTextField
from apps.identity_providers import destinations, history
from apps.identity_providers.guidance import Guidance
from apps.protocol.acr import Acr
from apps.protocol.jose import Alg

AUTH_METHODS = [
    ("client_secret_post", "client_secret_post"),
    ("client_secret_basic", "client_secret_basic"),
]
ALGORITHMS = [(alg.value, alg.value) for alg in Alg]
LEVELS = [(level.value, level.value) for level in Acr]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
ADDRESSES = ("issuer", *ENDPOINTS, "end_session_endpoint")


def default_levels() -> list[str]:
    return [Acr.EIDAS1.value]


def default_methods() -> list[str]:
    return ["pwd"]


@history.recorded
class IdentityProvider(Guidance):
    """An identity provider (FI): an account that citizens already have."""

    uid = models.CharField("identifiant", max_length=64, unique=True)
    name = models.CharField("nom technique", max_length=64, unique=True)
    title = models.CharField("titre affiché", max_length=120)
    hint = models.CharField("identifiant demandé", max_length=120, blank=True, default="")
    pictogram = models.CharField("pictogramme", max_length=120, blank=True, default="")

    issuer = models.URLField("émetteur (issuer)", max_length=512, unique=True)
    authorization_endpoint = models.URLField(
        "authorization_endpoint", max_length=512, blank=True, default=""
    )
    token_endpoint = models.URLField("token_endpoint", max_length=512, blank=True, default="")
    userinfo_endpoint = models.URLField("userinfo_endpoint", max_length=512, blank=True, default="")
    end_session_endpoint = models.URLField(
        "end_session_endpoint", max_length=512, blank=True, default=""
    )
    jwks_uri = models.URLField("jwks_uri", max_length=512, blank=True, default="")

    client_id = models.CharField("client_id", max_length=255)
    client_secret = SealedTextField("client_secret", blank=True, default="", editable=False)
    token_endpoint_auth_method = models.CharField(
        "authentification à /token",
        max_length=32,
        choices=AUTH_METHODS,
        default="client_secret_post",
    )
    id_token_signed_response_alg = models.CharField(
        "algorithme de l’ID token", max_length=8, choices=ALGORITHMS, default=Alg.ES256.value
    )
    userinfo_signed_response_alg = models.CharField(
        "algorithme de userinfo", max_length=8, choices=ALGORITHMS, null=True, blank=True,
        help_text="vide : JSON non signé",
    )  # fmt: skip
    scope = models.CharField(
        "scopes demandés", max_length=255, default="openid profile email birth"
    )
    allowed_acr = ArrayField(
        models.CharField(max_length=16, choices=LEVELS),
        verbose_name="niveaux habilités",
        default=default_levels,
    )
    amr = ArrayField(
        models.CharField(max_length=16),
        verbose_name="méthodes d’authentification (amr)",
        default=default_methods,
    )
    trusted_identity = models.BooleanField(
        "identités déjà vérifiées", default=False,
        help_text="elles viennent de l’état civil : le registre n’est pas interrogé",
    )  # fmt: skip

    active = models.BooleanField("utilisable", default=True)
    display = models.BooleanField("affiché", default=True)
    is_beta = models.BooleanField("en test", default=False)
    message = models.CharField("message si indisponible", max_length=255, blank=True, default="")
    order = models.PositiveIntegerField("ordre d’affichage", default=100)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "fournisseur d’identité"
        verbose_name_plural = "fournisseurs d’identité"
        ordering = ["order", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(allowed_acr__len__gt=0),
                name="identity_provider_has_a_level",
                violation_error_message="Un fournisseur d’identité est habilité pour au moins un niveau.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse what could never work, and addresses that nobody may make us read.

        Endpoints are given all of them, or none and discovery is used.
        """
        super().clean()
        addresses = {name: getattr(self, name) for name in ADDRESSES}
        faults = {name: destinations.fault(url) for name, url in addresses.items() if url}
        if any(faults.values()):
            raise ValidationError({name: fault for name, fault in faults.items() if fault})
        given = [name for name in ENDPOINTS if getattr(self, name)]
        if given and len(given) != len(ENDPOINTS):
            missing = ", ".join(name for name in ENDPOINTS if name not in given)
            raise ValidationError(f"Adresses incomplètes : il manque {missing}.")
        uses_secret = Alg.HS256 in (
            self.id_token_signed_response_alg,
            self.userinfo_signed_response_alg,
        )
        if uses_secret and len(self.client_secret) < 32:
            raise ValidationError("HS256 demande un secret d’au moins 32 caractères.")

    @property
    def uses_discovery(self) -> bool:
        """Tell whether the addresses come from the issuer's configuration document."""
        return not self.token_endpoint

    @property
    def levels(self) -> frozenset[Acr]:
        """Return the levels this provider is entitled to assert."""
        return frozenset(Acr(level) for level in self.allowed_acr)
