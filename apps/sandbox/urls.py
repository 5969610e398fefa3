"""What the main site of the sandbox serves: the home page, the three services, the register, what comes by mail and on paper."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.sandbox.home.urls")),
    path("", include("apps.sandbox.service_provider.urls")),
    path("registre/", include("apps.sandbox.civil_register.urls")),
    path("avis-d-impot/", include("apps.sandbox.households.urls")),
    path("boite-aux-lettres/", include("apps.sandbox.letterbox.urls")),
    path("controles-d-identite/", include("apps.sandbox.identity_checks.urls")),
    path("courriels/", include("apps.sandbox.mailbox.urls")),
]
