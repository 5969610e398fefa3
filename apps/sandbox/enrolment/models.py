"""What an enrolment keeps between two pages."""

from django.db import models

from apps.sandbox.identity_provider import catalogue as identity_providers


class EnrolmentDraft(models.Model):
    """The answers of one person on their way to an account: never a password, never a code.

    answers   what was typed, by name of input, so that going back loses nothing
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
    proved = models.JSONField("faits établis", default=dict)
    reached = models.PositiveSmallIntegerField("étapes vérifiées", default=0)
    created_at = models.DateTimeField("commencée le", auto_now_add=True)
    finished_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "inscription en cours"
        verbose_name_plural = "inscriptions en cours"

    def __str__(self) -> str:
        return f"{self.site} {self.enrolment} {self.created_at:%Y-%m-%d %H:%M:%S}"
