"""The addresses of the letterbox."""

from django.urls import path

from apps.sandbox.letterbox import views

urlpatterns = [
    path("", views.letterbox, name="letterbox"),
    path("<int:pk>/", views.letter, name="paper_letter"),
]
