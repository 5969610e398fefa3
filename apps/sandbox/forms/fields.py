"""A question as data: its words, its inputs, its parser.

A parser receives what was typed in each input of its field, and returns the one canonical writing,
or raises FieldError, whose message is for the person: it counts what was expected and found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Choices = tuple[tuple[str, str], ...]  # the value and the label of each


class FieldError(Exception):
    """What was typed cannot be such a value; the message is for the person who typed it."""


class Kind(StrEnum):
    """How a field is drawn: boxes to fill, or choices to make among buttons or in a list."""

    TEXT = "text"
    PASSWORD = "password"  # noqa: S105 the type of an input
    ONE = "radio"
    SEVERAL = "checkbox"
    LIST = "list"


@dataclass(frozen=True)
class Input:
    """One box to fill; a field has one, a date has three."""

    name: str
    label: str = ""
    autocomplete: str = "off"
    maxlength: int = 254
    is_short: bool = False
    is_required: bool = True


@dataclass(frozen=True)
class Help:
    """What is behind the (?) of a field.

    marked   the reference that the drawing of a tax notice points at, or ""
    """

    title: str
    text: str
    marked: str = ""


@dataclass(frozen=True)
class Field:
    """One question: its words, its inputs and its parser.

    families    more choices of a list, under the heading of each
    suggested   the choice that is made until another is
    condition   when an answer is expected of a field that is not always required
    is_secret   never shown again nor kept in a draft
    """

    name: str
    label: str
    inputs: tuple[Input, ...]
    parse: Callable[..., str] = str
    hint: str = ""
    help: Help | None = None
    kind: Kind = Kind.TEXT
    inputmode: str = "text"
    choices: Choices = ()
    families: tuple[tuple[str, Choices], ...] = ()
    suggested: str = ""
    is_required: bool = True
    condition: str = ""
    is_secret: bool = False

    @property
    def answers(self) -> frozenset[str]:
        """The values that may be chosen, in the list itself and under its headings."""
        listed = (self.choices, *(choices for _, choices in self.families))
        return frozenset(value for choices in listed for value, _ in choices)
