#!/usr/bin/env python
"""Django's commands, under the settings that DJANGO_SETTINGS_MODULE names.

Without it, those of the sandbox for its own commands, of the back-office for the others.

Without a database URL, a command brings its own PostgreSQL: the one of `make sandbox` when it runs,
otherwise the same data started for the time of the command.
"""

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line
from django.db.utils import ProgrammingError
from psycopg.errors import UndefinedTable

from franceconnect import standalone
from franceconnect.errors import LauncherError

SANDBOX = "franceconnect.settings.sandbox"
BACKOFFICE = "franceconnect.settings.backoffice"
COMMANDS_OF_SANDBOX = standalone.ROOT / "apps" / "sandbox" / "management" / "commands"
WITHOUT_TABLES = (
    "La base n’a pas encore ses tables : lancez « make sandbox » une fois, "
    "ou manage.py migrate sur votre propre base."
)
WITHOUT_DATABASE = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "version",
}


def main(argv: list[str]) -> int:
    """Run one command; what a person can mend is told in one sentence."""
    settings = os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_for(argv))
    given = standalone.is_given("SANDBOX_DATABASE_URL" if settings == SANDBOX else "DATABASE_URL")
    try:
        if not given:
            standalone.ensure_secrets()
        with nullcontext() if given or not needs_database(argv) else standalone.databases():
            execute_from_command_line(argv)
    except LauncherError as error:
        print(error, file=sys.stderr)
        return 1
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        print(WITHOUT_TABLES, file=sys.stderr)
        return 1
    return 0


def settings_for(argv: list[str]) -> str:
    """Return the settings of whose command it is; `help COMMAND` is of the same."""
    named = next((word for word in argv[1:] if word != "help"), "")
    is_of_sandbox = (COMMANDS_OF_SANDBOX / f"{named}.py").is_file()
    return SANDBOX if is_of_sandbox else BACKOFFICE


def needs_database(argv: list[str]) -> bool:
    """Say whether a command line may open a connection."""
    if len(argv) < 2 or {"-h", "--help", "--version"} & set(argv):
        return False
    return argv[1] not in WITHOUT_DATABASE


if __name__ == "__main__":
    sys.exit(main(sys.argv))
