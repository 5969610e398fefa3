"""Why an agent changes a partner: the field of the forms, and a form that asks for nothing else."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator

from apps.identity_providers import partner_fields

REASON: Final = "change_reason"
SHORTEST: Final = 10  # characters
LONGEST: Final = 500  # characters
MISSING: Final = (
    f"Dites pourquoi vous faites ce changement : {SHORTEST} caractères au moins. "
    "Rien n’a été enregistré."
)
TOO_SHORT: Final = "Motif trop court : %(limit_value)d caractères au moins, il en a %(show_value)d."


class ReasonField(forms.CharField):
    """A sentence for whoever reads the history: on one line, neither short nor invisible."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "label": "Motif du changement",
                "max_length": LONGEST,
                "widget": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
                "help_text": f"{SHORTEST} caractères au moins, gardés dans l’historique de la fiche "
                "et lus par les auditeurs. N’y écrivez le nom ni les données de personne.",
                "error_messages": {"required": MISSING},
                **options,
            }
        )
        self.validators.append(MinLengthValidator(SHORTEST, TOO_SHORT))

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if fault := partner_fields.text_fault(value):
            raise ValidationError(fault[:1].upper() + fault[1:])


class ReasonForm(forms.Form):
    """The reason of a change that has its own page."""

    change_reason = ReasonField()
