"""Forms of the two registries: words, lines, checked lists, and two agents at once; no JavaScript."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.identity_providers import change_reason, partner_fields
from apps.identity_providers.change_reason import REASON, ReasonField

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

VERSION: Final = "version"
URL_OVERRIDES: Final[dict[Any, dict[str, Any]]] = {
    models.URLField: {
        "assume_scheme": "https",
        "widget": forms.URLInput(attrs={"class": "vURLField", "size": 80}),
    }
}


def version_of(row: models.Model, timestamp: str) -> str:
    """Return what tells that a page about this row is stale: the date of its last change."""
    changed_at: datetime = getattr(row, timestamp)
    return changed_at.isoformat()


class PartnerForm(_ModelForm):
    """A form that says why, and does not undo what another agent did while it was open.

    A change without a reason is refused. The hidden version is the date of the last change: a form
    that was opened before is refused.
    """

    timestamp: str  # the model's field that dates its last change
    renamed: dict[str, str] = {}  # a field of the form → the model's field that it changes

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    change_reason = ReasonField(required=False)  # a form that changes nothing needs none

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Django takes the defaults of the model for its own form fields, not for ours.
            for name in self.declared_fields.keys() & {f.name for f in self.instance._meta.fields}:
                self.initial.setdefault(name, getattr(self.instance, name))
        else:
            self.initial[VERSION] = version_of(self.instance, self.timestamp)

    def clean(self) -> dict[str, Any]:
        """Refuse a change without a reason, and a form that is older than the row."""
        cleaned = super().clean() or {}
        if self.changed_fields and REASON in self.fields and cleaned.get(REASON) == "":
            self.add_error(REASON, change_reason.MISSING)
        is_open_form = self.instance.pk is not None and VERSION in self.fields
        if is_open_form and cleaned.get(VERSION) != self.initial[VERSION]:
            raise ValidationError(
                "Un autre changement a été enregistré pendant que vous modifiiez cette fiche : "
                "rechargez la page et recommencez."
            )
        return cleaned

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """Return the names of the model's fields that this form changes."""
        changed = (name for name in self.changed_data if name != REASON)
        return tuple(self.renamed.get(name, name) for name in changed)


class WordsField(forms.CharField):
    """A list of words, typed with spaces between them."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, str) else self.prepare_value(value) or ""
        return list(dict.fromkeys(text.split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))

    def run_validators(self, value: Any) -> None:
        for word in value:
            super().run_validators(word)
            _refuse(partner_fields.text_fault(word))


class UrisField(forms.CharField):
    """Addresses kept with spaces between them, shown and typed one a line."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value.split()) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return " ".join(dict.fromkeys((value or "").split()))

    def validate(self, value: str) -> None:
        super().validate(value)
        if fault := partner_fields.urls_fault(value):
            raise ValidationError(fault)


class CheckedListField(forms.MultipleChoiceField):
    """A list of known words, as check boxes."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, choices: Iterable[tuple[str, str]], *, kept: Sequence[str] = ()) -> None:
        """Offer these choices, and those that a row already holds and that are unknown today."""
        known = dict(choices)
        self.choices = [*known.items(), *((word, word) for word in kept if word not in known)]


def wire_label(field: forms.Field, verbose_name: object) -> None:
    """Leave a label that is a name of the protocol as it is: Django would capitalise it."""
    if "_" in str(verbose_name):
        field.label = str(verbose_name)


def check_text(value: str) -> None:
    """Refuse invisible characters, which would make one partner look like another."""
    _refuse(partner_fields.text_fault(value))


def check_identifier(value: str) -> None:
    """Refuse what cannot name a partner in URLs and in the journal."""
    _refuse(partner_fields.identifier_fault(value))


def check_url(value: str) -> None:
    """Refuse what is not an exact absolute http(s) address."""
    _refuse(partner_fields.url_fault(value) if value else "")


def _refuse(sentence: str) -> None:
    if sentence:
        raise ValidationError(sentence[:1].upper() + sentence[1:])
