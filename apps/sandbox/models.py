"""What the sandbox remembers, in its own database.

OwnPersona                       the personas that people added
IdentityAccount … FailedSignIn   the identity providers: accounts and their OpenID Connect state
LocalAccount                     the services: the space of one person at one service
Mail                             the mailbox: messages as received
RegisterSwitch                   how the civil register behaves
ClockSetting                     how far the sandbox's calendar is ahead of the machine's
EnrolmentDraft …                 how an account is created, beside the code of the enrolments
SecondFactor                     what an account has beside its password, beside its code
IdentityCheck                    who was checked face to face, beside the code of the checks
PaperLetter                      what the postman brings, beside the code of the letterbox
"""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from apps.sandbox.enrolment.models import EmailConfirmation as EmailConfirmation
from apps.sandbox.enrolment.models import EnrolmentDraft as EnrolmentDraft
from apps.sandbox.enrolment.models import ProvisionalCode as ProvisionalCode
from apps.sandbox.identity_checks.models import IdentityCheck as IdentityCheck
from apps.sandbox.identity_provider import catalogue as identity_providers
from apps.sandbox.letterbox.models import PaperLetter as PaperLetter
from apps.sandbox.second_factor.models import SecondFactor as SecondFactor
from apps.sandbox.service_provider import catalogue as service_providers

_HASH_LENGTH = 64  # SHA-256 in hexadecimal


class OwnPersona(models.Model):
    """A persona that somebody added here, as its YAML document; its accounts are opened from it."""

    slug = models.CharField("nom dans les adresses", max_length=60, unique=True)
    document = models.TextField("document")
    created_at = models.DateTimeField("ajoutée le", auto_now_add=True)

    class Meta:
        verbose_name = "persona ajoutée"
        verbose_name_plural = "personas ajoutées"

    def __str__(self) -> str:
        return self.slug


class AccountState(models.TextChoices):
    """How far an account is; only a verified one answers FranceConnect."""

    CREATED = "created", "créé"
    EMAIL_CONFIRMED = "email_confirmed", "adresse confirmée"
    TO_VERIFY = "to_verify", "identité à vérifier"
    LETTER_SENT = "letter_sent", "courrier envoyé"
    VERIFIED = "verified", "vérifié"
    REFUSED = "refused", "refusé"
    CLOSED = "closed", "fermé"


class IdentityAccount(models.Model):
    """One person's account at one identity provider, with the identity that it vouches for."""

    site = models.CharField("site", max_length=20, choices=identity_providers.CHOICES)
    identifier = models.CharField("identifiant", max_length=254)
    password = models.CharField("mot de passe haché", max_length=128)
    sub = models.CharField("identifiant technique", max_length=255)
    claims = models.JSONField("identité certifiée")
    state = models.CharField(
        "état", max_length=20, choices=AccountState.choices, default=AccountState.VERIFIED
    )

    class Meta:
        verbose_name = "compte d’identité"
        verbose_name_plural = "comptes d’identité"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "identifier"], name="one_account_per_identifier"
            ),
            models.UniqueConstraint(fields=["site", "sub"], name="one_account_per_sub"),
            models.CheckConstraint(
                condition=models.Q(state__in=AccountState.values), name="known_account_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.sub}"


class AuthenticationRequest(models.Model):
    """A request of the broker that was found valid, from /authorize until its code is given."""

    site = models.CharField("site", max_length=20, choices=identity_providers.CHOICES)
    handle = models.CharField("référence", max_length=43, unique=True)
    redirect_uri = models.TextField("adresse de retour")
    state = models.TextField("state", blank=True)
    nonce = models.TextField("nonce", blank=True)
    scope = models.TextField("scope")
    code_challenge = models.CharField("code_challenge", max_length=43, blank=True)
    fault = models.CharField("panne jouée", max_length=60, blank=True)
    needs_second_factor = models.BooleanField("second facteur demandé", default=False)
    created_at = models.DateTimeField("reçue le", auto_now_add=True)
    answered_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande d’authentification"
        verbose_name_plural = "demandes d’authentification"

    def __str__(self) -> str:
        return f"{self.site} {self.created_at:%Y-%m-%d %H:%M:%S}"


class Grant(models.Model):
    """An authorization code, as its hash: single use, a few seconds (RFC 6749 §4.1.2)."""

    request = models.OneToOneField(
        AuthenticationRequest, on_delete=models.CASCADE, verbose_name="demande"
    )
    account = models.ForeignKey(IdentityAccount, on_delete=models.CASCADE, verbose_name="compte")
    code_hash = models.CharField("empreinte du code", max_length=_HASH_LENGTH, unique=True)
    auth_time = models.PositiveBigIntegerField("authentification (secondes)")
    had_second_factor = models.BooleanField("second facteur donné", default=False)
    expires_at = models.DateTimeField("expire le")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code d’autorisation"
        verbose_name_plural = "codes d’autorisation"

    def __str__(self) -> str:
        return f"{self.account} {self.expires_at:%Y-%m-%d %H:%M:%S}"


class AccessToken(models.Model):
    """An opaque access token, as its hash; it dies with its grant, or when its code is replayed."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, verbose_name="code")
    token_hash = models.CharField("empreinte du jeton", max_length=_HASH_LENGTH, unique=True)
    expires_at = models.DateTimeField("expire le")

    class Meta:
        verbose_name = "jeton d’accès"
        verbose_name_plural = "jetons d’accès"

    def __str__(self) -> str:
        return f"{self.grant_id} {self.expires_at:%Y-%m-%d %H:%M:%S}"


class FailedSignIn(models.Model):
    """A wrong password, or an unknown identifier: they are counted alike and told alike."""

    site = models.CharField("site", max_length=20, choices=identity_providers.CHOICES)
    identifier_hash = models.CharField("empreinte de l’identifiant", max_length=_HASH_LENGTH)
    address_hash = models.CharField("empreinte de l’adresse IP", max_length=_HASH_LENGTH)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "échec de connexion"
        verbose_name_plural = "échecs de connexion"
        indexes = [
            models.Index(fields=["site", "identifier_hash", "at"], name="failed_recently"),
            models.Index(fields=["site", "address_hash", "at"], name="failed_recently_from"),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.at:%Y-%m-%d %H:%M:%S}"


class LocalAccount(AbstractBaseUser):
    """The space of one person at one service, known by `sub` and by nothing else."""

    service = models.CharField("service", max_length=20, choices=service_providers.CHOICES)
    sub = models.CharField("identifiant technique", max_length=255)
    username = models.CharField("nom de compte", max_length=280, unique=True)
    claims = models.JSONField("informations vérifiées", default=dict)
    acr = models.CharField("niveau de garantie", max_length=20, blank=True)
    verified_at = models.DateTimeField("vérifié le", null=True, blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "espace local"
        verbose_name_plural = "espaces locaux"
        constraints = [
            models.UniqueConstraint(fields=["service", "sub"], name="one_space_per_service_and_sub")
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def given_name(self) -> str:
        """The first of the first names, for the header of the service."""
        names = str(self.claims.get("given_name", "")).split()
        return names[0] if names else "Mon espace"


class Mail(models.Model):
    """A message as it came in by SMTP, readable in the mailbox until the box is emptied."""

    received_at = models.DateTimeField("reçu le", auto_now_add=True, db_index=True)
    sender = models.TextField("expéditeur")
    recipients = models.JSONField("destinataires")
    subject = models.TextField("objet", blank=True)
    source = models.BinaryField("message")

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class RegisterMode(models.TextChoices):
    """How the civil register behaves."""

    UP = "up", "en marche"
    SLOW = "slow", "trop lent"
    DOWN = "down", "en panne"


class RegisterSwitch(models.Model):
    """How somebody wants the civil register to behave: one row at most, none while it works."""

    only = models.BooleanField("seule ligne", primary_key=True, default=True, editable=False)
    mode = models.CharField("fonctionnement", max_length=8, choices=RegisterMode.choices)

    class Meta:
        verbose_name = "fonctionnement du registre"
        verbose_name_plural = "fonctionnement du registre"
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="one_register_switch")
        ]

    def __str__(self) -> str:
        return self.mode

    @classmethod
    def current(cls) -> RegisterMode:
        """Return how the register behaves now."""
        switch = cls.objects.first()
        return RegisterMode(switch.mode) if switch else RegisterMode.UP

    @classmethod
    def turn(cls, mode: RegisterMode) -> None:
        """Make the register behave so, from the next search on."""
        cls.objects.update_or_create(only=True, defaults={"mode": mode})


class ClockSetting(models.Model):
    """The one row of the clock; without it the sandbox has the time of the machine."""

    ONLY = 1

    ahead = models.DurationField("avance", default=timedelta)

    class Meta:
        verbose_name = "réglage de l’horloge"
        verbose_name_plural = "réglages de l’horloge"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_clock")]

    def __str__(self) -> str:
        return f"+{self.ahead}"
