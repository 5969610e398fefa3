"""The addresses of the home page, of the list of faults and of the personas."""

from django.urls import path

from apps.sandbox.home import faults, personas, views

urlpatterns = [
    path("", views.home, name="sandbox_home"),
    path("pannes/", faults.faults, name="faults"),
    path("personas/nouvelle", personas.new_persona, name="new_persona"),
    path("personas/importer", personas.receive_persona, name="receive_persona"),
    path("personas/<slug:slug>", personas.persona, name="persona"),
    path("personas/<slug:slug>.yaml", personas.persona_file, name="persona_file"),
    path("personas/<slug:slug>/supprimer", personas.delete_persona, name="delete_persona"),
]
