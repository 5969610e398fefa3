"""What the back-office shows: the two registries, each change with its trace, and the journal.

Everything is registered here, and nothing else is: no account of a citizen, no code, no token.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from apps.audit.admin import Choices, EntryAdmin
from apps.audit.models import Entry
from apps.backoffice import journalling, reasons, secret_pages
from apps.backoffice.identity_providers import IdentityProviders
from apps.backoffice.partner_admin import PartnerAdmin
from apps.identity_providers import history
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from apps.service_providers import strictness
from apps.service_providers.admin import ServiceProviderAdmin
from apps.service_providers.importing import ServiceChange
from apps.service_providers.models import ServiceProvider

admin.site.register(IdentityProvider, IdentityProviders)


@admin.register(ServiceProvider)
class ServiceProviders(PartnerAdmin, ServiceProviderAdmin):
    key, label, fact, timestamp = "client_id", "name", "sp", "updated"
    change_form_template = "admin/service_providers/serviceprovider/change_form.html"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, and that of the page which renews a secret."""
        view = self.admin_site.admin_view(self.renew_secret_view)
        name = "service_providers_serviceprovider_secret"
        return [path("<path:object_id>/secret/", view, name=name), *super().get_urls()]

    def save_model(
        self, request: HttpRequest, obj: ServiceProvider, form: Any, change: bool
    ) -> None:
        before = self._before(obj) if change else None
        if before is None:
            obj.client_secret = jose.random_token()
        fields, actor = form.changed_fields, reasons.tell(request, form)
        self.save_row(obj, fields, created=before is None)
        relaxed = strictness.new_relaxations(before, obj, fields)
        done = ServiceChange(obj.client_id, obj, before is None, fields, relaxed)
        journalling.service_provider_changed(done, actor)
        if relaxed:
            words = ", ".join(obj.relaxations)
            messages.warning(request, f"Politique assouplie : {words}.")

    def _before(self, service: ServiceProvider) -> ServiceProvider:
        rows = ServiceProvider.objects.select_for_update(of=("self",)).defer(history.SECRET)
        found: ServiceProvider = rows.get(pk=service.pk)
        return found

    def response_add(
        self, request: HttpRequest, obj: ServiceProvider, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret of a service that has just been created, this once."""
        return secret_pages.shown(request, self.admin_site, obj, is_new=True)

    def renew_secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for confirmation, then renew the secret of a service and show it once."""
        service = self.get_object(request, object_id)
        return secret_pages.renew(
            request,
            self.admin_site,
            service,
            may_write=self.has_change_permission(request, service),
        )


@admin.register(Entry)
class Journal(EntryAdmin):
    def services(self) -> Choices:
        return [
            (row.client_id, row.name) for row in ServiceProvider.objects.only("client_id", "name")
        ]

    def providers(self) -> Choices:
        return [(row.uid, row.title) for row in IdentityProvider.objects.only("uid", "title")]
