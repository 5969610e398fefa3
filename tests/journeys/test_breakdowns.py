"""What breaks around a sign-in, on a sandbox that runs: the citizen passes, the message leaves later."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from tests.journeys.live import Sandbox
from tests.journeys.test_stock_clients import CALLBACK, register
from tests.journeys.walker import Walker

PATIENCE = 60.0  # seconds, on a machine that does other things
SERVICE = "Service d’un intégrateur"


@pytest.fixture(scope="module")
def authorize(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address at which a sign-in begins, for a service registered for these tests."""
    register(sandbox, tmp_path_factory.mktemp("service"), client_id="breakdowns")
    asked = {
        "response_type": "code", "client_id": "breakdowns", "redirect_uri": CALLBACK,
        "scope": "openid email", "state": "s" * 32, "nonce": "n" * 32, "acr_values": "eidas1",
    }  # fmt: skip
    return sandbox.url("broker", "/api/v2/authorize?") + urlencode(asked)


def mails(sandbox: Sandbox) -> int:
    page = requests.get(sandbox.url("sandbox", "/courriels/"), timeout=20).text
    return len(re.findall(rf"Connexion à {SERVICE} avec", page))


def becomes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


@contextmanager
def suspended(sandbox: Sandbox, program: str) -> Iterator[None]:
    """Keep a program of the sandbox, and those it started, from doing anything for the block."""
    pid = json.loads((sandbox.var_dir / "sandbox.json").read_text())["pids"][program]
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(pid, signal.SIGCONT)


def postmaster(sandbox: Sandbox) -> int:
    pid_file = Path(os.path.realpath(sandbox.var_dir / "postgres")) / "postmaster.pid"
    return int(pid_file.read_text().split("\n")[0])


def is_ready(sandbox: Sandbox) -> bool:
    try:
        return requests.get(sandbox.url("broker", "/healthz/ready"), timeout=5).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize("program", ["smtp", "worker"])
def test_a_mail_leaves_when_what_carries_it_is_back(
    program: str, sandbox: Sandbox, authorize: str
) -> None:
    before = mails(sandbox)
    with suspended(sandbox, program):
        began = time.monotonic()
        assert "code=" in Walker(sandbox).sign_in(authorize, callback=CALLBACK)
        assert time.monotonic() - began < 10
        assert mails(sandbox) == before
    assert becomes_true(lambda: mails(sandbox) == before + 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
def test_the_next_request_works_after_postgresql_restarted(
    number: signal.Signals, sandbox: Sandbox, authorize: str
) -> None:
    before, old = mails(sandbox), postmaster(sandbox)
    walker = Walker(sandbox)
    page = walker.session.get(authorize, timeout=20)
    assert page.ok
    os.kill(old, number)
    assert becomes_true(lambda: not is_ready(sandbox) or postmaster(sandbox) != old)
    assert becomes_true(lambda: is_ready(sandbox))
    # Every thread of the broker held a connection to the former server.
    for _ in range(8):
        assert walker.session.get(page.url, timeout=20).status_code == 200
    assert "code=" in walker.sign_in(authorize, callback=CALLBACK)
    assert becomes_true(lambda: mails(sandbox) == before + 1)
