"""One site of the sandbox, chosen by SANDBOX_SITE: a process serves nothing of the others."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from franceconnect import health


def addresses(site: str) -> list[URLPattern | URLResolver]:
    """Return what the process of one site serves."""
    own = "apps.sandbox.urls" if site == "home" else "apps.sandbox.identity_provider.urls"
    return [
        path("healthz/live", health.live, name="live"),
        path("healthz/ready", health.ready, name="ready"),
        path("", include(own)),
    ]


urlpatterns = addresses(settings.SANDBOX_SITE)
handler404 = "apps.sandbox.failures.page_not_found"
handler500 = "apps.sandbox.failures.server_error"
