"""`manage.py` on a machine that was given nothing, or given everything."""

import os
import subprocess
import sys

import pytest

import manage
from franceconnect.standalone import ROOT


@pytest.mark.parametrize(
    "argv",
    [[], ["help"], ["migrate", "--help"], ["--version"], ["makemessages"], ["collectstatic"]],
)
def test_commands_that_start_no_database(argv: list[str]) -> None:
    assert not manage.needs_database(["manage.py", *argv])


@pytest.mark.parametrize("argv", [["migrate"], ["shell"], ["makemigrations", "--check"]])
def test_commands_that_need_a_database(argv: list[str]) -> None:
    assert manage.needs_database(["manage.py", *argv])


def test_what_a_person_can_mend_is_one_sentence_on_stderr() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.endswith("DATABASE_URL")}
    environment["VAR_DIR"] = "/proc/nowhere"
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "VAR_DIR" in done.stderr
