"""What the page of a step shows, and what is read of what was typed there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.sandbox.enrolment.steps import Step
from apps.sandbox.forms.fields import FieldError
from apps.sandbox.forms.shown import ErrorSummary, ShownField, show, summarise
from apps.sandbox.identity_provider.identifiers import IdentifierError

LONGEST_ANSWER = 300  # characters kept of what was typed


@dataclass(frozen=True)
class StepPage:
    """The page of one step."""

    step: Step
    typed: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def fields(self) -> list[ShownField]:
        """Return the fields in order, each with its values and its error; a secret has none."""
        return [
            show(asked, {} if asked.is_secret else self.typed, self.errors.get(asked.name, ""))
            for asked in self.step.fields_for(self.typed)
        ]

    @property
    def summary(self) -> ErrorSummary:
        """Return what is wrong with the page."""
        return summarise(self.fields, self.errors)


def read(step: Step, posted: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed in the inputs of a step; a NUL, which JSON cannot hold there, is not."""
    posted = {name: text.replace("\0", "")[:LONGEST_ANSWER] for name, text in posted.items()}
    return {
        box.name: posted.get(box.name, "")
        for asked in step.fields_for(posted)
        for box in asked.inputs
    }


def without_secrets(step: Step, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what may be kept of what was typed."""
    secrets = {box.name for asked in step.fields if asked.is_secret for box in asked.inputs}
    return {name: text for name, text in typed.items() if name not in secrets}


def parse(step: Step, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the canonical values of a step, and the errors, by name of field."""
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for asked in step.fields_for(typed):
        texts = [typed.get(box.name, "") for box in asked.inputs]
        if not any(text.strip() for text in texts):
            if asked.is_required:
                errors[asked.name] = f"Remplissez le champ «\u202f{asked.label}\u202f»."
            else:
                values[asked.name] = ""
            continue
        if asked.choices and texts[0] not in asked.answers:
            errors[asked.name] = "Choisissez une réponse de la liste."
            continue
        try:
            values[asked.name] = asked.parse(*texts)
        except (FieldError, IdentifierError) as refusal:
            errors[asked.name] = str(refusal)
    return values, errors
