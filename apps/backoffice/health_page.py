"""The health of identity providers on the pages of agents: the columns of the list, and one page."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.contrib.admin import AdminSite
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from apps.backoffice import health
from apps.backoffice.health import Health, State
from apps.identity_providers import metadata, published_keys
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.published_keys import PublishedKey
from apps.protocol.jose import Alg

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import StaffUser

TEMPLATE: Final = "admin/identity_providers/identityprovider/health.html"
READ_JOURNAL: Final = "audit.view_entry"


def may_see(user: "StaffUser | AnonymousUser") -> bool:
    """Tell whether an agent may see how providers are doing, which the journal tells."""
    return user.has_perm(READ_JOURNAL) and user.has_perm("identity_providers.view_identityprovider")


class HealthChangeList(ChangeList):
    """The list of providers, each with its `health`, read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if may_see(request.user):
            rows: list[Any] = list(self.result_list)
            found = health.of_all(rows)
            for row in rows:
                row.health = found[row.uid]
            self.result_list = rows


def rate_in_words(seen: Health) -> str:
    """Return the success rate with the counts that it is made of."""
    if seen.rate is None:
        return "–"
    return f"{seen.rate}\u202f% ({seen.successes} sur {seen.attempts})"


def moment(at: datetime | None) -> str:
    """Return a date and time of Paris, or a dash."""
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at else "–"


def show(request: HttpRequest, site: AdminSite, provider: IdentityProvider | None) -> HttpResponse:
    """Show how one provider is doing: its last hour in the journal, and its keys, asked for now.

    Raises PermissionDenied, Http404.
    """
    if not may_see(request.user):
        raise PermissionDenied
    if provider is None:
        raise Http404
    seen = health.of_all([provider])[provider.uid]
    trouble = health.trouble_of(provider, timezone.now())
    is_silent = seen.state is State.SILENT
    journal = reverse(f"{site.name}:audit_entry_changelist")
    context = {
        **site.each_context(request),
        "title": f"Santé – {provider}",
        "opts": provider._meta,
        "provider": provider,
        "health": seen,
        "rate": rate_in_words(seen),
        "failures": [(failure, health.stage_of(failure.spec)) for failure in seen.failures],
        "is_silent": is_silent,
        "outage": _outage(provider, seen) if is_silent else None,
        "is_degraded": seen.state is State.DEGRADED,
        "trouble": trouble,
        "uses_secret": Alg.HS256.value == provider.id_token_signed_response_alg,
        "keys": _keys(provider),
        "journal_url": f"{journal}?idp={provider.uid}",
    }
    return TemplateResponse(request, TEMPLATE, context)


def _outage(provider: IdentityProvider, seen: Health) -> datetime | None:
    """Return since when a silent provider is sent nobody, as far as the journal knows."""
    return health.outage_since(provider, seen.last_success, timezone.now())


def _keys(provider: IdentityProvider) -> tuple[PublishedKey, ...] | None:
    """Return the keys that the provider publishes, or None when they cannot be read."""
    try:
        return published_keys.read(provider)
    except metadata.MetadataError:
        return None
