"""`make sandbox` and `make reset` as a person meets them when something is in the way."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from franceconnect import embedded_postgres, preflight
from franceconnect.standalone import ROOT


def supervise(var_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = {k: v for k, v in os.environ.items() if not k.endswith("DATABASE_URL")}
    return subprocess.run(
        [sys.executable, "-m", "franceconnect.supervisor", *arguments],
        cwd=ROOT,
        env=given | {"VAR_DIR": str(var_dir)} | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_one_sentence_and_nothing_starts(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = supervise(folder, BROKER_PORT=port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().count("\n") == 0
    assert f"BROKER_PORT={int(port) % 60000 + 1000}" in done.stderr
    assert not (folder / "postgres").exists()


def test_reset_forgets_the_data_and_keeps_the_keys(folder: Path) -> None:
    embedded_postgres.start(folder / "postgres")
    (folder / "sandbox" / "partners").mkdir(parents=True)
    (folder / "staff-accounts.txt").write_text("admin secret\n")
    done = supervise(folder, "reset")
    assert (done.returncode, done.stderr) == (0, "")
    left = {path.name for path in folder.iterdir()}
    assert {"secrets.env", "signing-keys.json"} <= left
    assert not left & {"postgres", "sandbox", "staff-accounts.txt"}


def test_reset_refuses_under_a_running_sandbox(folder: Path) -> None:
    (folder / "staff-accounts.txt").write_text("admin secret\n")
    with preflight.alone(folder):
        done = supervise(folder, "reset")
    assert done.returncode == 1
    assert "tourne déjà" in done.stderr
    assert (folder / "staff-accounts.txt").exists()
