"""The addresses of the enrolments, on the site of each identity provider."""

from django.urls import path

from apps.sandbox.enrolment import views

urlpatterns = [
    path("connexion/<slug:handle>/a-terminer", views.unverified, name="unverified"),
]
