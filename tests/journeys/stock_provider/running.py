"""The stock provider, installed from its lock outside the tree, and running for a block."""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from franceconnect import standalone
from tests.journeys.live import Sandbox

HERE = Path(__file__).parent
LOCK = ("package.json", "package-lock.json")
INSTALLED_WITHIN = 240  # seconds, registry included
STOPPED_WITHIN = 10  # seconds
NO_NODE = "Node.js ou npm est introuvable : installez-les (apt install nodejs npm)."


@dataclass(frozen=True)
class StockProvider:
    """A stock provider that listens, and what was agreed with its team.

    redirect_uri, post_logout_redirect_uri   what it registered of us
    """

    issuer: str
    client_secret: str
    redirect_uri: str
    post_logout_redirect_uri: str
    client_id: str = "franceconnect"


def install() -> Path:
    """Return the folder of the locked packages, brought from npm's registry once for each lock."""
    assert shutil.which("node"), NO_NODE
    assert shutil.which("npm"), NO_NODE
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    folder = standalone.var_dir() / "node" / digest[:16]
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Complete, or not there: an install that was interrupted is never taken for the other.
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        made = Path(unfinished) / "packages"
        made.mkdir()
        for name in LOCK:
            shutil.copy(HERE / name, made)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            command, cwd=made, capture_output=True, text=True, timeout=INSTALLED_WITHIN
        )
        assert done.returncode == 0, f"npm ci a échoué :\n{done.stdout}{done.stderr}"
        made.rename(folder)
    return folder


@contextmanager
def running_stock_provider(sandbox: Sandbox) -> Iterator[StockProvider]:
    """Keep a stock provider running for the block; it knows the broker of this sandbox."""
    folder = install()
    shutil.copy(HERE / "provider.mjs", folder)
    agreed = {
        "client_secret": secrets.token_urlsafe(32),
        "redirect_uri": sandbox.url("broker", "/api/v2/oidc-callback"),
        "post_logout_redirect_uri": sandbox.url("broker", "/api/v2/client/logout-callback"),
    }
    told = {name.upper(): value for name, value in agreed.items()} | {"PATH": os.environ["PATH"]}
    log = sandbox.var_dir / "stock-provider.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            ["node", "provider.mjs"],
            cwd=folder, env=told, stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            assert process.stdout
            issuer = process.stdout.readline().strip()
            assert issuer, log.read_text()
            yield StockProvider(issuer, **agreed)
        finally:
            process.terminate()
            process.wait(STOPPED_WITHIN)
