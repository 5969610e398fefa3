"""What the main site of the sandbox serves: the home page, the three services, the mailbox, the register."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.sandbox.home.urls")),
    path("", include("apps.sandbox.service_provider.urls")),
    path("registre/", include("apps.sandbox.civil_register.urls")),
    path("courriels/", include("apps.sandbox.mailbox.urls")),
]
