"""The settings of the tests, in a process of its own: the worker delivers from their database."""

import os

from franceconnect.settings.test import *  # noqa: F403
from franceconnect.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
CELERY_BROKER_URL = ""
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_PORT = int(os.environ["WORKER_EMAIL_PORT"])
