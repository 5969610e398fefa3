"""The catalogue of messages: for each kind, the words it may carry and how its subject is made.

A message carries what the machinery knows (a service, an account provider, a date, a code) and
nothing that an identity provider said of the citizen. Its templates are
`notifications/<name>/body.txt` and `body.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SUBJECT_LENGTH: Final = 60
"""Characters of a subject that a phone shows on one line or two."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    context     the words it carries, all of them required; `at` is an ISO 8601 date in UTC
    subject     French sentence where words of the context stand between braces
    yields      the word of the subject that is cut when the sentence is too long
    """

    name: str
    label: str
    context: frozenset[str]
    subject: str
    yields: str

    def build_subject(self, context: Mapping[str, str]) -> str:
        """Return the subject, at most SUBJECT_LENGTH characters, cut between words if it can."""
        room = SUBJECT_LENGTH - len(self.subject.format_map({**context, self.yields: ""}))
        shortened = _shorten(context[self.yields], room)
        return self.subject.format_map({**context, self.yields: shortened})


def _shorten(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    words = cut.rsplit(" ", 1)[0]
    return (words if len(words) > length // 2 else cut).rstrip(" -–,") + "…"


SIGN_IN_NOTICE: Final = Kind(
    name="sign_in_notice",
    label="avis de connexion",
    context=frozenset({"service", "account", "at", "code"}),
    subject="Connexion à {service} avec FranceConnect",
    yields="service",
)

CATALOGUE: Final = {kind.name: kind for kind in (SIGN_IN_NOTICE,)}


def kind_choices() -> list[tuple[str, str]]:
    """Return (name, label), for filters and forms."""
    return [(kind.name, kind.label) for kind in CATALOGUE.values()]
