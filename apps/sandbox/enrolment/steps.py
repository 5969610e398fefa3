"""An enrolment as data: the steps, what each asks, and what verifies it.

The engine knows nothing of tax numbers nor of letters: `impots`, `ameli` and `laposte` say here
what they ask, verify a `Submission`, and make the account at the end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from apps.sandbox.forms.fields import Field
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import IdentityAccount


class StepRefused(Exception):
    """A step that cannot be accepted; `errors` are for the person, by name of field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(*errors)
        self.errors = errors


@dataclass(frozen=True, repr=False)
class Submission:
    """A step as it was sent, each of its values in its canonical writing.

    values    of this step, and of those before but for their secrets
    proved    what the steps before established
    address   where it comes from, for the throttle
    account   whose session it is, when the enrolment goes on with an account
    """

    site: IdentityProviderSite
    values: Mapping[str, str]
    proved: Mapping[str, str]
    address: str
    account: IdentityAccount | None = None


def prove_nothing(submission: Submission) -> Mapping[str, str]:
    """Accept a step whose fields are well formed."""
    return {}


def ask_no_more(typed: Mapping[str, str]) -> tuple[Field, ...]:
    """Have a step ask the same whatever was typed."""
    return ()


def know_nothing(account: IdentityAccount) -> Mapping[str, str]:
    """Have every step of an enrolment begin empty."""
    return {}


@dataclass(frozen=True)
class Step:
    """One page: its fields, its button, and what verifies it.

    verify   returns what is now established; raises StepRefused, throttle.TooManyFailures
    follow   the fields that what was typed calls for, by name of input, after the others
    """

    slug: str
    title: str
    button: str
    fields: tuple[Field, ...] = ()
    lead: str = ""
    verify: Callable[[Submission], Mapping[str, str]] = prove_nothing
    follow: Callable[[Mapping[str, str]], tuple[Field, ...]] = ask_no_more

    def fields_for(self, typed: Mapping[str, str]) -> tuple[Field, ...]:
        """Return what the page asks of who typed this."""
        return (*self.fields, *self.follow(typed))


@dataclass(frozen=True)
class Done:
    """The page at the end.

    again         the link to the portal, or ""
    again_place   the id there of what the link is about, or ""
    """

    title: str
    text: str
    next_label: str = ""
    next_address: str = ""
    again: str = ""
    again_place: str = ""


@dataclass(frozen=True)
class Enrolment:
    """The way to an account, or a part of it.

    start    the button that begins it
    finish   runs in a transaction, once; returns the account that was made or went on, or None;
             raises StepRefused, throttle.TooManyFailures
    needs    the states in which an account may go through it; empty when none is needed
    known    what the account that goes through it already said, by name of input
    """

    slug: str
    site: str
    start: str
    steps: tuple[Step, ...]
    finish: Callable[[Submission], IdentityAccount | None]
    done: Done
    needs: frozenset[str] = field(default_factory=frozenset)
    known: Callable[[IdentityAccount], Mapping[str, str]] = know_nothing

    def index_of(self, slug: str) -> int | None:
        """Return the rank of a step, from 0, or None."""
        return next((i for i, step in enumerate(self.steps) if step.slug == slug), None)
