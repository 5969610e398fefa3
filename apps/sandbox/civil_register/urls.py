"""The addresses of the register: that of the real one, and the switch."""

from django.urls import path

from apps.protocol.civil_register import PATH
from apps.sandbox.civil_register import views

urlpatterns = [
    path(PATH.removeprefix("/"), views.individuals, name="register_individuals"),
    path("mode", views.switch, name="register_switch"),
]
