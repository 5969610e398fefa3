"""Ended sign-ins leave; live ones stay."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.broker import purge
from apps.broker.models import AccessToken, Grant, SignIn, SsoSession
from tests.driver import Browser, query_of, redeem

pytestmark = pytest.mark.django_db


def test_what_has_ended_is_taken_away(browser: Browser) -> None:
    redeem(query_of(browser.sign_in())["code"])
    past = datetime.now(UTC) - timedelta(seconds=1)
    SignIn.objects.update(expires_at=past)
    SsoSession.objects.update(expires_at=past)
    purge.run()
    assert not any(model.objects.exists() for model in (SignIn, SsoSession, Grant, AccessToken))


def test_what_lives_stays(browser: Browser) -> None:
    redeem(query_of(browser.sign_in())["code"])
    purge.run()
    assert all(model.objects.count() == 1 for model in (SignIn, SsoSession, Grant, AccessToken))


def test_the_box_of_a_code_nobody_redeemed_is_blanked(browser: Browser) -> None:
    browser.sign_in()
    Grant.objects.update(expires=datetime.now(UTC) - timedelta(seconds=1))
    purge.run()
    assert Grant.objects.get().sealed is None
