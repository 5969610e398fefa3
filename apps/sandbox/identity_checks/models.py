"""An identity check."""

from django.db import models


class Method(models.TextChoices):
    """Where a document is looked at."""

    POSTMAN = "postman", "par le facteur, à domicile"
    COUNTER = "counter", "au guichet d’un bureau de poste"


class Reason(models.TextChoices):
    """Why a check refuses."""

    EXPIRED = "expired", "la pièce d’identité n’est plus valable"
    DIFFERENT = "different", "l’état civil saisi n’est pas celui de la pièce"
    ABSENT = "absent", "la personne n’était pas là"

    @property
    def advice(self) -> str:
        """What to do about it, for the person."""
        return _ADVICE[self]


_ADVICE = {
    Reason.EXPIRED: "Faites renouveler votre pièce, puis demandez une nouvelle vérification.",
    Reason.DIFFERENT: "Recopiez l’état civil de votre pièce, puis demandez une nouvelle vérification.",
    Reason.ABSENT: "Demandez une nouvelle vérification, au lieu de votre choix.",
}


class IdentityCheck(models.Model):
    """A person who asked to be checked, then what was decided: the row is its own record."""

    account = models.ForeignKey(
        "sandbox.IdentityAccount", on_delete=models.CASCADE, verbose_name="compte"
    )
    method = models.CharField("lieu", max_length=20, choices=Method.choices)
    asked_at = models.DateTimeField("demandé le")
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    refusal = models.CharField("motif du refus", max_length=20, choices=Reason.choices, blank=True)

    class Meta:
        verbose_name = "contrôle d’identité"
        verbose_name_plural = "contrôles d’identité"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(decided_at=None),
                name="one_check_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.asked_at:%Y-%m-%d}"
