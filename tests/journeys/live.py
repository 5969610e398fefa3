"""A whole sandbox, started as a person starts it, on ports and in a folder of its own; a Chromium."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN = 120  # seconds, on a machine that does other things
PORTS = ("BROKER_PORT", "SANDBOX_PORT", "BACKOFFICE_PORT", "SMTP_PORT")
MORE_PORTS = ("IMPOTS_PORT", "AMELI_PORT", "LAPOSTE_PORT")
PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Sandbox:
    """A sandbox that runs: its addresses, its folder, and its environment for a command."""

    var_dir: Path
    environment: dict[str, str]
    urls: dict[str, str]

    def url(self, site: str, path: str = "") -> str:
        return self.urls[site].rstrip("/") + path

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the sandbox, as a person would."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def staff(self) -> dict[str, str]:
        """Return the passwords of the accounts that the sandbox made."""
        lines = (self.var_dir / "staff-accounts.txt").read_text().splitlines()
        return dict(line.split(maxsplit=1) for line in lines if line.strip())


@contextmanager
def running_sandbox(*, usual_ports: bool = False, **settings: str) -> Iterator[Sandbox]:
    """Keep a sandbox running for the block, under these settings; it must stop cleanly."""
    # Short, and reachable by the account that PostgreSQL runs under.
    folder = Path(tempfile.mkdtemp(prefix="fc-journey-"))
    folder.chmod(0o755)
    ports = dict(zip((*PORTS, *MORE_PORTS), map(str, _free_ports(7)), strict=True))
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment = {**kept, **({} if usual_ports else ports), "VAR_DIR": str(folder), **settings}
    log = folder / "supervisor.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "franceconnect.supervisor"],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        urls = _wait_until_ready(process, folder, log)
        yield Sandbox(folder, environment, urls)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=30)
    assert code == 0, log.read_text()[-3000:]
    shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path, log: Path) -> dict[str, str]:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        state = folder / "sandbox.json"
        if state.exists():
            urls: dict[str, str] = json.loads(state.read_text())["urls"]
            return urls
        time.sleep(0.2)
    raise AssertionError("the sandbox is not ready:\n" + log.read_text()[-3000:])


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Keep the system's Chromium running for the block."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium on this machine"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@contextmanager
def open_tab(
    browser: Browser, *, javascript: bool = True, viewport: ViewportSize = PHONE
) -> Iterator[Page]:
    """Keep a tab open in a browser profile of its own, on a phone unless told otherwise.

    What the Content-Security-Policy of any page refused meanwhile fails the journey.
    """
    refused: list[str] = []
    context = browser.new_context(java_script_enabled=javascript, viewport=viewport, locale="fr-FR")
    context.set_default_timeout(15_000)
    tab = context.new_page()
    tab.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    try:
        yield tab
    finally:
        context.close()
    assert not refused, refused
