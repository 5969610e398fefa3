"""The address of the notices, on the main site."""

from django.urls import path

from apps.sandbox.households import views

urlpatterns = [path("<slug:persona>/", views.notice, name="tax_notice")]
