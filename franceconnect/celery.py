"""The Celery application: what rings, what sweeps, and on which broker.

    celery -A franceconnect worker --beat --without-gossip --without-mingle --without-heartbeat

The default broker is the PostgreSQL of the site itself (`pgmq://`): its queue is made of tables
that a migration of the notifications room installs. `CELERY_BROKER_URL` names another one, Redis
or RabbitMQ. What must not be lost is in the outbox; the broker only carries the rings.
"""

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from psycopg.conninfo import make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "franceconnect.settings.broker")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # they load every view, and a worker serves none

OWN_DATABASE = "pgmq://localhost"
"""The broker when nothing else is asked; its real address is that of the Django database."""

VISIBILITY_TIMEOUT = 60
"""Seconds after which a task that a dead worker had taken is given to another."""

SWEEP = timedelta(seconds=5)
"""What a lost ring costs."""

BEAT_SCHEDULE = {
    "sweep": {"task": "notifications.deliver_due", "schedule": SWEEP},
    "partitions": {"task": "audit.create_partitions", "schedule": timedelta(hours=1)},
    "purge": {"task": "broker.purge", "schedule": timedelta(minutes=1)},
}

LIBPQ_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")


def pgmq_conninfo(database: dict[str, Any]) -> str:
    """Return the connection string of one of Django's databases, for kombu's pgmq transport.

    The pgmq client parses the string, then glues its parts back together without quotes: the parts
    are given already quoted, and the options that it does not know ride behind the database name.
    """
    options = database.get("OPTIONS", {})
    known = {name: options[name] for name in LIBPQ_OPTIONS if name in options}
    name = " ".join([_quote(database["NAME"]), *(f"{k}={_quote(v)}" for k, v in known.items())])
    return make_conninfo(
        dbname=name,
        host=_quote(database.get("HOST") or "localhost"),
        port=str(database.get("PORT") or 5432),
        user=_quote(database.get("USER") or ""),
        password=_quote(database.get("PASSWORD") or ""),
    )


def _quote(value: object) -> str:
    """Return a value of a libpq connection string between quotes (PostgreSQL, libpq, “Keyword/Value Connection Strings”)."""
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def transport_options(broker_url: str, database: dict[str, Any]) -> dict[str, Any]:
    """Return what kombu must know of the broker of this URL."""
    url = urlsplit(broker_url)
    if url.scheme == "pgmq":
        is_own = broker_url == OWN_DATABASE
        return ({"conn_string": pgmq_conninfo(database)} if is_own else {}) | {
            "init_extension": False,
            "visibility_timeout": VISIBILITY_TIMEOUT,
            "wait_time_seconds": 1,
            "poll_interval_ms": 200,
            "polling_interval": 0.05,
            "pool_size": 4,
            "pool_timeout": 5,
        }
    if url.scheme in {"redis", "rediss"}:
        return {
            "visibility_timeout": VISIBILITY_TIMEOUT,
            "unacked_restore_throttle": 1,
            "unacked_restore_interval": 2,
        }
    return {}


def configuration() -> dict[str, Any]:
    """Return what Celery must know; the address of the broker is all that a deployment chooses."""
    asked = settings.CELERY_BROKER_URL
    broker_url = OWN_DATABASE if asked in {"", "pgmq://"} else asked
    return {
        "broker_url": broker_url,
        "broker_transport_options": transport_options(broker_url, settings.DATABASES["default"]),
        "broker_connection_retry_on_startup": True,
        "broker_pool_limit": 2,
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "worker_pool": "threads",
        "worker_concurrency": 2,
        "worker_prefetch_multiplier": 4,
        "worker_enable_remote_control": False,
        "worker_redirect_stdouts": False,
        "timezone": settings.TIME_ZONE,
        "beat_scheduler": "celery.beat:Scheduler",  # in memory: nothing here needs a memory of runs
        "beat_schedule": BEAT_SCHEDULE,
    }


app = Celery("franceconnect")
app.conf.update(configuration())
app.autodiscover_tasks()


def keep_the_logging_of_django(**_: object) -> None:
    """Celery configures no logging when this signal is answered: LOGGING serves the worker too."""


setup_logging.connect(keep_the_logging_of_django)
