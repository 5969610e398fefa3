"""The page that deletes an identity provider: who uses it, or why it goes."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from apps.backoffice import deletion, journalling, reasons
from apps.identity_providers import history
from apps.identity_providers.change_reason import ReasonForm
from apps.identity_providers.form_fields import version_of
from apps.identity_providers.models import IdentityProvider

TEMPLATE: Final = "admin/identity_providers/identityprovider/deletion.html"
TIMESTAMP: Final = "updated_at"
STALE: Final = (
    "Cette fiche a changé entre-temps : rien n’a été supprimé. Relisez-la et recommencez."
)


def show(
    request: HttpRequest,
    site: AdminSite,
    provider: IdentityProvider | None,
    *,
    may_delete: bool,
) -> HttpResponse:
    """Say who uses the provider, or ask why it goes (GET), then delete it (POST).

    Raises PermissionDenied, Http404.
    """
    if not may_delete:
        raise PermissionDenied
    if provider is None:
        raise Http404
    form = reasons.asked(request)
    try:
        is_deleted = form.is_valid() and _delete(request, provider.pk, form)
    except ProtectedError:  # a citizen chose it between our look and the deletion
        is_deleted = False
    if not is_deleted:
        return _page(request, site, provider, form)
    messages.success(request, _said(site, provider))
    return redirect(f"{site.name}:identity_providers_identityprovider_changelist")


def _delete(request: HttpRequest, key: int, form: ReasonForm) -> bool:
    """Delete an unused provider with its lines, all or nothing, and tell whether it was done."""
    with transaction.atomic():
        rows = IdentityProvider.objects.select_for_update(of=("self",)).defer(history.SECRET)
        locked = rows.filter(pk=key).first()
        if locked is None or reasons.is_stale(request, locked, TIMESTAMP):
            messages.error(request, STALE)
            return False
        if deletion.usage_of(locked):
            return False
        journalling.identity_provider_deleted(locked, reasons.tell(request, form))
        locked.delete()
    return True


def _page(
    request: HttpRequest, site: AdminSite, provider: IdentityProvider, form: ReasonForm
) -> HttpResponse:
    usage = deletion.usage_of(provider)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": f"Supprimer {provider}",
        "opts": provider._meta,
        "provider": provider,
        "usage": usage,
        "form": form,
        "version": version_of(provider, TIMESTAMP),
    }
    status = 409 if usage and request.method == "POST" else 200
    return TemplateResponse(request, TEMPLATE, context, status=status)


def _said(site: AdminSite, provider: IdentityProvider) -> str:
    url = reverse(f"{site.name}:identity_providers_identityprovider_history", args=[provider.pk])
    return format_html('{} est supprimé. <a href="{}">Son historique</a> est gardé.', provider, url)
