"""The addresses of the second factor."""

from django.urls import path

from apps.sandbox.second_factor import views

urlpatterns = [
    path("connexion/<slug:handle>/second-facteur", views.ask, name="second_factor"),
    path("second-facteur/", views.add, name="add_second_factor"),
    path("second-facteur/annuler", views.cancel, name="cancel_second_factor"),
    path("second-facteur/qr.svg", views.qr_code, name="second_factor_qr"),
]
