"""The commands of the sandbox speak French."""

from pathlib import Path

import pytest

from tests.house import commands


@pytest.mark.parametrize(
    "file", [f for f in commands.FILES if commands.SANDBOX in f.parents], ids=lambda file: file.stem
)
def test_a_command_and_each_of_its_options_say_in_french_what_they_are_for(file: Path) -> None:
    assert not commands.faults(file)
