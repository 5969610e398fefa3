"""The addresses of the identity checks."""

from django.urls import path

from apps.sandbox.identity_checks import views

urlpatterns = [
    path("", views.waiting, name="identity_checks"),
    path("<int:pk>/decision", views.decide, name="decide_identity_check"),
]
