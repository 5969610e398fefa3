"""A letter on paper."""

from django.db import models


class PaperLetter(models.Model):
    """What an organisation wrote to a person; nobody reads it before it is delivered."""

    account = models.ForeignKey(
        "sandbox.IdentityAccount", on_delete=models.CASCADE, verbose_name="compte concerné"
    )
    sender = models.CharField("expéditeur", max_length=100)
    recipient = models.CharField("destinataire", max_length=520)
    postal_code = models.CharField("code postal", max_length=5)
    subject = models.CharField("objet", max_length=200)
    paragraphs = models.JSONField("texte")
    posted_at = models.DateTimeField("postée le")
    delivered_at = models.DateTimeField("distribuée le")

    class Meta:
        verbose_name = "lettre"
        verbose_name_plural = "lettres"
        ordering = ["-delivered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at__gt=models.F("posted_at")),
                name="a_letter_takes_time",
            )
        ]

    def __str__(self) -> str:
        return self.subject
