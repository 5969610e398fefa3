"""`make sandbox`: prepare everything, start every process, say where to go, stop everything.

    python -m franceconnect.supervisor          the sandbox, in the foreground until Ctrl-C
    python -m franceconnect.supervisor reset    delete what it made, so that the next one starts afresh

PostgreSQL is outside of the processes watched here: they survive its restart, and it is started
again when it dies. When one of the others dies, all stop, and its name and log are told.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from franceconnect import embedded_postgres, preflight, standalone
from franceconnect.errors import LauncherError
from franceconnect.preflight import Port
from franceconnect.preparation import BACKOFFICE, SANDBOX, environment, prepare
from franceconnect.processes import Ensemble, Program

BROKER = "franceconnect.settings.broker"
LISTENERS = {  # name of the process → what its port is for; the setting is NAME_PORT
    "broker": "FranceConnect",
    "backoffice": "l’administration",
    "sandbox": "l’accueil du bac à sable",
    "impots": "le compte Impôts du bac à sable",
    "ameli": "le compte Assurance Maladie du bac à sable",
    "laposte": "le compte La Poste du bac à sable",
    "smtp": "la boîte aux lettres (SMTP)",
}
SETTINGS = {"broker": BROKER, "backoffice": BACKOFFICE}  # the others are the sandbox's
# The broker waits for identity providers, and the circuit of each lets a few threads do so: with all
# of one circuit's held, most are left to the others (apps.identity_providers.circuit).
THREADS = {"broker": 12}
ROOT_IS_FINE_HERE = "ignore:You're running the worker with superuser privileges"
READY_TIMEOUT = 90.0  # seconds
WATCH_EVERY = 1.0  # seconds
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STAFF_ACCOUNTS = "staff-accounts.txt"
MADE_BY_THE_SANDBOX = ("sandbox", "log", STAFF_ACCOUNTS)


def main(arguments: Sequence[str]) -> int:
    """Run the sandbox until it is interrupted; what a person can mend is told in one sentence."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    var_dir = standalone.var_dir()
    os.environ["VAR_DIR"] = str(var_dir)
    command = reset if list(arguments) == ["reset"] else run
    try:
        standalone.ensure_secrets()
        with preflight.alone(var_dir):
            command(var_dir)
    except KeyboardInterrupt:
        _say("Bac à sable arrêté.")
    except LauncherError as error:
        with suppress(OSError):
            print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def run(var_dir: Path) -> None:
    """Start everything and stay. Raises KeyboardInterrupt when asked to stop, LauncherError."""
    begin = time.monotonic()
    ports = _ports()
    preflight.check_space(var_dir)
    preflight.check_ports(list(ports.values()))
    _say("PostgreSQL…")
    with standalone.databases() as server:
        prepare(var_dir, _say)
        _say("Processus…")
        ensemble = Ensemble(var_dir / "log")
        try:
            ensemble.start(_programs(ports))
            _wait_until_ready(ensemble, ports)
            _write_state(var_dir, ports, ensemble)
            _welcome(var_dir, ports, time.monotonic() - begin)
            _watch(ensemble, server)
        finally:
            _ignore_signals()
            (var_dir / preflight.STATE_FILE).unlink(missing_ok=True)
            _say("Arrêt des processus…")
            ensemble.stop()


def reset(var_dir: Path) -> None:
    """Delete the databases, the partners and the accounts; keys and static files stay."""
    embedded_postgres.remove(var_dir / "postgres")
    for name in MADE_BY_THE_SANDBOX:
        path = var_dir / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    _say("Données effacées : le prochain « make sandbox » repart de zéro.")
    for variable in standalone.DATABASES:
        if standalone.is_given(variable):
            _say(f"La base de {variable} n’est pas la nôtre : elle n’a pas été touchée.")


def _ports() -> dict[str, Port]:
    try:
        from franceconnect.settings import base  # reads the keys, which exist by now
    except ValueError as error:
        raise LauncherError(f"Un réglage de l’environnement n’est pas valable ({error}).") from None
    return {
        name: Port(getattr(base, f"{name.upper()}_PORT"), f"{name.upper()}_PORT", used_by)
        for name, used_by in LISTENERS.items()
    }


def _programs(ports: Mapping[str, Port]) -> list[Program]:
    """Return every process; the names are those of the logs."""
    python = [sys.executable, "-m"]
    worker = [*python, "celery", "--app", "franceconnect", "--quiet", "worker", "--beat"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        *(_granian(name, port) for name, port in ports.items() if name != "smtp"),
        Program("smtp", [*python, "franceconnect.commands", "smtp_sink"], environment(SANDBOX)),
        Program("worker", worker, environment(BROKER, PYTHONWARNINGS=ROOT_IS_FINE_HERE)),
    ]


def _granian(name: str, port: Port) -> Program:
    command = [sys.executable, "-m", "granian", "franceconnect.wsgi:application"]
    command += ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port.number)]
    command += ["--workers", "1", "--blocking-threads", str(THREADS.get(name, 4)), "--no-ws"]
    # Granian warns of more threads than twice the cores; ours wait, they do not compute.
    level = "error" if name in THREADS else "warning"
    command += ["--log-level", level, "--workers-kill-timeout", "3"]
    partner = "home" if name == "sandbox" else name
    env = environment(SETTINGS.get(name, SANDBOX), SANDBOX_SITE=partner)
    return Program(name, command, env)


def _wait_until_ready(ensemble: Ensemble, ports: Mapping[str, Port]) -> None:
    waiting = dict(ports)
    deadline = time.monotonic() + READY_TIMEOUT
    while waiting:
        _check_alive(ensemble)
        for name, port in list(waiting.items()):
            is_ready = _accepts if name == "smtp" else _serves
            if is_ready(port.number):
                del waiting[name]
                _say(f"  {len(ports) - len(waiting)}/{len(ports)} {name}")
        if time.monotonic() > deadline:
            late = ", ".join(waiting)
            raise LauncherError(f"Toujours pas prêt : {late} ; journaux : {ensemble.log_dir}.")
        time.sleep(0.1)


def _serves(number: int) -> bool:
    connection = http.client.HTTPConnection("localhost", number, timeout=2)
    try:
        connection.request("GET", "/healthz/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _accepts(number: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", number), timeout=1):
            return True
    except OSError:
        return False


def _write_state(var_dir: Path, ports: Mapping[str, Port], ensemble: Ensemble) -> None:
    """Tell other programs where the sandbox is; the file exists only while it is ready."""
    state = {
        "urls": {name: _url(port) for name, port in ports.items() if name != "smtp"},
        "pids": {member.program.name: member.process.pid for member in ensemble.members},
    }
    draft = var_dir / f"{preflight.STATE_FILE}.new"
    draft.write_text(json.dumps(state, indent=2) + "\n")
    draft.replace(var_dir / preflight.STATE_FILE)


def _url(port: Port) -> str:
    return f"http://localhost:{port.number}/"


def _welcome(var_dir: Path, ports: Mapping[str, Port], seconds: float) -> None:
    url = {name: _url(port) for name, port in ports.items()}
    lines = [
        f"Prêt en {seconds:.0f} s. Ctrl-C arrête tout.",
        "",
        f"  Accueil du bac à sable   {url['sandbox']}",
        f"  Courriels                {url['sandbox']}courriels/",
        f"  FranceConnect            {url['broker']}api/v2/.well-known/openid-configuration",
        f"  Administration           {url['backoffice']}",
        *(f"      {line}" for line in _lines(var_dir / STAFF_ACCOUNTS)),
        f"  Journaux                 {var_dir / 'log'}",
    ]
    _say("\n" + "\n".join(lines) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _watch(ensemble: Ensemble, server: embedded_postgres.Server | None) -> None:
    """Stay until a process dies; bring PostgreSQL back when it does."""
    while True:
        _check_alive(ensemble)
        if server is not None and not server.is_running():
            _say("PostgreSQL s’est arrêté : il redémarre.")
            server = embedded_postgres.start(server.data_dir)
        time.sleep(WATCH_EVERY)


def _check_alive(ensemble: Ensemble) -> None:
    fallen = ensemble.find_fallen()
    if fallen:
        raise LauncherError(
            f"Le processus « {fallen.program.name} » s’est arrêté (code "
            f"{fallen.process.returncode}) ; son journal : {fallen.log}."
        )


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop once: a second Ctrl-C must not interrupt the stopping."""
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _say(line: str) -> None:
    with suppress(OSError):  # the terminal may have been closed
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
