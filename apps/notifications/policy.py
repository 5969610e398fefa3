"""When a citizen is told of a sign-in."""

from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Policy(StrEnum):
    """EVERY: one message for each sign-in, as FranceConnect promises. OFF: none."""

    EVERY = "every"
    OFF = "off"


def current() -> Policy:
    """Return the policy of the settings.

    Raises ImproperlyConfigured for an unknown one.
    """
    try:
        return Policy(settings.NOTIFICATION_POLICY)
    except ValueError:
        known = ", ".join(Policy)
        raise ImproperlyConfigured(
            f"NOTIFICATION_POLICY={settings.NOTIFICATION_POLICY!r} is unknown; choose one of: {known}"
        ) from None


def is_notice_due() -> bool:
    """Say whether a sign-in that succeeds must be told to its citizen."""
    return current() is Policy.EVERY
