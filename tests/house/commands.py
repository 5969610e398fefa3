"""What a command says of itself and of its options, as `--help` shows it."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.core.management.base import BaseCommand

from tests.house import french
from tests.house.tree import ROOT

SANDBOX = ROOT / "apps" / "sandbox"
FILES = sorted(ROOT.glob("apps/*/management/commands/[a-z]*.py"))


def faults(file: Path) -> list[str]:
    """Return what says nothing, or breaks French typography: the command, or an option of ours."""
    command = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)).Command()
    parser = command.create_parser("manage.py", file.stem)
    told = {file.stem: command.help, **{a.dest: a.help or "" for a in _ours(parser)}}
    silent = [f"{name}: no help" for name, said in told.items() if not said]
    return silent + [fault for said in told.values() for fault in french.faults(said)]


def _ours(parser: ArgumentParser) -> Iterator[Action]:
    """Yield the options that Django does not give to every command."""
    usual = {action.dest for action in BaseCommand().create_parser("manage.py", "x")._actions}
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            yield from action._choices_actions
            for inner in action.choices.values():
                yield from _ours(inner)
        elif action.dest not in usual:
            yield action
