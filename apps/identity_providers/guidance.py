"""What citizens are told of an identity provider beyond its name.

How to get its account, where to go while it is closed, what to read before leaving for its site.
Texts are one paragraph each, without markup: pages escape them and nothing else.
"""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import models

from apps.identity_providers.partner_fields import FieldSpec, Kind

LINKS: Final = ("enrolment_url", "alternative_url")
PARAGRAPHS: Final = ("enrolment", "confirmation_body")

FIELDS: Final = (
    FieldSpec("enrolment", Kind.TEXT, "vide", "comment obtenir ce compte, en quelques phrases courtes"),
    FieldSpec("enrolment_url", Kind.URL, "vide", "page où l’usager crée ou fait vérifier ce compte"),
    FieldSpec(
        "alternative_label", Kind.TEXT, "vide",
        "lien montré tant que le compte est inactif, verbe en tête ; avec alternative_url",
    ),
    FieldSpec("alternative_url", Kind.URL, "vide", "où mène ce lien ; avec alternative_label"),
    FieldSpec(
        "confirmation_title", Kind.TEXT, "vide",
        "titre de la page montrée avant le départ ; avec confirmation_body",
    ),
    FieldSpec(
        "confirmation_body", Kind.TEXT, "vide",
        "ce que l’usager doit savoir avant le départ ; avec confirmation_title",
    ),
    FieldSpec(
        "confirmation_continue", Kind.TEXT, "Continuer avec, puis title",
        "bouton de cette page, verbe en tête",
    ),
)  # fmt: skip


class Guidance(models.Model):
    """The words and links of one identity provider for citizens; all may be empty."""

    enrolment = models.CharField("comment l’obtenir", max_length=600, blank=True, default="")
    enrolment_url = models.URLField("où l’obtenir", max_length=512, blank=True, default="")
    alternative_label = models.CharField(
        "lien si indisponible", max_length=120, blank=True, default=""
    )
    alternative_url = models.URLField("adresse de ce lien", max_length=512, blank=True, default="")
    confirmation_title = models.CharField(
        "titre de la confirmation", max_length=120, blank=True, default=""
    )
    confirmation_body = models.CharField(
        "texte de la confirmation", max_length=600, blank=True, default=""
    )
    confirmation_continue = models.CharField(
        "bouton de la confirmation", max_length=120, blank=True, default=""
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a link or a confirmation given by halves. Raises ValidationError."""
        super().clean()
        faults = {}
        if bool(self.alternative_label) != bool(self.alternative_url):
            missing = "alternative_url" if self.alternative_label else "alternative_label"
            faults[missing] = "le libellé et l’adresse du lien vont ensemble."
        is_begun = self.confirmation_title or self.confirmation_body or self.confirmation_continue
        for name in ("confirmation_title", "confirmation_body"):
            if is_begun and not getattr(self, name):
                faults[name] = "le titre et le texte de la confirmation vont ensemble."
        if faults:
            raise ValidationError(faults)

    @property
    def wants_confirmation(self) -> bool:
        """Tell whether citizens read a page of ours before they leave for this provider."""
        return bool(self.confirmation_body)
