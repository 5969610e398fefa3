"""The second factor of one account."""

from django.db import models


class SecondFactor(models.Model):
    """A TOTP secret, sealed under the server's key; it serves once its owner typed a first code.

    last_step   the number of the last period whose code was accepted: a code serves once
    """

    account = models.OneToOneField(
        "sandbox.IdentityAccount", on_delete=models.CASCADE, verbose_name="compte"
    )
    sealed_secret = models.BinaryField("secret scellé")
    last_step = models.BigIntegerField("dernière période acceptée", default=0)
    is_confirmed = models.BooleanField("confirmé", default=False)

    class Meta:
        verbose_name = "second facteur"
        verbose_name_plural = "seconds facteurs"

    def __str__(self) -> str:
        return str(self.account)
