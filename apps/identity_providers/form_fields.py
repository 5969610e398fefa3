"""Form fields that the two registries share: words, lines and checked lists, without JavaScript."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.identity_providers import partner_fields

URL_OVERRIDES: Final = {
    models.URLField: {
        "assume_scheme": "https",
        "widget": forms.URLInput(attrs={"class": "vURLField", "size": 80}),
    }
}


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
        for uri in value.split():
            if fault := partner_fields.url_fault(uri):
                raise ValidationError(f"{uri[:120]} : {fault}")


class CheckedListField(forms.MultipleChoiceField):
    """A list of known words, as check boxes."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, choices: Iterable[tuple[str, str]], *, kept: Sequence[str] = ()) -> None:
        """Offer these choices, and those that a row already holds and that are unknown today."""
        known = dict(choices)
        self.choices = [*known.items(), *((word, word) for word in kept if word not in known)]


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
