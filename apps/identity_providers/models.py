"""IdentityProvider: one identity provider as data; adding a fourth is an operation, not a release.

Field names are those of OpenID Connect discovery and registration where they exist.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from apps.accounts.sealed import SealedTextField
from apps.identity_providers import destinations, history
from apps.identity_providers.guidance import Guidance
from apps.identity_providers.trial.models import Trial
from apps.protocol import client_assertion
from apps.protocol.acr import Acr
from apps.protocol.jose import MIN_SECRET_LENGTH, Alg
from apps.protocol.jwe import ContentEncryption, KeyManagement

__all__ = ["IdentityProvider", "Trial"]

AUTH_METHODS = [
    ("client_secret_post", "client_secret_post"),
    ("client_secret_basic", "client_secret_basic"),
    (client_assertion.METHOD, client_assertion.METHOD),
]
ALGORITHMS = [(alg.value, alg.value) for alg in Alg]
ASSERTION_ALGORITHMS = [(alg.value, alg.value) for alg in client_assertion.ALGORITHMS]
KEY_MANAGEMENT = [(alg.value, alg.value) for alg in KeyManagement]
CONTENT_ENCRYPTION = [(enc.value, enc.value) for enc in ContentEncryption]
LEVELS = [(level.value, level.value) for level in Acr]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
ADDRESSES = ("issuer", *ENDPOINTS, "end_session_endpoint")

TAKEN: Final = {
    "uid": "Un fournisseur d’identité porte déjà cet identifiant.",
    "name": "Un fournisseur d’identité porte déjà ce nom technique.",
    "issuer": "Un fournisseur d’identité a déjà cet émetteur.",
}
"""What is said of a value that is another provider's."""


def default_levels() -> list[str]:
    return [Acr.EIDAS1.value]


def default_methods() -> list[str]:
    return ["pwd"]


def _whole(answer: str, label: str) -> models.CheckConstraint:
    """Return the rule that an encryption is named by its two algorithms, or not at all.

    Registration has a default for `enc` (A128CBC-HS256), which we do not read: it must be said.
    """
    alg, enc = f"{answer}_encrypted_response_alg", f"{answer}_encrypted_response_enc"
    return models.CheckConstraint(
        condition=models.Q(**{f"{alg}__isnull": True, f"{enc}__isnull": True})
        | models.Q(**{f"{alg}__isnull": False, f"{enc}__isnull": False}),
        name=f"identity_provider_{answer}_encryption_is_whole",
        violation_error_message=f"Chiffrement {label} : {alg} et {enc} vont ensemble.",
    )


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
    token_endpoint_auth_signing_alg = models.CharField(
        "algorithme de private_key_jwt", max_length=8, choices=ASSERTION_ALGORITHMS,
        null=True, blank=True, help_text="seulement avec private_key_jwt",
    )  # fmt: skip
    id_token_signed_response_alg = models.CharField(
        "algorithme de l’ID token", max_length=8, choices=ALGORITHMS, default=Alg.ES256.value
    )
    userinfo_signed_response_alg = models.CharField(
        "algorithme de userinfo", max_length=8, choices=ALGORITHMS, null=True, blank=True,
        help_text="vide : JSON non signé",
    )  # fmt: skip
    id_token_encrypted_response_alg = models.CharField(
        "id_token_encrypted_response_alg", max_length=16, choices=KEY_MANAGEMENT,
        null=True, blank=True, help_text="vide : ID token non chiffré",
    )  # fmt: skip
    id_token_encrypted_response_enc = models.CharField(
        "id_token_encrypted_response_enc", max_length=16, choices=CONTENT_ENCRYPTION,
        null=True, blank=True,
    )  # fmt: skip
    userinfo_encrypted_response_alg = models.CharField(
        "userinfo_encrypted_response_alg", max_length=16, choices=KEY_MANAGEMENT,
        null=True, blank=True, help_text="vide : userinfo non chiffré",
    )  # fmt: skip
    userinfo_encrypted_response_enc = models.CharField(
        "userinfo_encrypted_response_enc", max_length=16, choices=CONTENT_ENCRYPTION,
        null=True, blank=True,
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
            ),
            _whole("id_token", "de l’ID token"),
            _whole("userinfo", "de userinfo"),
            models.CheckConstraint(
                condition=models.Q(userinfo_encrypted_response_alg__isnull=True)
                | models.Q(userinfo_signed_response_alg__isnull=False),
                name="identity_provider_encrypted_userinfo_is_signed",
                violation_error_message="userinfo chiffré doit aussi être signé : le chiffrement "
                "ne prouve pas qui l’a écrit.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    token_endpoint_auth_method=client_assertion.METHOD,
                    token_endpoint_auth_signing_alg__isnull=False,
                )
                | (
                    ~models.Q(token_endpoint_auth_method=client_assertion.METHOD)
                    & models.Q(token_endpoint_auth_signing_alg__isnull=True)
                ),
                name="identity_provider_private_key_jwt_has_an_algorithm",
                violation_error_message="private_key_jwt et token_endpoint_auth_signing_alg "
                "vont ensemble.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse what could never work, and addresses that nobody may make us read.

        Endpoints are given all of them, or none and discovery is used; a secret is there, and long
        enough for its use.
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
        if self.signs_with_secret and len(self.client_secret) < MIN_SECRET_LENGTH:
            raise ValidationError(
                f"HS256 demande un secret d’au moins {MIN_SECRET_LENGTH} caractères."
            )
        if self.proves_us_by_secret and not self.client_secret:
            raise ValidationError(
                f"{self.token_endpoint_auth_method} demande un secret (client_secret)."
            )

    def unique_error_message(
        self, model_class: type[models.Model], unique_check: Sequence[str]
    ) -> ValidationError:
        """Say in our words that another provider has this name already."""
        said = TAKEN.get(unique_check[0])
        return (
            ValidationError(said, code="unique")
            if said
            else super().unique_error_message(model_class, unique_check)
        )

    @classmethod
    def find_by_issuer(cls, issuer: str) -> "IdentityProvider | None":
        """Return the provider of this issuer, without its secret."""
        return cls.objects.filter(issuer=issuer).defer(history.SECRET).first()

    @property
    def uses_discovery(self) -> bool:
        """Tell whether the addresses come from the issuer's configuration document."""
        return not self.token_endpoint

    @property
    def signs_with_secret(self) -> bool:
        """Tell whether the client secret verifies what this provider signs (OIDC Core §10.1)."""
        signatures = self.id_token_signed_response_alg, self.userinfo_signed_response_alg
        return Alg.HS256 in signatures

    @property
    def proves_us_by_secret(self) -> bool:
        """Tell whether the client secret is sent to the token endpoint (RFC 6749 §2.3.1)."""
        return self.token_endpoint_auth_method != client_assertion.METHOD

    @property
    def levels(self) -> frozenset[Acr]:
        """Return the levels this provider is entitled to assert."""
        return frozenset(Acr(level) for level in self.allowed_acr)

    def methods_used(self, stated: Iterable[str]) -> list[str]:
        """Return the methods (amr) of one authentication: those stated, of those registered.

        A provider that states none of these is taken to have used all that it registered.
        """
        known = [method for method in stated if method in self.amr]
        return known or list(self.amr)
