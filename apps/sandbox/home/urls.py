"""The address of the home page."""

from django.urls import path

from apps.sandbox.home import views

urlpatterns = [path("", views.home, name="sandbox_home")]
