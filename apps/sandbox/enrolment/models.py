"""What an enrolment keeps between two pages."""

from django.db import models

from apps.sandbox.identity_provider import catalogue as identity_providers


class EnrolmentDraft(models.Model):
    """The answers of one person on their way to an account: never a password, never a code.

    answers   what was typed, by name of input, so that going back loses nothing
    errors    what was wrong with the last step sent, shown by the page that follows
    proved    what the verified steps established
    reached   how many steps are verified
    """

    site = models.CharField("site", max_length=20, choices=identity_providers.CHOICES)
    enrolment = models.CharField("inscription", max_length=40)
    handle = models.CharField("référence", max_length=43, unique=True)
    account = models.ForeignKey(
        "sandbox.IdentityAccount",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name="compte",
    )
    waiting = models.ForeignKey(
        "sandbox.AuthenticationRequest",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="connexion qui attend",
    )
    answers = models.JSONField("réponses", default=dict)
    errors = models.JSONField("erreurs", default=dict)
    proved = models.JSONField("faits établis", default=dict)
    reached = models.PositiveSmallIntegerField("étapes vérifiées", default=0)
    created_at = models.DateTimeField("commencée le", auto_now_add=True)
    finished_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "inscription en cours"
        verbose_name_plural = "inscriptions en cours"

    def __str__(self) -> str:
        return f"{self.site} {self.enrolment} {self.created_at:%Y-%m-%d %H:%M:%S}"


class ProvisionalCode(models.Model):
    """The code of a letter, hashed like a password: few digits, few guesses, one use."""

    account = models.ForeignKey(
        "sandbox.IdentityAccount", on_delete=models.CASCADE, verbose_name="compte"
    )
    code_hash = models.CharField("code haché", max_length=128)
    expires_at = models.DateTimeField("expire le")
    failures = models.PositiveSmallIntegerField("essais manqués", default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code provisoire"
        verbose_name_plural = "codes provisoires"

    def __str__(self) -> str:
        return f"{self.account} {self.expires_at:%Y-%m-%d}"


class EmailConfirmation(models.Model):
    """The link of one sign-up, as its hash, with the password that was chosen then."""

    account = models.ForeignKey(
        "sandbox.IdentityAccount", on_delete=models.CASCADE, verbose_name="compte"
    )
    token_hash = models.CharField("empreinte du lien", max_length=64, unique=True)
    password = models.CharField("mot de passe haché", max_length=128)
    expires_at = models.DateTimeField("expire le")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "confirmation d’adresse"
        verbose_name_plural = "confirmations d’adresse"

    def __str__(self) -> str:
        return f"{self.account} {self.expires_at:%Y-%m-%d %H:%M:%S}"
