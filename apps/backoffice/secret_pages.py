"""Client secrets in the back-office: a page that renews one, and the only answer that shows it.

The secret is in the body of the answer to the POST that made it, and nowhere else: a message kept
until the next page would leave it in a cookie or in the sessions' table.
"""

from typing import Any, Final

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.backoffice import journalling, reasons
from apps.identity_providers.form_fields import version_of
from apps.service_providers.models import ServiceProvider

TIMESTAMP: Final = "updated"
FOLDER = "admin/service_providers/serviceprovider"


def renew(
    request: HttpRequest, site: AdminSite, service: ServiceProvider | None, *, may_write: bool
) -> HttpResponse:
    """Ask for a confirmation and why (GET), then renew the secret and show it once (POST).

    Raises PermissionDenied, Http404.
    """
    if not may_write:
        raise PermissionDenied
    if service is None:
        raise Http404
    form = reasons.asked(request)
    if not form.is_valid():
        context = _context(request, site, service, f"Renouveler le secret de {service}")
        return TemplateResponse(request, f"{FOLDER}/renew_secret.html", {**context, "form": form})
    with transaction.atomic():
        rows = ServiceProvider.objects.select_for_update(of=("self",))
        locked = rows.get(pk=service.pk)
        if reasons.is_stale(request, locked, TIMESTAMP):
            messages.error(request, "Ce service a changé entre-temps : rien n’a été renouvelé.")
            return redirect(request.path)
        actor = reasons.tell(request, form)
        locked.rotate_secret()
        journalling.client_secret_rotated(locked, actor)
    return shown(request, site, locked, is_new=False)


def shown(
    request: HttpRequest, site: AdminSite, service: ServiceProvider, *, is_new: bool
) -> HttpResponse:
    """Show the secret that this request has just made."""
    context = {
        **_context(request, site, service, f"Secret de {service}"),
        "secret": service.client_secret,
        "is_new": is_new,
    }
    return TemplateResponse(request, f"{FOLDER}/secret.html", context)


def _context(
    request: HttpRequest, site: AdminSite, service: ServiceProvider, title: str
) -> dict[str, Any]:
    change = reverse(f"{site.name}:service_providers_serviceprovider_change", args=[service.pk])
    return {
        **site.each_context(request),
        "title": title,
        "opts": ServiceProvider._meta,
        "service": service,
        "service_url": change,
        "version": version_of(service, TIMESTAMP),
    }
