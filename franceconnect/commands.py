"""Several Django commands in one process: starting Django costs more than most of them.

    python -m franceconnect.commands "migrate --no-input" "seed_sandbox"

The settings come from DJANGO_SETTINGS_MODULE; the first command that fails ends the rest.
"""

import shlex
import sys

import django
from django.core.management import CommandError, call_command


def main(lines: list[str]) -> int:
    """Run each command line in turn."""
    django.setup()
    for line in lines:
        name, *arguments = shlex.split(line)
        try:
            call_command(name, *arguments)
        except CommandError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
