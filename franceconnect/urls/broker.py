"""The citizens' and partners' site."""

from django.urls import include, path

from franceconnect import health

urlpatterns = [
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("", include("apps.broker.urls")),
]
handler400 = "apps.broker.views.failures.bad_request"
handler500 = "apps.broker.views.failures.server_error"
handler404 = "apps.broker.views.failures.not_found"
