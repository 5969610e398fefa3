"""What can be known to be wrong before anything is started, each in one sentence."""

import fcntl
import json
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from franceconnect.errors import LauncherError

LOCK_FILE = "sandbox.lock"
STATE_FILE = "sandbox.json"
SPACE = 300  # Mio: PostgreSQL's data, the static files and the logs
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


@dataclass(frozen=True)
class Port:
    """A port that a program will listen on."""

    number: int
    setting: str
    used_by: str


@contextmanager
def alone(var_dir: Path) -> Iterator[None]:
    """Be the only sandbox of this folder for the block. Raises LauncherError."""
    with _opened(var_dir / LOCK_FILE) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LauncherError(
                f"Un bac à sable tourne déjà{_address(var_dir)} : arrêtez-le par Ctrl-C, ou donnez "
                "au second d’autres ports et un autre dossier avec VAR_DIR."
            ) from None
        yield


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("w")
    except OSError as error:
        raise LauncherError(
            f"Impossible d’ouvrir {path} ({error.strerror}) : supprimez-le, ou choisissez un autre "
            "dossier avec VAR_DIR."
        ) from None


def _address(var_dir: Path) -> str:
    try:
        return f" ({json.loads((var_dir / STATE_FILE).read_text())['urls']['sandbox']})"
    except (OSError, ValueError, KeyError):
        return ""


def check_space(folder: Path, needed: int = SPACE) -> None:
    """Refuse a disk with less free space than this, in Mio. Raises LauncherError."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < needed:
        raise LauncherError(
            f"Le disque qui porte {folder} est plein : il reste {free} Mio et il en faut {needed}."
        )


def check_ports(ports: Sequence[Port]) -> None:
    """Refuse a port that is asked twice, forbidden or taken. Raises LauncherError."""
    _check_twice(ports)
    for port in ports:
        _check_port(port)


def _check_twice(ports: Sequence[Port]) -> None:
    wanted: dict[int, Port] = {}
    for port in ports:
        other = wanted.setdefault(port.number, port)
        if other is not port:
            raise LauncherError(
                f"Le port {port.number} est demandé deux fois : changez {port.setting} ou "
                f"{other.setting}."
            )


def _check_port(port: Port) -> None:
    advice = f"choisissez-en un autre, par exemple {port.setting}={port.number % 60000 + 1000}"
    if not 1 <= port.number <= 65535:
        raise LauncherError(f"{port.setting}={port.number} n’est pas un port : {advice}.")
    if any(_answers(family, host, port.number) for family, host in LOOPBACKS):
        raise LauncherError(
            f"Le port {port.number}, prévu pour {port.used_by}, est déjà pris par un autre "
            f"programme : arrêtez-le ou {advice}."
        )
    try:
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind(("127.0.0.1", port.number))
    except OSError as error:
        reason = "est réservé à root" if isinstance(error, PermissionError) else "est déjà pris"
        raise LauncherError(
            f"Le port {port.number}, prévu pour {port.used_by}, {reason} : {advice}."
        ) from None


def _answers(family: socket.AddressFamily, host: str, number: int) -> bool:
    """Say whether a program listens there; browsers try ::1 first for `localhost`."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as client:
            client.settimeout(0.5)
            return client.connect_ex((host, number)) == 0
    except OSError:
        return False
