"""The lines of a report: a form in words, out of which no value can be read back."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.trial import judging, wording
from apps.identity_providers.trial.report import Line, Report, Stage, Step, Stop
from apps.protocol import errors, pivot
from apps.protocol.acr import Acr
from apps.protocol.pivot import Flaw
from tests.programmable_idp import ANGELE

TODAY = date(2026, 3, 1)
SECRET = "ЖЗЙЛж\u200b\x00"  # letters and signs that none of our sentences has
VALUES = st.one_of(
    st.text(SECRET + "- ’", min_size=1, max_size=300),
    st.lists(st.text(SECRET, min_size=1), min_size=1),
    st.dictionaries(st.text(SECRET, min_size=1), st.text(SECRET), min_size=1),
)
PROVIDER = IdentityProvider(allowed_acr=["eidas1", "eidas2"], amr=["pwd"])


def line_of(name: str, **changes: Any) -> Line:
    return next(
        line for line in judging.claims({**ANGELE, **changes}, today=TODAY) if line.name == name
    )


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(st.dictionaries(st.sampled_from([*pivot.FIELDS, "other", SECRET]), VALUES))
def test_no_character_of_a_value_is_in_a_line(changes: dict[str, Any]) -> None:
    received = {**ANGELE, **changes}
    told = str(judging.claims(received, today=TODAY)) + str(judging.unknown(received))
    assert not set(SECRET) & set(told)


@pytest.mark.parametrize("sample", ["12/03/1985", "0612345678", "2 85 03 75 056 001"])
def test_no_digit_of_a_refused_value_is_told(sample: str) -> None:
    form = line_of("birthdate", birthdate=sample).form
    assert {character for character in form if character.isdigit()} == {"9"}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("JEAN", "1 mot, capitales sans accents"),
        ("Zoé", "1 mot, capitales et minuscules avec accents"),
        ("jean marie", "2 mots, minuscules sans accents, séparateur\u202f: espace"),
        (
            "D’ÉPÉE-ŒUVRE",
            "1 mot, capitales avec accents, séparateurs\u202f: trait d’union, apostrophe",
        ),
    ],
)
def test_the_form_of_a_name(name: str, form: str) -> None:
    assert line_of("family_name", family_name=name).form == form


@pytest.mark.parametrize(
    ("changes", "severity", "form"),
    [
        ({"birthplace": "75056"}, "conform", "code COG d’une commune, qui existait à cette date"),
        ({"birthplace": "2A004", "birthdate": "1950-00-00"}, "warning", "code COG d’une commune, qui n’existait pas à cette date"),
        ({"birthplace": "2A004", "birthdate": "1976-00-00"}, "conform", "code COG d’une commune, qui existait à cette date"),
        ({"birthplace": "75056", "birthdate": "?"}, "conform", "code COG d’une commune"),
        ({"birthplace": "75999"}, "warning", "5 caractères, comme un code COG"),
        ({"birthplace": "", "birthcountry": "99352"}, "conform", "vide\u202f: naissance hors de France"),
        ({"birthplace": "Paris 1er"}, "blocking", "texte avec des lettres"),
        ({"birthplace": 75056}, "blocking", "un nombre JSON"),
    ],
)  # fmt: skip
def test_the_form_of_a_birthplace(changes: dict[str, Any], severity: str, form: str) -> None:
    line = line_of("birthplace", **changes)
    assert (line.severity.value, line.form) == (severity, form)


def test_a_sub_that_is_an_address_is_odd() -> None:
    assert line_of("sub", sub="angele@example.org").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("returned", "slug"),
    [("", errors.ACR_MISSING), ("or", errors.ACR_TOO_LOW), ("eidas3", errors.ACR_NOT_ALLOWED)],
)
def test_a_level_that_a_sign_in_would_refuse_is_blocking(
    returned: str, slug: errors.ErrorSpec
) -> None:
    line = judging.level(returned, asked=Acr.EIDAS1, provider=PROVIDER)
    assert (line.severity, line.advice) == (Severity.BLOCKING, slug.operator)


def test_methods_that_are_not_those_of_the_row_are_to_be_looked_at() -> None:
    assert judging.methods((), provider=PROVIDER).severity is Severity.CONFORM
    assert judging.methods(("pwd",), provider=PROVIDER).severity is Severity.CONFORM
    line = judging.methods(("otp", SECRET), provider=PROVIDER)
    assert line.severity is Severity.WARNING
    assert line.form == "rendues\u202f: otp autre\u202f; dans la fiche\u202f: pwd"


@pytest.mark.parametrize(
    ("value", "advice"), [("", "obligatoire, et vide"), ("É" * 257, "trop long")]
)
def test_an_empty_value_is_told_from_one_that_is_too_long(value: str, advice: str) -> None:
    assert line_of("family_name", family_name=value).advice == advice


def test_every_line_and_every_flaw_has_its_words() -> None:
    judged = {*pivot.FIELDS, judging.LEVEL, judging.METHODS}
    assert judged == wording.RULES.keys() == wording.TITLES.keys()
    assert wording.FLAWS.keys() == set(Flaw)


def test_a_report_is_read_again_as_it_was_written() -> None:
    stop = Stop.of(
        Stage.CODE, errors.ProtocolError(errors.IDP_TOKEN_FAILED, debug="HTTP status 400")
    )
    line = Line("acr", Severity.WARNING, "forme", "conseil")
    report = Report(
        (Step(Stage.RETURN), Step(Stage.CODE, 12)), stop, line, line, (line,), ("nir",), 2, "a", "b"
    )
    assert Report.from_dict(report.to_dict()) == report
    assert Report.from_dict(Report().to_dict()) == Report()
