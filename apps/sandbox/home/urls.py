"""The addresses of the home page, of the clock and of the personas' papers."""

from django.urls import path

from apps.sandbox.home import clock, papers, views

urlpatterns = [
    path("", views.home, name="sandbox_home"),
    path("personas/<slug:slug>/", papers.papers, name="persona_papers"),
    path("horloge/", clock.show, name="clock"),
    path("horloge/avancer", clock.advance, name="clock_advance"),
    path("horloge/retour", clock.return_to_the_present, name="clock_return"),
]
