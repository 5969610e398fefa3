"""The pages of a service. Each receives the service that it belongs to from its address."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox import probes
from apps.sandbox.models import LocalAccount
from apps.sandbox.service_provider import information as verified
from apps.sandbox.service_provider import sign_in
from apps.sandbox.service_provider.catalogue import SERVICES, Service, session_cookie

DEMONSTRATION = (
    "Ce formulaire est une démonstration\u202f: cette adresse et ce mot de passe n’ont été ni lus "
    "ni enregistrés. Identifiez-vous avec FranceConnect."
)


@require_safe
def home(request: HttpRequest, service: Service) -> HttpResponse:
    """Offer to sign in, FranceConnect first; or welcome who is signed in."""
    context = {
        "about_url": f"{settings.BROKER_URL}/comprendre",
        "is_available": probes.is_franceconnect_up,  # asked by the page if it shows the button
    }
    return _page(request, service, "home", context)


@require_POST
def classic_form(request: HttpRequest, service: Service) -> HttpResponse:
    """Answer the e-mail and password form, which is there for its place on the page."""
    messages.warning(request, DEMONSTRATION)
    return redirect(f"{service.slug}:home")


@require_safe
def information(request: HttpRequest, service: Service) -> HttpResponse:
    """Show « Mes informations vérifiées » to the person they are about."""
    account = _account(request, service)
    if account is None:
        return redirect(f"{service.slug}:home")
    context = {
        "rows": verified.rows(account.claims),
        "level": verified.level(account.acr),
        "may_proceed": verified.is_substantial(account.acr),
        "verified_at": account.verified_at,
        "sub": account.sub,
    }
    return _page(request, service, "information", context)


@require_safe
def logged_out(request: HttpRequest, service: Service) -> HttpResponse:
    """Say from what the person is now logged out, and nothing that is not known.

    The other demonstration services forget this browser too: whoever logs out at one of them must
    sign in again at the next. Real services keep their own sessions until they are left.
    """
    is_complete = sign_in.is_back_from_logout(request)
    response = _page(request, service, "logged_out", {"is_complete": is_complete})
    others = [slug for slug in SERVICES if is_complete and slug != service.slug]
    for slug in others:
        response.delete_cookie(session_cookie(slug), path=f"/{slug}/")
    return response


def _account(request: HttpRequest, service: Service) -> LocalAccount | None:
    account = request.user
    if isinstance(account, LocalAccount) and account.service == service.slug:
        return account
    return None


def _page(
    request: HttpRequest, service: Service, name: str, context: Mapping[str, object]
) -> HttpResponse:
    template = f"sandbox/service_provider/{name}.html"
    base = {"service": service, "account": _account(request, service)}
    return render(request, template, {**base, **context})
