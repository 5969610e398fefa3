"""Start, join and stop the PostgreSQL of a machine that has none.

The server listens on a Unix socket in a folder of mode 0700 and nowhere else: whoever may open the
folder is trusted, so there is no password to keep.

Theory. The only proof that a server runs is a connection that answers with our data folder; a PID
file proves nothing (it outlives a crash, its number is given to another program, a zombie still
owns it). Starting, stopping and creating are serialised by a lock on `<data>.lock`, which the
kernel drops with its owner. A server started by `running` belongs to its users, who hold a shared
lock on `<data>.users`: the last to leave stops it, however the one who started it ended.
"""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from franceconnect.errors import LauncherError
from franceconnect.postgres_data import (
    USER,
    beside,
    check_version,
    create,
    explain,
    find_home,
    fingerprint,
)
from franceconnect.postgres_programs import Account, find_account, find_programs
from franceconnect.preflight import check_space

PORT = 5432  # names the socket file; nothing listens on TCP
SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103
SPACE_TO_START = 40  # Mio
PATIENCE = 60.0  # seconds, to start or to stop; recovery after a crash may be long
NO_PROCESS = 2**31 - 1  # a PID that no kernel gives
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "synchronous_commit": "on",
    "jit": "off",  # compiling costs more than any statement of ours
    "lc_messages": "C",  # `_probe` and `explain` read the messages
    "log_min_messages": "warning",
}
_CHILDREN: dict[Path, subprocess.Popen[bytes]] = {}  # by data folder; a parent buries its children


class _NotYet(Exception):
    """A server answers, but takes no connection at this moment."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that answers on this socket for this data folder."""

    data_dir: Path
    socket_dir: Path
    port: int = PORT
    started_here: bool = False

    def dsn(self, dbname: str) -> str:
        """Return the libpq connection string of a database."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_dir), port=self.port, user=USER, dbname=dbname
        )

    def is_running(self) -> bool:
        """Say whether it still answers."""
        return _speaks(self)

    def stop(self) -> None:
        """Shut the server down: transactions under way are rolled back. Raises LauncherError."""
        with _locked(self.data_dir):
            _stop(self)


def socket_dir_for(data_dir: Path) -> Path:
    """Return the folder of the socket, without touching anything.

    It is in the data folder, or in /tmp when its path would not fit in a socket address.
    """
    folder = Path(os.path.abspath(data_dir)) / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return folder
    return Path("/tmp") / f"franceconnect-{fingerprint(data_dir)}"  # noqa: S108 see Account.own


def start(data_dir: Path) -> Server:
    """Return the running server of this folder, after creating and starting what is missing.

    `started_here` tells a server that this call started from one that was already there.
    Raises LauncherError.
    """
    server = _server(data_dir)
    with _locked(server.data_dir):
        return server if _wait(server) else _launch(server)


@contextmanager
def running(data_dir: Path) -> Iterator[Server]:
    """Keep a server running for the block. The last block to leave stops it, if one started it."""
    with _opened(beside(data_dir, "users")) as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = start(data_dir)
        if server.started_here:
            users.write(b"stop when unused\n")
            users.flush()
        try:
            yield server
        finally:
            if _is_last_user(users):
                users.truncate(0)
                server.stop()


def create_database(server: Server, name: str) -> None:
    """Make sure that this database exists."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:
            return


def remove(data_dir: Path) -> None:
    """Stop the server of this folder and delete all that belongs to it. Raises LauncherError."""
    server = _server(data_dir)
    with _locked(server.data_dir):
        if _wait(server):
            _stop(server)
        home = Path(os.path.realpath(data_dir))
        for folder in (home, beside(home, "programs"), beside(home, "new"), server.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)
        if server.data_dir.is_symlink():
            server.data_dir.unlink()
            for folder in (home.parent, home.parent.parent):
                with suppress(OSError):  # others may keep theirs beside
                    folder.rmdir()
    for suffix in ("lock", "users"):
        beside(data_dir, suffix).unlink(missing_ok=True)


def _server(data_dir: Path) -> Server:
    return Server(Path(os.path.abspath(data_dir)), socket_dir_for(data_dir))


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    with _opened(beside(data_dir, "lock")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opened(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+b")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise LauncherError(f"Le disque qui porte {path.parent} est plein.") from None
        raise LauncherError(
            f"Impossible d’écrire {path} : relancez la commande sous le même utilisateur que la "
            "première fois, ou choisissez un autre dossier avec VAR_DIR."
        ) from None


def _is_last_user(users: IO[bytes]) -> bool:
    """Say whether nobody else uses a server that one of its users started."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    users.seek(0)
    return bool(users.read())


def _wait(server: Server, process: subprocess.Popen[bytes] | None = None) -> bool:
    """Say whether the server answers, once it has made up its mind (recovery, shutdown, start).

    With `process`, the server being started, its silence means "not yet" until it ends.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if _probe(server):
                return True
            if process is None or process.poll() is not None:
                return False
        except _NotYet:
            pass
        time.sleep(0.02)
    raise LauncherError(
        f"PostgreSQL ne répond pas après {PATIENCE:.0f} secondes ; "
        f"son journal : {server.data_dir / 'server.log'}."
    )


def _probe(server: Server) -> bool:
    """Say whether our data folder answers on the socket. Raises _NotYet, LauncherError."""
    try:
        with psycopg.connect(server.dsn("postgres"), connect_timeout=5) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError as error:
        if "FATAL" in str(error):  # the server speaks: starting, stopping or full
            raise _NotYet from None
        return False
    if row is None or Path(row[0]).resolve() != server.data_dir.resolve():
        raise LauncherError(
            f"Un autre PostgreSQL répond dans {server.socket_dir} : arrêtez-le ou choisissez un "
            "autre dossier avec VAR_DIR."
        )
    return True


def _launch(server: Server) -> Server:
    account = find_account(server.data_dir)
    home = find_home(server.data_dir, account)
    programs = find_programs(account, copy_in=beside(home, "programs"))
    if not (home / "PG_VERSION").exists():
        create(home, programs, account)
    check_version(home, programs)
    check_space(home, SPACE_TO_START)
    in_data = server.socket_dir == server.data_dir / "socket"
    socket_dir = home / "socket" if in_data else server.socket_dir
    account.own(socket_dir)
    for pid_file in (home / "postmaster.pid", socket_dir / f".s.PGSQL.{PORT}.lock"):
        _disown(pid_file)
    settings = SETTINGS | {"unix_socket_directories": f'"{socket_dir}"'}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(programs.folder / "postgres"), "-D", str(home), "-p", str(PORT), *options]
    _reap(server.data_dir)
    _CHILDREN[server.data_dir] = _run_until_it_answers(server, command, home, account)
    return replace(server, started_here=True)


def _disown(pid_file: Path) -> None:
    """Make a PID file left by a dead server harmless; we know that no server answers.

    PostgreSQL refuses to start while the process named there exists, be it a zombie or a program
    that was given the same number. Naming a process that cannot exist leaves the rest of the file
    for PostgreSQL's own proof, which is the shared memory segment.
    """
    try:
        first, newline, rest = pid_file.read_text().partition("\n")
    except FileNotFoundError:
        return
    if first.strip().isdigit():
        pid_file.write_text(f"{NO_PROCESS}{newline}{rest}")
    else:
        pid_file.unlink()


def _run_until_it_answers(
    server: Server, command: list[str], home: Path, account: Account
) -> subprocess.Popen[bytes]:
    """Start the server, again while the children of a killed one finish leaving."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with (home / "server.log").open("ab") as log:
            before = log.tell()
            process = account.spawn(command, home, log)
        try:
            if _wait(server, process):
                return process
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        said = (home / "server.log").read_bytes()[before:].decode(errors="replace")
        if "still in use" not in said or time.monotonic() > deadline:
            raise LauncherError(explain(said, home))
        time.sleep(0.1)


def _stop(server: Server) -> None:
    pid_file = server.data_dir / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().partition("\n")[0])
        if not _speaks(server):
            return
        os.kill(pid, signal.SIGINT)  # "fast": PostgreSQL's own name for it
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return  # gone, or going: a server stops by itself when its PID file is spoilt
    deadline = time.monotonic() + PATIENCE
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    if pid_file.exists():
        os.kill(pid, signal.SIGQUIT)
    _reap(server.data_dir)


def _speaks(server: Server) -> bool:
    """Say whether a server of ours is there, even one that takes no connection now."""
    try:
        return _probe(server)
    except _NotYet:
        return True


def _reap(data_dir: Path) -> None:
    """Bury the server that this process started, when it has ended."""
    child = _CHILDREN.get(data_dir)
    if child is not None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
            del _CHILDREN[data_dir]
