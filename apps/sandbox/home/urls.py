"""The addresses of the home page and of the clock."""

from django.urls import path

from apps.sandbox.home import clock, views

urlpatterns = [
    path("", views.home, name="sandbox_home"),
    path("horloge/", clock.show, name="clock"),
    path("horloge/avancer", clock.advance, name="clock_advance"),
    path("horloge/retour", clock.return_to_the_present, name="clock_return"),
]
