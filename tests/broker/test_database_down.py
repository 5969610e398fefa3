"""PostgreSQL does not answer: a page says so, nothing is redirected, and the next request works."""

import json

import pytest
from django.db import connection
from django.test import Client

from apps.protocol import errors
from tests.builders import a_service_provider
from tests.driver import Browser
from tests.programmable_idp import ProgrammableIdp


def test_a_database_that_is_down_is_said_on_a_page(
    transactional_db: None, idp: ProgrammableIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_service_provider()
    connection.close()
    with monkeypatch.context() as down:
        down.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = Browser(idp).ask()
        published = Client().get("/api/v2/.well-known/openid-configuration")
    page = answer.content.decode()
    assert answer.status_code == errors.DATABASE_UNAVAILABLE.status == 503
    assert errors.DATABASE_UNAVAILABLE.code in page
    assert "/nowhere" not in page
    assert "Location" not in answer
    assert json.loads(published.content)["issuer"]
    assert Browser(idp).ask().status_code == 303
