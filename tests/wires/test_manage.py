"""`manage.py` on a machine that was given nothing, or given everything."""

import os
import subprocess
import sys
from pathlib import Path

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


def run(*argv: str, var_dir: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a machine that was given nothing but a place for its data."""
    given = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {k: v for k, v in os.environ.items() if not k.endswith(given)}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *argv],
        env={**environment, "VAR_DIR": var_dir},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_a_person_can_mend_is_one_sentence_on_stderr() -> None:
    done = run("migrate", var_dir="/proc/nowhere")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "VAR_DIR" in done.stderr


def test_a_base_without_tables_is_said_so(tmp_path: Path) -> None:
    done = run("personas", "export", var_dir=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "make sandbox" in done.stderr


@pytest.mark.parametrize("argv", [["personas", "check"], ["sandbox_clock"], ["help", "personas"]])
def test_a_command_of_the_sandbox_runs_under_its_settings(argv: list[str]) -> None:
    assert manage.settings_for(["manage.py", *argv]) == manage.SANDBOX


@pytest.mark.parametrize("argv", [[], ["help"], ["migrate"], ["--help"], ["../personas"]])
def test_any_other_command_runs_under_the_back_office_s(argv: list[str]) -> None:
    assert manage.settings_for(["manage.py", *argv]) == manage.BACKOFFICE
