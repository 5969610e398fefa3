"""NOTIFICATION_POLICY: what it allows, and what stops the start."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from apps.notifications import policy


@pytest.mark.parametrize(("value", "is_due"), [("every", True), ("off", False)])
def test_every_sign_in_is_told_unless_the_policy_is_off(
    settings: Settings, value: str, is_due: bool
) -> None:
    settings.NOTIFICATION_POLICY = value

    assert policy.is_notice_due() is is_due


@pytest.mark.parametrize("value", ["unusual", "EVERY", ""])
def test_an_unknown_policy_stops_the_start_and_says_which_are_known(
    settings: Settings, value: str
) -> None:
    settings.NOTIFICATION_POLICY = value

    with pytest.raises(ImproperlyConfigured, match="choose one of: every, off"):
        apps.get_app_config("notifications").ready()
