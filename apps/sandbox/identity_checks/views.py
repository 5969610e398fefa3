"""Playing the postman, on the main site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox.identity_checks import checks
from apps.sandbox.identity_checks.models import Reason
from apps.sandbox.models import IdentityCheck

SHOWN = 50


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List who waits for a check, and what was decided."""
    every = IdentityCheck.objects.select_related("account")
    context = {
        "waiting": every.filter(decided_at=None),
        "decided": every.exclude(decided_at=None).order_by("-decided_at")[:SHOWN],
        "reasons": Reason.choices,
    }
    return render(request, "sandbox/identity_checks/waiting.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or refuse one check."""
    refusal = request.POST.get("refusal", "")
    if refusal and refusal not in Reason.values:
        messages.error(request, "Choisissez un motif de la liste.")
    elif not checks.decide(pk, refusal):
        messages.error(request, "Ce contrôle a déjà eu lieu.")
    elif refusal:
        messages.success(request, "Contrôle refusé. La personne peut corriger son état civil.")
    else:
        messages.success(request, "Identité vérifiée. Le compte permet de se connecter.")
    return redirect("identity_checks")
