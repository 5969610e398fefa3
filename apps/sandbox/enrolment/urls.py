"""The addresses of the enrolments, on the site of each identity provider."""

from django.urls import path

from apps.sandbox.enrolment.views import confirmation, insured, portal, steps, unverified

urlpatterns = [
    path("connexion/<slug:handle>/a-terminer", unverified.unverified, name="unverified"),
    path("espace-personnel/", portal.portal, name="portal"),
    path("inscription/<slug:enrolment>", portal.start, name="enrolment_start"),
    path("inscription/en-cours/<slug:handle>/termine", steps.done, name="enrolment_done"),
    path("inscription/en-cours/<slug:handle>/<slug:step>", steps.step, name="enrolment_step"),
    path("confirmation/<str:token>", confirmation.confirm, name="confirm_address"),
    path("mes-attestations/", insured.certificates, name="certificates"),
    path("pas-a-pas/", insured.step_by_step, name="step_by_step"),
]
