"""The addresses of the three services; each has its own namespace, named after it."""

from django.urls import URLPattern, include, path

from apps.sandbox.service_provider import sign_in, views
from apps.sandbox.service_provider.catalogue import SERVICES, Service


def addresses(service: Service) -> list[URLPattern]:
    """Return the addresses of one service."""
    own = {"service": service}
    return [
        path("", views.home, own, name="home"),
        path("connexion", sign_in.Start.as_view(service=service), name="start"),
        path("connexion/retour", sign_in.Callback.as_view(service=service), name="callback"),
        path("connexion/classique", views.classic_form, own, name="classic_form"),
        path("mes-informations", views.information, own, name="information"),
        path("se-deconnecter", sign_in.Logout.as_view(service=service), name="logout"),
        path("deconnexion", views.logged_out, own, name="logged_out"),
    ]


urlpatterns = [
    path(f"{service.slug}/", include((addresses(service), "service"), namespace=service.slug))
    for service in SERVICES.values()
]
