"""The wires of Celery: which broker, by which address, under which rules."""

from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from pgmq.base import PGMQConfig
from psycopg.conninfo import conninfo_to_dict
from pytest_django import Settings

from apps.audit import tasks as audit_tasks
from apps.broker import tasks as broker_tasks
from apps.notifications import tasks as notification_tasks
from franceconnect import celery as wires


@pytest.mark.parametrize("asked", ["", "pgmq://"])
def test_the_broker_is_the_database_of_django_when_nothing_is_asked(
    settings: Settings, asked: str
) -> None:
    settings.CELERY_BROKER_URL = asked
    options = wires.configuration()["broker_transport_options"]

    reached = conninfo_to_dict(PGMQConfig(conn_string=options["conn_string"]).dsn)

    database = settings.DATABASES["default"]
    assert reached["host"] == database["HOST"]
    assert reached["dbname"] == database["NAME"]
    assert options["init_extension"] is False


def test_spaces_quotes_and_tls_options_survive_the_client_of_the_queue() -> None:
    database = {
        "NAME": "france connect",
        "USER": "o'brien",
        "PASSWORD": "p@ss'w\\ord =x",
        "HOST": "/tmp/a folder",  # noqa: S108 - a text, nothing is opened
        "PORT": 6543,
        "OPTIONS": {"sslmode": "verify-full", "pool": {"min_size": 1}},
    }

    config = PGMQConfig(conn_string=wires.pgmq_conninfo(database))

    assert conninfo_to_dict(config.dsn) == {
        "dbname": "france connect",
        "user": "o'brien",
        "password": "p@ss'w\\ord =x",
        "host": "/tmp/a folder",  # noqa: S108
        "port": "6543",
        "sslmode": "verify-full",
    }


def test_the_environment_of_the_process_does_not_send_the_rings_elsewhere(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/other")
    settings.CELERY_BROKER_URL = ""
    options = wires.configuration()["broker_transport_options"]

    config = PGMQConfig(conn_string=options["conn_string"])

    assert "elsewhere" not in config.dsn


def test_another_broker_is_taken_as_it_is_asked(settings: Settings) -> None:
    secret = quote("a/b", safe="")
    for url in (f"amqp://fc:{secret}@mq/fc", "redis://cache:6379/1", "pgmq://u:p@queue/bells"):
        settings.CELERY_BROKER_URL = url
        configuration = wires.configuration()

        assert configuration["broker_url"] == url
        assert "conn_string" not in configuration["broker_transport_options"]


def test_a_task_that_a_dead_worker_had_taken_comes_back_within_a_minute() -> None:
    for url in ("redis://cache", "rediss://cache", wires.OWN_DATABASE):
        options = wires.transport_options(url, {"NAME": "x"})

        assert options["visibility_timeout"] <= 60


def test_the_clock_calls_tasks_that_exist() -> None:
    known = {
        notification_tasks.deliver_due.name,
        audit_tasks.create_partitions.name,
        broker_tasks.purge_ended.name,
    }

    assert {entry["task"] for entry in wires.BEAT_SCHEDULE.values()} == known


def test_nothing_but_json_is_accepted() -> None:
    assert wires.app.conf.accept_content == ["json"]
    assert wires.app.conf.task_serializer == "json"


@pytest.mark.django_db
def test_the_queue_was_made_by_the_migrations_and_goes_with_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, is_unlogged FROM pgmq.list_queues()")
        assert ("celery", True) in cursor.fetchall()

    call_command("migrate", "notifications", "0001", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('pgmq')")
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_a_pgmq_that_was_there_before_is_kept() -> None:
    call_command("migrate", "notifications", "0001", verbosity=0)
    from pgmq.install import get_embedded_install_sql

    with connection.cursor() as cursor:
        cursor.execute(get_embedded_install_sql())
        call_command("migrate", "notifications", "0002", verbosity=0)
        cursor.execute("SELECT queue_name FROM pgmq.list_queues()")
        assert cursor.fetchall() == [("celery",)]
        call_command("migrate", "notifications", "0001", verbosity=0)
        cursor.execute("SELECT count(*) FROM pgmq.list_queues()")
        assert cursor.fetchone() == (0,)
