"""What the page of a step shows: fields with what was typed, errors counted, progress."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from apps.sandbox.enrolment.fields import Field, FieldError, Input
from apps.sandbox.enrolment.steps import Step
from apps.sandbox.identity_provider.identifiers import IdentifierError

LONGEST_ANSWER = 300  # characters kept of what was typed


@dataclass(frozen=True)
class ShownInput:
    """An input with the value to show again, always "" for a secret."""

    input: Input
    label: str
    value: str


@dataclass(frozen=True)
class ShownField:
    """A field of the page and what is wrong with it, "" when nothing is."""

    field: Field
    inputs: tuple[ShownInput, ...]
    error: str

    @property
    def first(self) -> str:
        """The id of the input that the error summary leads to."""
        name = self.field.inputs[0].name
        return f"{name}-{self.field.choices[0][0]}" if self.field.choices else name

    @property
    def described_by(self) -> str:
        """The ids of the hint and of the error."""
        parts = {"hint": self.field.hint, "error": self.error}
        return " ".join(f"{self.field.name}-{part}" for part, text in parts.items() if text)


@dataclass(frozen=True)
class StepPage:
    """The page of one step."""

    step: Step
    typed: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def fields(self) -> Iterator[ShownField]:
        """Return the fields in order, each with its values and its error."""
        for asked in self.step.fields:
            inputs = tuple(
                ShownInput(
                    box,
                    box.label or asked.label,
                    "" if asked.is_secret else self.typed.get(box.name, ""),
                )
                for box in asked.inputs
            )
            yield ShownField(asked, inputs, self.errors.get(asked.name, ""))

    @property
    def wrong(self) -> list[ShownField]:
        """Return the fields that have an error, for the summary."""
        return [shown for shown in self.fields if shown.error]

    @property
    def other_errors(self) -> list[str]:
        """Return the errors that are of no field of this page."""
        names = {asked.name for asked in self.step.fields}
        return [message for name, message in self.errors.items() if name not in names]


def read(step: Step, posted: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed in the inputs of a step; a NUL, which JSON cannot hold there, is not."""
    return {
        box.name: posted.get(box.name, "").replace("\0", "")[:LONGEST_ANSWER]
        for asked in step.fields
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
    for asked in step.fields:
        texts = [typed.get(box.name, "") for box in asked.inputs]
        if not any(text.strip() for text in texts):
            if asked.is_required:
                errors[asked.name] = f"Remplissez le champ «\u202f{asked.label}\u202f»."
            else:
                values[asked.name] = ""
            continue
        if asked.choices and texts[0] not in dict(asked.choices):
            errors[asked.name] = "Choisissez une réponse de la liste."
            continue
        try:
            values[asked.name] = asked.parse(*texts)
        except (FieldError, IdentifierError) as refusal:
            errors[asked.name] = str(refusal)
    return values, errors
