"""What must be true before the processes of the sandbox start: schema, static files, partners.

Nothing is remembered from one start to the next but the static files, which take seconds to gather:
every other step is idempotent and cheap, so that a new migration or persona is always taken in.
"""

import hashlib
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from franceconnect.errors import LauncherError
from franceconnect.processes import Program, run_together
from franceconnect.standalone import ROOT

BACKOFFICE = "franceconnect.settings.backoffice"
SANDBOX = "franceconnect.settings.sandbox"
STATIC_STAMP = "static.stamp"
STATIC_SOURCES = ("requirements/base.txt", "static")


def prepare(var_dir: Path, say: Callable[[str], None]) -> None:
    """Bring both databases, the static files and the partners up to date. Raises LauncherError."""
    partners = var_dir / "sandbox" / "partners"
    closed = var_dir / "sandbox" / "closed-account.json"
    steps = [
        _commands("prepare-franceconnect", BACKOFFICE, ["migrate", "--no-input"]),
        _commands("prepare-sandbox", SANDBOX, ["migrate", "--no-input"], ["seed_sandbox"]),
    ]
    stamp = _static_stamp()
    if not _is_gathered(var_dir, stamp):
        say("Bases de données et fichiers statiques…")
        gather = ["collectstatic", "--no-input", "--clear", "--verbosity=0"]
        steps.append(_commands("prepare-static", BACKOFFICE, gather))
    else:
        say("Bases de données…")
    _run(steps, var_dir)
    (var_dir / STATIC_STAMP).write_text(stamp)
    say("Partenaires du bac à sable et comptes des agents…")
    register = _commands(
        "prepare-partners",
        BACKOFFICE,
        ["import_identity_providers", str(partners / "identity_providers.json")],
        ["import_service_providers", str(partners / "service_providers.json")],
        ["ensure_staff"],
        ["close_account", f"--identity={closed}", "--ticket=BAC-1"],
    )
    _run([register], var_dir)


def environment(settings: str, **more: str) -> Mapping[str, str]:
    """Return the environment of a process of the sandbox, quiet unless LOG_LEVEL asks for more."""
    ours = {"DJANGO_SETTINGS_MODULE": settings, "PYTHONUNBUFFERED": "1"}
    return {"LOG_LEVEL": "WARNING"} | os.environ | ours | more


def _commands(name: str, settings: str, *commands: list[str]) -> Program:
    python = [sys.executable, "-m", "franceconnect.commands"]
    return Program(name, [*python, *map(shlex.join, commands)], environment(settings))


def _run(steps: list[Program], var_dir: Path) -> None:
    failed = run_together(steps, var_dir / "log")
    if failed:
        said = failed.log.read_text(errors="replace").strip().splitlines() or ["sans un mot"]
        raise LauncherError(f"La préparation a échoué ({said[-1]}) ; détails : {failed.log}.")


def _is_gathered(var_dir: Path, stamp: str) -> bool:
    gathered = var_dir / STATIC_STAMP
    manifest = var_dir / "static" / "staticfiles.json"
    return manifest.exists() and gathered.exists() and gathered.read_text() == stamp


def _static_stamp() -> str:
    """Return a digest that changes with the installed packages and with our static files."""
    digest = hashlib.sha256()
    for source in (ROOT / name for name in STATIC_SOURCES):
        for path in [source, *sorted(source.rglob("*"))]:
            if path.is_file():
                found = path.stat()
                digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
