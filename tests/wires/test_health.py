"""What machines are told of a site: alive, ready, and nothing else."""

import json
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from franceconnect import health


def test_live_needs_no_database(rf: RequestFactory) -> None:
    answer = health.live(rf.get("/healthz/live"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_says_that_the_database_answers(rf: RequestFactory) -> None:
    assert health.ready(rf.get("/healthz/ready")).status_code == 200


@pytest.mark.django_db
def test_unavailable_gives_no_detail(rf: RequestFactory) -> None:
    def broken(execute: Callable[..., object], *arguments: object) -> None:
        raise OperationalError("connection to /secret/place refused")

    with connection.execute_wrapper(broken):
        answer = health.ready(rf.get("/healthz/ready"))
    assert answer.status_code == 503
    assert json.loads(answer.content) == {"status": "unavailable"}


def test_nothing_can_be_posted(rf: RequestFactory) -> None:
    assert health.live(rf.post("/healthz/live")).status_code == 405
