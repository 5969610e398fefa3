"""Two pages of the Assurance Maladie's account: what it gives, and how one gets it."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.sandbox import clock
from apps.sandbox.identity_provider import catalogue as sites
from apps.sandbox.identity_provider import kept_request, session
from apps.sandbox.identity_provider.catalogue import AMELI
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.models import AccountState


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Show the fictional certificate of rights of whoever signed in here."""
    _only_ameli()
    current = session.find(request)
    if current is None or current.account.state != AccountState.VERIFIED:
        return redirect("portal")
    year = timezone.localtime(clock.now()).year
    context = {
        "claims": current.account.claims,
        "number": AMELI.identifier.display(current.account.identifier),
        "first_day": date(year, 1, 1),
        "last_day": date(year, 12, 31),
    }
    return page(request, "enrolment/certificates", context)


@require_safe
def step_by_step(request: HttpRequest) -> HttpResponse:
    """Explain how the account is created."""
    _only_ameli()
    context = {"back": kept_request.address("portal", kept_request.find(request))}
    return page(request, "enrolment/step_by_step", context)


def _only_ameli() -> None:
    if sites.current() is not AMELI:
        raise Http404
