"""What is kept of a trial. Words and numbers about the exchange; never a value of the person.

The sentences are made when the trial ends and kept as they are: a report is read for thirty days,
by whatever version of the platform. The rules are not kept: they quote values, such as the genders.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.trial import wording
from apps.protocol import errors

WORST_FIRST: Final = (Severity.BLOCKING, Severity.WARNING)


class Stage(StrEnum):
    """The steps of a trial, in their order."""

    DEPARTURE = "departure"
    RETURN = "return"
    CODE = "code"
    ID_TOKEN = "id_token"  # noqa: S105 - the name of a step
    USERINFO = "userinfo"

    @property
    def label(self) -> str:
        """What is done once the step is."""
        return _STAGES[self]


_STAGES: Final = {
    Stage.DEPARTURE: "Départ vers le fournisseur, d’après sa configuration",
    Stage.RETURN: "Retour du fournisseur avec un code",
    Stage.CODE: "Code échangé contre les jetons (/token)",
    Stage.ID_TOKEN: "ID token vérifié",
    Stage.USERINFO: "Identité reçue (/userinfo)",
}


@dataclass(frozen=True)
class Step:
    """A step that was reached. milliseconds: what it took us, None when the person took the time."""

    stage: Stage
    milliseconds: int | None = None


@dataclass(frozen=True)
class Stop:
    """Why a trial stopped. code and slug are those of the catalogue, "" when it has no such error."""

    stage: Stage
    code: str
    slug: str
    text: str
    detail: str = ""

    @classmethod
    def of(cls, stage: Stage, failure: errors.ProtocolError) -> "Stop":
        """Return why, from an error: its `debug` is the rule and the field, never a value."""
        spec = failure.spec
        return cls(stage, spec.code, spec.slug, spec.operator, failure.debug[:200])


@dataclass(frozen=True)
class Line:
    """What is said of one claim: how bad, its form, what to mend; no value."""

    name: str
    severity: Severity
    form: str
    advice: str = ""

    @property
    def title(self) -> str:
        """What the claim is, in words."""
        return wording.TITLES[self.name]

    @property
    def rule(self) -> str:
        """What the claim must be."""
        return wording.RULES[self.name]


@dataclass(frozen=True)
class Report:
    """All that an agent reads of a trial.

    level          the judgement of `acr`; None before an ID token was verified
    claims         one line a claim that we read; empty before /userinfo was read
    unknown_names  names of claims that we drop; unnamed: how many more there were
    """

    steps: tuple[Step, ...] = ()
    stop: Stop | None = None
    level: Line | None = None
    methods: Line | None = None
    claims: tuple[Line, ...] = ()
    unknown_names: tuple[str, ...] = ()
    unnamed: int = 0
    id_token: str = ""
    userinfo: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line that was judged."""
        judged = (self.level, self.methods)
        return (*(line for line in judged if line), *self.claims)

    @property
    def verdict(self) -> Severity:
        """The worst that was found; a trial that stopped is blocking."""
        if self.stop:
            return Severity.BLOCKING
        found = {line.severity for line in self.lines}
        return next((severity for severity in WORST_FIRST if severity in found), Severity.CONFORM)

    @property
    def to_mend(self) -> tuple[Line, ...]:
        """What asks for something, the worst first."""
        return tuple(
            line for severity in WORST_FIRST for line in self.lines if line.severity is severity
        )

    @property
    def not_reached(self) -> tuple[Stage, ...]:
        """The steps that come after the one where the trial stopped."""
        known = {step.stage for step in self.steps} | ({self.stop.stage} if self.stop else set())
        return tuple(stage for stage in Stage if stage not in known)

    def stopped(self, stage: Stage, failure: errors.ProtocolError) -> "Report":
        """Return this report of a trial that an error stopped at this step."""
        reached = tuple(step for step in self.steps if step.stage is not stage)
        return replace(self, steps=reached, stop=Stop.of(stage, failure))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Report":
        """Return the report that `to_dict` gave."""
        return cls(
            steps=tuple(Step(Stage(s["stage"]), s["milliseconds"]) for s in kept["steps"]),
            stop=_stop(kept["stop"]),
            level=_line(kept["level"]),
            methods=_line(kept["methods"]),
            claims=tuple(line for claim in kept["claims"] if (line := _line(claim))),
            unknown_names=tuple(kept["unknown_names"]),
            unnamed=kept["unnamed"],
            id_token=kept["id_token"],
            userinfo=kept["userinfo"],
        )


def _stop(kept: Mapping[str, Any] | None) -> Stop | None:
    return Stop(**{**kept, "stage": Stage(kept["stage"])}) if kept else None


def _line(kept: Mapping[str, Any] | None) -> Line | None:
    return Line(**{**kept, "severity": Severity(kept["severity"])}) if kept else None
