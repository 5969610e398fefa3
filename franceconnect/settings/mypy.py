"""Every room at once, for the type checker's Django plugin only; no site runs with this."""

from franceconnect.settings.test import *  # noqa: F403
from franceconnect.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "apps.sandbox"]
