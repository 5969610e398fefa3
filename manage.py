#!/usr/bin/env python
"""Django's commands, under the back-office's settings unless DJANGO_SETTINGS_MODULE says otherwise.

Without a database URL, a command brings its own PostgreSQL: the one of `make sandbox` when it runs,
otherwise the same data started for the time of the command.
"""

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from franceconnect import standalone
from franceconnect.errors import LauncherError

SANDBOX = "franceconnect.settings.sandbox"
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
    settings = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "franceconnect.settings.backoffice")
    given = standalone.is_given("SANDBOX_DATABASE_URL" if settings == SANDBOX else "DATABASE_URL")
    try:
        if not given:
            standalone.ensure_secrets()
        with nullcontext() if given or not needs_database(argv) else standalone.databases():
            execute_from_command_line(argv)
    except LauncherError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def needs_database(argv: list[str]) -> bool:
    """Say whether a command line may open a connection."""
    if len(argv) < 2 or {"-h", "--help", "--version"} & set(argv):
        return False
    return argv[1] not in WITHOUT_DATABASE


if __name__ == "__main__":
    sys.exit(main(sys.argv))
