"""What the main site of the sandbox serves: the home page, the three services, the mailbox."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.sandbox.home.urls")),
    path("", include("apps.sandbox.service_provider.urls")),
    path("courriels/", include("apps.sandbox.mailbox.urls")),
]
