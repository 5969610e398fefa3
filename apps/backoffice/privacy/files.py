"""The files that the broker writes or could write: logs, VAR_DIR, the temporary folder.

Every log is searched, the sandbox's own too: its partners know the canaries by design, but a log is
never the place where that shows.
"""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from apps.backoffice.privacy.place import CHUNK, Area, Piece, Place, Unreadable

OVERLAP: Final = 4096  # bytes, more than the longest needle: a value cut in two is found whole
SANDBOX: Final = "sandbox"
LOGS: Final = "log"
SERVER_LOG: Final = Path("postgres") / "server.log"


def of_var_dir(var_dir: Path) -> list[Place]:
    """Return the files of VAR_DIR, but the sandbox's folder and PostgreSQL's data and programs.

    The log that PostgreSQL keeps beside its data is among them: a statement that fails is there.
    """
    found = [
        Place(Area.LOGS if path.is_relative_to(var_dir / LOGS) else Area.FILES, str(path),
              partial(_stretches, path))
        for path in _files(var_dir, without=(var_dir / SANDBOX,))
    ]  # fmt: skip
    server_log = var_dir / SERVER_LOG
    if server_log.is_file():
        found.append(Place(Area.LOGS, str(server_log), partial(_stretches, server_log)))
    return found


def temporary(folder: Path, *, since: float, without: tuple[Path, ...]) -> list[Place]:
    """Return the files of a folder that changed after `since` and that we may read.

    Data of other installations, which have their own VAR_DIR and their own proof, are left out.
    """
    return [
        Place(Area.TEMPORARY, str(path), partial(_stretches, path))
        for path in _files(folder, without=without)
        if _is_recent(path, since) and os.access(path, os.R_OK)
    ]


def _files(folder: Path, *, without: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the regular files below a folder; links are not followed."""
    for parent, subfolders, names in os.walk(folder):
        here = Path(parent)
        subfolders[:] = sorted(
            name for name in subfolders if here / name not in without and not _is_other(here / name)
        )
        paths = (here / name for name in sorted(names))
        yield from (path for path in paths if path not in without and _is_regular(path))


def _is_other(folder: Path) -> bool:
    """Tell PostgreSQL's data, its programs, and the VAR_DIR of another installation."""
    marks = ("PG_VERSION", "bin/postgres", "secrets.env")
    try:
        return any((folder / mark).exists() for mark in marks)
    except PermissionError:
        return False


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False  # gone since it was listed


def _is_recent(path: Path, since: float) -> bool:
    try:
        return path.stat().st_mtime >= since
    except OSError:
        return False


def _stretches(path: Path) -> Iterator[Piece]:
    """Yield a file by stretches that overlap. Raises Unreadable."""
    tail, line = b"", 1
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                content = tail + chunk
                yield Piece(str(path), content, line=line)
                tail = content[-OVERLAP:]
                line += content.count(b"\n", 0, len(content) - len(tail))
    except OSError as failure:
        raise Unreadable(failure.strerror or type(failure).__name__) from failure
