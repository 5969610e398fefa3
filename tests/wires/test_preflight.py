"""What `make sandbox` refuses to start on, each in a sentence that says what to change."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from franceconnect import preflight
from franceconnect.errors import LauncherError
from franceconnect.preflight import Port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_names_the_program_and_the_setting(taken: int) -> None:
    with pytest.raises(LauncherError, match=rf"port {taken}.*FranceConnect.*BROKER_PORT="):
        preflight.check_ports([Port(taken, "BROKER_PORT", "FranceConnect")])


def test_a_port_bound_but_not_yet_listening_is_taken() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(LauncherError, match="déjà pris"):
            preflight.check_ports([Port(bound.getsockname()[1], "SMTP_PORT", "le courrier")])


def test_a_free_port_is_accepted_and_stays_free(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    for _ in range(2):
        preflight.check_ports([Port(free, "BROKER_PORT", "FranceConnect")])


def test_one_port_for_two_programs_names_both_settings() -> None:
    ports = [Port(8000, "BROKER_PORT", "a"), Port(8000, "SANDBOX_PORT", "b")]
    with pytest.raises(LauncherError, match=r"SANDBOX_PORT.*BROKER_PORT"):
        preflight._check_twice(ports)


@pytest.mark.parametrize("number", [0, -1, 65536])
def test_a_number_that_is_no_port_is_told_so(number: int) -> None:
    with pytest.raises(LauncherError, match="n’est pas un port"):
        preflight.check_ports([Port(number, "BROKER_PORT", "FranceConnect")])


def test_a_second_sandbox_in_the_same_folder_is_told_where_the_first_is(folder: Path) -> None:
    state = {"urls": {"sandbox": "http://localhost:8001/"}}
    with preflight.alone(folder):
        (folder / "sandbox.json").write_text(json.dumps(state))
        with (
            pytest.raises(LauncherError, match=r"tourne déjà.*localhost:8001"),
            preflight.alone(folder),
        ):
            pass
    with preflight.alone(folder):
        pass


def test_a_lock_file_without_its_owner_stops_nobody(folder: Path) -> None:
    (folder / "sandbox.lock").write_text("left by a crash")
    with preflight.alone(folder):
        pass


def test_a_full_disk_says_what_is_left_and_what_is_needed(folder: Path) -> None:
    with pytest.raises(LauncherError, match=r"est plein.*il en faut 1000000000"):
        preflight.check_space(folder, needed=10**9)
    preflight.check_space(folder, needed=0)
