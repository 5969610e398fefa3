"""The addresses of the home page and of the list of faults."""

from django.urls import path

from apps.sandbox.home import faults, views

urlpatterns = [
    path("", views.home, name="sandbox_home"),
    path("pannes/", faults.faults, name="faults"),
]
