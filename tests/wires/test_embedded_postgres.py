"""The launcher against the accidents of a laptop: crash, stale files, two starts at once, root."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from franceconnect import embedded_postgres, postgres_data
from franceconnect.embedded_postgres import Server
from franceconnect.errors import LauncherError

AS_ROOT = os.geteuid() == 0


def ask(server: Server, question: str, dbname: str = "postgres") -> object:
    with psycopg.connect(server.dsn(dbname), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def answers(data_dir: Path) -> bool:
    path = embedded_postgres.socket_dir_for(data_dir) / ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postmaster.pid").read_text().split()[0])


@contextmanager
def started_by_another_program(data_dir: Path) -> Iterator[None]:
    program = (
        "import pathlib, sys, time; from franceconnect import embedded_postgres as e\n"
        "e.start(pathlib.Path(sys.argv[1])); print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def test_the_second_start_joins_the_first(data_dir: Path) -> None:
    first = embedded_postgres.start(data_dir)
    second = embedded_postgres.start(data_dir)
    assert (first.started_here, second.started_here) == (True, False)
    assert first == second or first.socket_dir == second.socket_dir
    first.stop()
    assert not answers(data_dir)
    second.stop()  # stopping what is stopped is not an error


def test_two_starts_at_once_give_one_server(data_dir: Path) -> None:
    servers: list[Server] = []
    threads = [
        threading.Thread(target=lambda: servers.append(embedded_postgres.start(data_dir)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(server.started_here for server in servers) == [False, False, True]
    next(server for server in servers if server.started_here).stop()


def test_nothing_listens_on_the_network_and_the_socket_is_private(data_dir: Path) -> None:
    with embedded_postgres.running(data_dir) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        assert (server.socket_dir).stat().st_mode & 0o777 == 0o700
        assert ask(server, "SHOW synchronous_commit") == "on"


def test_a_database_is_created_once_and_folds_french_letters(data_dir: Path) -> None:
    with embedded_postgres.running(data_dir) as server:
        for _ in range(2):
            embedded_postgres.create_database(server, "franceconnect")
        assert ask(server, "SELECT lower('ÉŒÇ')", "franceconnect") == "éœç"


def test_a_killed_server_comes_back_with_its_data(data_dir: Path) -> None:
    with started_by_another_program(data_dir):
        server = embedded_postgres.start(data_dir)
        with psycopg.connect(server.dsn("postgres")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        killed = postmaster(data_dir)
        os.kill(killed, signal.SIGKILL)  # its parent does not reap it: a zombie owns the PID
        again = embedded_postgres.start(data_dir)
        assert again.started_here
        assert postmaster(data_dir) != killed
        assert ask(again, "SELECT answer FROM kept") == 42
        again.stop()


def test_a_pid_file_proves_nothing(data_dir: Path) -> None:
    embedded_postgres.start(data_dir).stop()
    for left in (f"{os.getpid()}\n/x\n", "1\n", "", "not a number\n", "4194303\n/x\n"):
        (data_dir / "postmaster.pid").write_text(left)
        again = embedded_postgres.start(data_dir)
        assert again.started_here, left
        again.stop()


def test_data_of_another_version_is_refused_untouched(data_dir: Path) -> None:
    embedded_postgres.start(data_dir).stop()
    (data_dir / "PG_VERSION").write_text("15\n")
    with pytest.raises(LauncherError, match=r"PostgreSQL 15 .* PostgreSQL 18"):
        embedded_postgres.start(data_dir)
    assert (data_dir / "PG_VERSION").read_text() == "15\n"


def test_a_folder_of_something_else_is_refused_untouched(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "photo.jpg").write_text("mine")
    with pytest.raises(LauncherError, match="n’est pas vide"):
        embedded_postgres.start(data_dir)
    assert (data_dir / "photo.jpg").read_text() == "mine"


def test_an_interrupted_creation_is_begun_again(data_dir: Path) -> None:
    draft = data_dir.with_name("postgres.new")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    with embedded_postgres.running(data_dir) as server:
        assert ask(server, "SELECT 1") == 1
    assert not draft.exists()


def test_root_runs_it_as_somebody_else(data_dir: Path) -> None:
    with embedded_postgres.running(data_dir):
        owner = Path(f"/proc/{postmaster(data_dir)}").stat().st_uid
        assert owner == data_dir.stat().st_uid
        assert (owner == 0) is False
        assert (owner == os.geteuid()) is not AS_ROOT


def test_a_closed_folder_stays_closed(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)
    strict = os.umask(0o077)
    with embedded_postgres.running(data_dir) as server:
        assert ask(server, "SELECT 1") == 1
        assert data_dir.is_symlink() is AS_ROOT
    assert os.umask(strict) == 0o077
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700
    with embedded_postgres.running(data_dir) as server:
        assert ask(server, "SELECT 1") == 1
    home = Path(os.path.realpath(data_dir))
    embedded_postgres.remove(data_dir)
    assert not home.exists()
    assert list(data_dir.parent.iterdir()) == []


def test_a_long_path_puts_the_socket_in_a_private_folder(folder: Path) -> None:
    data_dir = folder / ("long-" * 20) / "postgres"
    data_dir.parent.mkdir()
    with embedded_postgres.running(data_dir) as server:
        assert server.socket_dir.parent == folder.parent
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert ask(server, "SELECT 1") == 1
    embedded_postgres.remove(data_dir)
    assert not server.socket_dir.exists()


def test_a_socket_folder_that_others_may_enter_is_refused(folder: Path) -> None:
    data_dir = folder / ("long-" * 20) / "postgres"
    data_dir.parent.mkdir()
    trap = embedded_postgres.socket_dir_for(data_dir)
    trap.mkdir()
    trap.chmod(0o777)
    with pytest.raises(LauncherError, match="n’est pas à nous"):
        embedded_postgres.start(data_dir)
    embedded_postgres.remove(data_dir)


def test_the_last_to_leave_stops_the_server(data_dir: Path) -> None:
    with ExitStack() as second:
        with embedded_postgres.running(data_dir) as first:
            assert first.started_here
            assert not second.enter_context(embedded_postgres.running(data_dir)).started_here
        assert answers(data_dir)
    assert not answers(data_dir)


def test_a_server_that_nobody_here_started_is_left_running(data_dir: Path) -> None:
    server = embedded_postgres.start(data_dir)
    with embedded_postgres.running(data_dir):
        pass
    assert answers(data_dir)
    server.stop()


def test_the_server_of_a_killed_program_is_stopped_by_the_next(data_dir: Path) -> None:
    program = (
        "import os, pathlib, sys; from franceconnect import embedded_postgres as e\n"
        "with e.running(pathlib.Path(sys.argv[1])): os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(data_dir)], check=False)
    assert answers(data_dir)
    with embedded_postgres.running(data_dir) as server:
        assert not server.started_here
    assert not answers(data_dir)


def test_a_disk_that_fills_up_is_told_in_one_sentence(folder: Path) -> None:
    said = "FATAL:  could not write lock file: No space left on device"
    assert "est plein" in postgres_data.explain(said, folder)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence() -> None:
    with pytest.raises(LauncherError, match="VAR_DIR"):
        embedded_postgres.start(Path("/proc/nowhere/postgres"))
