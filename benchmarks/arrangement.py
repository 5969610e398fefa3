"""A broker ready for sign-ins, in a temporary folder: nothing of the sandbox is touched.

PostgreSQL is the embedded one, durable as in production (fsync and synchronous_commit are on). The
broker is started by the very command line of `make sandbox`. The mail worker is not started.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks import processes
from benchmarks.processes import python
from franceconnect import embedded_postgres, standalone, supervisor
from franceconnect.preflight import Port

SETTINGS = "franceconnect.settings.broker"
GIVEN = ("DATABASE_URL", "SANDBOX_DATABASE_URL", "CELERY_BROKER_URL", "BROKER_URL", "ISSUER")


@dataclass(frozen=True)
class Arrangement:
    """What runs before the broker: where things are."""

    folder: Path
    port: int
    issuer: str  # of the identity provider
    postgres_pid: int
    postgres_version: str


@dataclass(frozen=True)
class Broker:
    """The platform as a client and a stopwatch see it."""

    port: int
    issuer: str
    pid: int
    postgres_pid: int


@contextmanager
def prepared(delays: Sequence[float] = (0.0,)) -> Iterator[Arrangement]:
    """Keep PostgreSQL, migrated, and the identity providers, registered, for the block.

    delays   seconds that the token endpoint of each provider takes, in the order of `partners`
    """
    with TemporaryDirectory(prefix="franceconnect-bench-") as name:
        folder, port = Path(name), processes.free_port()
        folder.chmod(0o711)  # root's PostgreSQL runs under another account, which must enter
        _set_environment(folder, port)
        standalone.ensure_secrets()
        try:
            with embedded_postgres.running(folder / "postgres") as server, ExitStack() as started:
                issuers = [started.enter_context(_provider(folder, delay)) for delay in delays]
                embedded_postgres.create_database(server, "franceconnect")
                _check_durable(server)
                _run("franceconnect.commands", "migrate --no-input", "collectstatic --no-input")
                _run("benchmarks.partners", *issuers)
                yield Arrangement(folder, port, issuers[0], *_identify(server))
        finally:
            embedded_postgres.remove(folder / "postgres")


@contextmanager
def served(ready: Arrangement) -> Iterator[Broker]:
    """Keep the broker serving for the block, as `make sandbox` would."""
    program = supervisor._granian("broker", Port(ready.port, "BROKER_PORT", "the measure"))
    log = ready.folder / "broker.log"
    with processes.running(program.command, log, program.environment) as process:
        processes.wait_until_served(ready.port, "/healthz/ready", process, log)
        yield Broker(ready.port, ready.issuer, process.pid, ready.postgres_pid)


def _set_environment(folder: Path, port: int) -> None:
    for variable in GIVEN:
        os.environ.pop(variable, None)
    os.environ |= {
        "VAR_DIR": str(folder),
        "BROKER_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "CIVIL_REGISTER_URL": "",  # the cost is ours, not that of another machine
    }


@contextmanager
def _provider(folder: Path, delay: float) -> Iterator[str]:
    log = folder / f"identity-provider-{len(list(folder.glob('identity-provider-*')))}.log"
    command = python("benchmarks.identity_provider", str(delay))
    with processes.running(command, log) as process:
        deadline = time.monotonic() + processes.PATIENCE
        while not log.read_text().endswith("\n"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no identity provider:\n{log.read_text()}")
            time.sleep(0.02)
        yield log.read_text().splitlines()[0]


def _check_durable(server: embedded_postgres.Server) -> None:
    with psycopg.connect(server.dsn("postgres")) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            if row != ("on",):
                raise RuntimeError(f"PostgreSQL's {name} is {row}: not what production does")


def _identify(server: embedded_postgres.Server) -> tuple[int, str]:
    with psycopg.connect(server.dsn("postgres")) as connection:
        version = connection.info.server_version
    pid = int((server.data_dir / "postmaster.pid").read_text().split("\n")[0])
    return pid, f"{version // 10000}.{version % 10000}"


def _run(module: str, *arguments: str) -> None:
    done = subprocess.run(
        python(module, *arguments), cwd=processes.ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
