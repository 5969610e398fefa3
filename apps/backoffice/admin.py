"""What the back-office shows: the two registries, each change with its trace, and the journal.

Everything is registered here, and nothing else is: no account of a citizen, no code, no token.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from apps.audit.admin import Choices, EntryAdmin
from apps.audit.models import Entry
from apps.backoffice import (
    deletion_page,
    health_page,
    journalling,
    partner_history,
    secret_pages,
)
from apps.backoffice.health import State
from apps.backoffice.health_page import HealthChangeList
from apps.backoffice.journalling import Actor
from apps.identity_providers import history
from apps.identity_providers.admin import IdentityProviderAdmin
from apps.identity_providers.change_reason import REASON
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.partner_files import Change
from apps.protocol import jose
from apps.service_providers import strictness
from apps.service_providers.admin import ServiceProviderAdmin
from apps.service_providers.importing import ServiceChange
from apps.service_providers.models import ServiceProvider

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin

SECRET: Final = "client_secret"  # noqa: S105 - the name of a field
HEALTH: Final = "identity_providers_identityprovider_health"


def _in_words(field: "BooleanField[Any, Any]") -> Callable[[Model], str]:
    """Return what shows a boolean field as a word."""

    @admin.display(description=field.verbose_name)
    def shown(row: Model) -> str:
        return "oui" if getattr(row, field.name) else "non"

    shown.__name__ = field.name
    return shown


class PartnerAdmin(_Admin):
    """What the two registries share: no secret read, a reason for each change, and its history."""

    actions = None
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = list_max_show_all = 50
    key: str  # the field that names a partner
    fact: str  # the fact that names it in the journal
    timestamp: str  # the field that dates its last change

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows without their secret, which no page needs."""
        return super().get_queryset(request).defer(SECRET)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fieldsets, and the reason; an agent who only reads gets words instead.

        No pictures, no wire formats.
        """
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return [*fieldsets, ("Pourquoi ce changement", {"fields": (REASON,)})]
        return [
            (title, {**options, "fields": [self._readable(name) for name in options["fields"]]})
            for title, options in fieldsets
        ]

    def _readable(self, name: Any) -> Any:
        if hasattr(self, f"{name}_shown"):
            return f"{name}_shown"
        field = self.opts.get_field(name)
        return _in_words(field) if isinstance(field, BooleanField) else name

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List the partners of a registry."""
        shown = {
            "title": capfirst(self.opts.verbose_name_plural),
            "deleted": partner_history.deleted(self.model),
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer one way to save, and one to go on editing."""
        context["show_save_and_add_another"] = False
        if row := context.get("original"):
            context["tools"] = self.tools(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """Return the label and the address of the pages about a partner that its own leads to."""
        return []

    def save_row(self, row: Model, fields: tuple[str, ...], *, created: bool) -> None:
        """Write what this agent changed and only that: another agent may have changed the rest."""
        if created:
            row.save()
        elif fields:
            row.save(update_fields=[*fields, self.timestamp])

    def tell(self, request: HttpRequest, form: Any) -> Actor:
        """Say who makes this change, and why, to the history; return who, for the journal."""
        actor = Actor.of_request(request)
        history.tell(actor=actor.name, reason=form.cleaned_data[REASON])
        return actor

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show what was changed of this partner, by whom and why; it outlives the partner."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return partner_history.show(
            request,
            self.admin_site,
            self.model,
            object_id,
            identifier=self.key,
            fact=self.fact,
        )

    # Django's own history would be a second one, which repeats values and can be deleted.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None


@admin.register(IdentityProvider)
class IdentityProviders(PartnerAdmin, IdentityProviderAdmin):
    key, fact, timestamp = "uid", "idp", "updated_at"

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, and that of the health of a provider."""
        view = self.admin_site.admin_view(self.health_view)
        return [path("<path:object_id>/health/", view, name=HEALTH), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return HealthChangeList

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; how each is doing stands among the first, for those who may see it."""
        first, *others = IdentityProviderAdmin.list_display
        columns = ("health_shown", "rate_shown", "last_success_shown")
        shown = columns if health_page.may_see(request.user) else ()
        return (first, *shown, *others)

    def tools(self, request: HttpRequest, row: IdentityProvider) -> list[tuple[str, str]]:
        pages = super().tools(request, row)
        return (
            [*pages, ("Santé", self._health_url(row))]
            if health_page.may_see(request.user)
            else pages
        )

    def health_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show how a provider is doing."""
        return health_page.show(request, self.admin_site, self.get_object(request, object_id))

    def _health_url(self, row: IdentityProvider) -> str:
        return reverse(f"{self.admin_site.name}:{HEALTH}", args=[row.pk])

    @admin.display(description="santé")
    def health_shown(self, row: Any) -> SafeString:
        css = "bo-relaxed" if row.health.state is State.DEGRADED else ""
        return format_html(
            '<a class="{}" href="{}">{}</a>', css, self._health_url(row), row.health.state
        )

    @admin.display(description="réussite (1 h)")
    def rate_shown(self, row: Any) -> str:
        return health_page.rate_in_words(row.health)

    @admin.display(description="dernière réussite")
    def last_success_shown(self, row: Any) -> str:
        return health_page.moment(row.health.last_success)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Delete a provider that nobody uses; say who uses it otherwise."""
        provider = self.get_object(request, object_id)
        may_delete = self.has_delete_permission(request, provider)
        return deletion_page.show(request, self.admin_site, provider, may_delete=may_delete)

    def save_model(
        self, request: HttpRequest, obj: IdentityProvider, form: Any, change: bool
    ) -> None:
        fields, actor = form.changed_fields, self.tell(request, form)
        self.save_row(obj, fields, created=not change)
        done = Change(obj.uid, obj, not change, fields)
        journalling.identity_provider_changed(done, actor)


@admin.register(ServiceProvider)
class ServiceProviders(PartnerAdmin, ServiceProviderAdmin):
    key, fact, timestamp = "client_id", "sp", "updated"
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
        fields, actor = form.changed_fields, self.tell(request, form)
        self.save_row(obj, fields, created=before is None)
        relaxed = strictness.new_relaxations(before, obj, fields)
        done = ServiceChange(obj.client_id, obj, before is None, fields, relaxed)
        journalling.service_provider_changed(done, actor)
        if relaxed:
            words = ", ".join(obj.relaxations)
            messages.warning(request, f"Politique assouplie : {words}.")

    def _before(self, service: ServiceProvider) -> ServiceProvider:
        rows = ServiceProvider.objects.select_for_update(of=("self",)).defer(SECRET)
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
