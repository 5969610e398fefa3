"""What a machine that was given nothing needs before Django can start: keys, PostgreSQL.

The settings cannot be read before the keys exist, so this module looks at the environment itself,
for where the data is (VAR_DIR) and whether a database was given (DATABASE_URL and
SANDBOX_DATABASE_URL). Everything else belongs to `franceconnect.settings.base`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from franceconnect import embedded_postgres, secrets
from franceconnect.errors import LauncherError

ROOT = Path(__file__).resolve().parent.parent
DATABASES = {"DATABASE_URL": "franceconnect", "SANDBOX_DATABASE_URL": "sandbox"}


def var_dir() -> Path:
    """Return the folder of everything that is generated."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def is_given(variable: str) -> bool:
    """Say whether this database was given by its URL rather than left to the embedded server."""
    return bool(os.environ.get(variable))


def ensure_secrets() -> None:
    """Make sure that the keys of this machine exist. Raises LauncherError."""
    try:
        secrets.ensure(var_dir())
    except OSError as error:
        raise LauncherError(
            f"Impossible d’écrire dans {var_dir()} ({error.strerror}) : vérifiez l’espace libre et "
            "les droits, ou choisissez un autre dossier avec VAR_DIR."
        ) from None


@contextmanager
def databases() -> Iterator[embedded_postgres.Server | None]:
    """Keep the databases that were not given available for the block.

    The value is the embedded server, or None when there is nothing for it to hold.
    Raises LauncherError.
    """
    missing = [name for variable, name in DATABASES.items() if not is_given(variable)]
    if not missing:
        yield None
        return
    with embedded_postgres.running(var_dir() / "postgres") as server:
        for name in missing:
            embedded_postgres.create_database(server, name)
        yield server
