"""What the back-office shows: the two registries, each change with its trace, and the journal.

Everything is registered here, and nothing else is: no account of a citizen, no code, no token.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from apps.audit.admin import Choices, EntryAdmin
from apps.audit.events import Category
from apps.audit.models import Entry
from apps.backoffice import activation, analysing, journalling, secret_pages
from apps.backoffice.journalling import Actor
from apps.identity_providers.admin import IdentityProviderAdmin
from apps.identity_providers.analysis.findings import Report
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


def _in_words(field: "BooleanField[Any, Any]") -> Callable[[Model], str]:
    """Return what shows a boolean field as a word."""

    @admin.display(description=field.verbose_name)
    def shown(row: Model) -> str:
        return "oui" if getattr(row, field.name) else "non"

    shown.__name__ = field.name
    return shown


class PartnerAdmin(_Admin):
    """What the two registries share: no deletion, no secret read, one trace, which is the journal."""

    actions = None
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = list_max_show_all = 50
    key: str  # the field that names a partner
    fact: str  # the fact that names it in the journal
    timestamp: str  # the field that dates its last change

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows without their secret, which no page needs."""
        return super().get_queryset(request).defer(SECRET)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fieldsets; an agent who only reads gets words: no pictures, no wire formats."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
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
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer one way to save, and one to go on editing."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_row(self, row: Model, fields: tuple[str, ...], *, created: bool) -> None:
        """Write what this agent changed and only that: another agent may have changed the rest."""
        if created:
            row.save()
        elif fields:
            row.save(update_fields=[*fields, self.timestamp])

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Send to the lines of the journal about the changes of this partner."""
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        query = {self.fact: getattr(row, self.key), "category": Category.AGENT.value}
        url = reverse(f"{self.admin_site.name}:audit_entry_changelist")
        return redirect(f"{url}?{urlencode(query)}")

    # Django's own history would be a second one, which repeats values and can be deleted.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None


@admin.register(IdentityProvider)
class IdentityProviders(PartnerAdmin, IdentityProviderAdmin):
    key, fact, timestamp = "uid", "idp", "updated_at"
    form = activation.ActivationForm

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, and those of the pages that analyse an issuer."""
        view = self.admin_site.admin_view(self.analyse_view)
        return [
            path("analyse/", view, name=f"{analysing.MODEL}_analysis"),
            path("<path:object_id>/analyse/", view, name=f"{analysing.MODEL}_analyse"),
            *super().get_urls(),
        ]

    def analyse_view(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        """Judge an issuer, that of a row or one that the agent types; nothing is saved."""
        row = self.get_object(request, object_id) if object_id else None
        if object_id and row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        may_write = self.has_change_permission(request, row)
        return analysing.page(request, self.admin_site, row, may_write=may_write)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List the providers, with the way to analyse another."""
        context = {"may_analyse": self.has_change_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Analyse a provider that this form would activate, before the transaction that saves it."""
        if request.method == "POST" and request.POST.get("active"):
            request.activation_report = self._examine(request, object_id)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _examine(self, request: HttpRequest, object_id: str | None) -> Report | None:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        if not may or (object_id and row is None):
            return None
        form_class = self.get_form(request, row, change=row is not None)
        return activation.examine(request, form_class(request.POST, instance=row))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form, which knows what the analysis of this request found."""
        made = super().get_form(request, obj, change=change, **kwargs)
        report = getattr(request, "activation_report", None)
        return type(made.__name__, (made,), {"report": report})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        report = getattr(request, "activation_report", None)
        return [*fieldsets, activation.FIELDSET] if report and report.blocking else fieldsets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Open a new provider with what an analysis proposes."""
        return {**super().get_changeform_initial_data(request), **analysing.proposed(request)}

    def save_model(
        self, request: HttpRequest, obj: IdentityProvider, form: Any, change: bool
    ) -> None:
        fields = form.changed_fields
        self.save_row(obj, fields, created=not change)
        done = Change(obj.uid, obj, not change, fields)
        journalling.identity_provider_changed(done, Actor.of_request(request))
        activation.conclude(request, form)


@admin.register(ServiceProvider)
class ServiceProviders(PartnerAdmin, ServiceProviderAdmin):
    key, fact, timestamp = "client_id", "sp", "updated"
    change_form_template = "admin/service_providers/serviceprovider/change_form.html"

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
        fields = form.changed_fields
        self.save_row(obj, fields, created=before is None)
        relaxed = strictness.new_relaxations(before, obj, fields)
        done = ServiceChange(obj.client_id, obj, before is None, fields, relaxed)
        journalling.service_provider_changed(done, Actor.of_request(request))
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
