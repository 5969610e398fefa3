"""The back-office: the admin at the root, and what machines ask."""

from django.contrib import admin
from django.urls import path

from franceconnect import health

urlpatterns = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("", admin.site.urls),
]

handler403 = "apps.backoffice.failures.forbidden"
handler404 = "apps.backoffice.failures.not_found"
handler500 = "apps.backoffice.failures.failed"
