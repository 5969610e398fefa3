"""Where the data of the embedded PostgreSQL is, and how it comes to be."""

import hashlib
import os
import shutil
from pathlib import Path

from franceconnect.errors import LauncherError
from franceconnect.postgres_programs import Account, Programs, readable_by_all
from franceconnect.preflight import check_space

USER = "franceconnect"  # the only role of the server
ROOT_HOME = Path("/var/lib/franceconnect")  # data of root, when nobody else may enter the checkout
SPACE_TO_CREATE = 200  # Mio


def find_home(data_dir: Path, account: Account) -> Path:
    """Return where the data really is.

    Root often works where nobody else may enter (/root). The data then goes under /var/lib, and
    a link stays at the place that was asked for.
    """
    if not data_dir.exists() and not account.can_enter(data_dir.parent):
        home = ROOT_HOME / fingerprint(data_dir) / "postgres"
        with readable_by_all():
            home.parent.mkdir(parents=True, exist_ok=True)
        data_dir.unlink(missing_ok=True)
        data_dir.symlink_to(home)
    return Path(os.path.realpath(data_dir))


def create(home: Path, programs: Programs, account: Account) -> None:
    """Create the data folder, whole or not at all. Raises LauncherError."""
    check_space(home.parent, SPACE_TO_CREATE)
    if home.exists() and any(home.iterdir()):
        raise LauncherError(f"Le dossier {home} n’est pas vide et n’est pas un dossier PostgreSQL.")
    draft = beside(home, "new")
    shutil.rmtree(draft, ignore_errors=True)
    account.own(draft)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    access = [f"--username={USER}", "--auth=trust"]
    initdb = [str(programs.folder / "initdb"), f"--pgdata={draft}", "--no-sync"]
    done = account.run([*initdb, *locale, *access], cwd=draft)
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise LauncherError(explain(done.stderr, home))
    draft.rename(home)


def check_version(home: Path, programs: Programs) -> None:
    """Refuse data that these programs did not write. Raises LauncherError."""
    written = (home / "PG_VERSION").read_text().strip()
    if written != str(programs.major):
        raise LauncherError(
            f"Les données de {home} sont celles de PostgreSQL {written} et le programme installé "
            f"est PostgreSQL {programs.major} : déplacez ce dossier ou faites « make reset »."
        )


def explain(said: str, home: Path) -> str:
    """Return why a PostgreSQL program failed, from what it said."""
    if "No space left on device" in said:
        return f"Le disque qui porte {home} est plein : PostgreSQL ne peut pas démarrer."
    fatal = [line.partition("FATAL:")[2].strip() for line in said.splitlines() if "FATAL:" in line]
    reason = fatal[-1] if fatal else (said.strip().splitlines() or ["sans un mot"])[-1]
    return f"PostgreSQL n’a pas démarré ({reason}) ; son journal : {home / 'server.log'}."


def beside(data_dir: Path, suffix: str) -> Path:
    """Return the companion of a data folder: its lock, its draft, its programs."""
    data_dir = Path(os.path.abspath(data_dir))
    return data_dir.with_name(f"{data_dir.name}.{suffix}")


def fingerprint(data_dir: Path) -> str:
    """Return a short name for a data folder, for what must lie outside of it."""
    return hashlib.sha256(os.fsencode(os.path.abspath(data_dir))).hexdigest()[:12]
