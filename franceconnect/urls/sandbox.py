"""One site of the sandbox, chosen by SANDBOX_SITE: a process serves nothing of the others."""

from django.conf import settings
from django.urls import include, path

from franceconnect import health

_SITE_URLS = {"home": "apps.sandbox.urls"}

urlpatterns = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path(
        "",
        include(_SITE_URLS.get(settings.SANDBOX_SITE, "apps.sandbox.identity_provider.urls")),
    ),
]

handler404 = "apps.sandbox.failures.page_not_found"
handler500 = "apps.sandbox.failures.server_error"
