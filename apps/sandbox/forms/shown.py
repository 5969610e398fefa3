"""A question as a page shows it: with what was typed, what is wrong with it, and what describes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.sandbox.forms.fields import Field, Input, Kind


@dataclass(frozen=True)
class ShownInput:
    """A box with the value to show again, and the ids of what describes it."""

    input: Input
    label: str
    value: str
    is_required: bool
    described_by: str


@dataclass(frozen=True)
class ShownField:
    """A field of a page and what is wrong with it, "" when nothing is.

    chosen   the values that are checked, for a field with choices
    """

    field: Field
    typed: Mapping[str, str]
    error: str
    chosen: frozenset[str]

    @property
    def is_group(self) -> bool:
        """Tell whether several controls answer this question: its words are a legend, not a label."""
        return len(self.field.inputs) > 1 or self.has_buttons

    @property
    def has_buttons(self) -> bool:
        """Tell whether the answer is chosen among buttons."""
        return self.field.kind in (Kind.ONE, Kind.SEVERAL)

    @property
    def inputs(self) -> tuple[ShownInput, ...]:
        """The boxes in order; the hint of a group describes the group, its error each box too."""
        described_by = self._ids("error") if self.is_group else self.described_by
        return tuple(
            ShownInput(
                box,
                box.label or self.field.label,
                self.typed.get(box.name, ""),
                self.field.is_required and box.is_required,
                described_by,
            )
            for box in self.field.inputs
        )

    @property
    def first(self) -> str:
        """The id of the control that the error summary leads to."""
        name = self.field.inputs[0].name
        return f"{name}-{self.field.choices[0][0]}" if self.has_buttons else name

    @property
    def described_by(self) -> str:
        """The ids of the hint and of the error."""
        return self._ids("hint", "error")

    def _ids(self, *parts: str) -> str:
        texts = {"hint": self.field.hint, "error": self.error}
        return " ".join(f"{self.field.name}-{part}" for part in parts if texts[part])


@dataclass(frozen=True)
class ErrorSummary:
    """What is wrong with a page: fields to lead to, then what is of no field of it.

    is_refusal   nothing of what was typed is wrong: the form as a whole is not for now
    """

    wrong: tuple[ShownField, ...]
    others: tuple[str, ...]
    is_refusal: bool = False

    @property
    def count(self) -> int:
        """How many errors there are."""
        return len(self.wrong) + len(self.others)


def show(
    asked: Field, typed: Mapping[str, str], error: str = "", *, chosen: Iterable[str] = ()
) -> ShownField:
    """Return a field with what was typed, by name of input; `chosen` is for several choices."""
    one = typed.get(asked.inputs[0].name) or asked.suggested
    values = chosen if asked.kind is Kind.SEVERAL else [one]
    return ShownField(asked, typed, error, frozenset(values))


def summarise(fields: Iterable[ShownField], errors: Mapping[str, str]) -> ErrorSummary:
    """Return the errors in the order of the page, then those that are of no field of it."""
    shown = tuple(fields)
    names = {one.field.name for one in shown}
    return ErrorSummary(
        tuple(one for one in shown if one.error),
        tuple(message for name, message in errors.items() if name not in names),
        is_refusal=set(errors) == {""},
    )
