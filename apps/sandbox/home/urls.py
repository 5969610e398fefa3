"""The addresses of the home page, of the faults, of the clock and of the personas."""

from django.urls import path

from apps.sandbox.home import clock, faults, personas, views

urlpatterns = [
    path("", views.home, name="sandbox_home"),
    path("pannes/", faults.faults, name="faults"),
    path("personas/nouvelle", personas.new_persona, name="new_persona"),
    path("personas/importer", personas.receive_persona, name="receive_persona"),
    path("personas/<slug:slug>", personas.persona, name="persona"),
    path("personas/<slug:slug>.yaml", personas.persona_file, name="persona_file"),
    path("personas/<slug:slug>/supprimer", personas.delete_persona, name="delete_persona"),
    path("horloge/", clock.show, name="clock"),
    path("horloge/avancer", clock.advance, name="clock_advance"),
    path("horloge/retour", clock.return_to_the_present, name="clock_return"),
]
