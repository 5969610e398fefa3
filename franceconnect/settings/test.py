"""The rooms of the broker and of the back-office in one process, on a real PostgreSQL."""

from franceconnect.settings.backoffice import *  # noqa: F403
from franceconnect.settings.backoffice import TEMPLATES
from franceconnect.settings.broker import CSRF_FAILURE_VIEW as BROKER_CSRF_FAILURE_VIEW
from franceconnect.settings.broker import MIDDLEWARE as BROKER_MIDDLEWARE

ROOT_URLCONF = "franceconnect.urls.broker"
MIDDLEWARE = BROKER_MIDDLEWARE
CSRF_FAILURE_VIEW = BROKER_CSRF_FAILURE_VIEW
CSRF_COOKIE_NAME = "fc_csrf"
TEMPLATES[0]["OPTIONS"]["context_processors"].append("apps.broker.shell.context")

# Templates and static names without a collectstatic before the tests.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# The admin's pages are tested with the back-office's own middleware.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410"]

CELERY_BROKER_URL = "memory://"  # the tests of the worker start one of their own, on pgmq
CIVIL_REGISTER_URL = ""  # the tests that ask a register start one
