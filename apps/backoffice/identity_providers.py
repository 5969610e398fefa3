"""The pages of identity providers: the form, the analysis, the trials, the health, the deletion."""

from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.backoffice import (
    activation,
    analysing,
    deletion_page,
    health_page,
    journalling,
    reasons,
    trial_page,
)
from apps.backoffice.health import State
from apps.backoffice.health_page import HealthChangeList
from apps.backoffice.partner_admin import PartnerAdmin
from apps.identity_providers.admin import IdentityProviderAdmin
from apps.identity_providers.analysis.findings import Report
from apps.identity_providers.models import IdentityProvider, Trial
from apps.identity_providers.partner_files import PartnerChange

HEALTH: Final = "identity_providers_identityprovider_health"


class IdentityProviders(PartnerAdmin, IdentityProviderAdmin):
    key, label, fact, timestamp = "uid", "title", "idp", "updated_at"
    form = activation.ActivationForm

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, and those of the analysis, the health and the trials."""
        analyse = self.admin_site.admin_view(self.analyse_view)
        health = self.admin_site.admin_view(self.health_view)
        trial = self.admin_site.admin_view(self.trial_view)
        report = self.admin_site.admin_view(self.report_view)
        log_out = self.admin_site.admin_view(self.log_out_view)
        one_trial = "<path:object_id>/essai/<uuid:trial_id>/"
        return [
            path("analyse/", analyse, name=f"{analysing.MODEL}_analysis"),
            path("<path:object_id>/analyse/", analyse, name=f"{analysing.MODEL}_analyse"),
            path("<path:object_id>/health/", health, name=HEALTH),
            path("<path:object_id>/essai/", trial, name=trial_page.TRIAL),
            path(one_trial, report, name=trial_page.REPORT),
            path(f"{one_trial}deconnexion/", log_out, name=trial_page.LOG_OUT),
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
        """Analyse a provider that this form would activate or move, before it is saved."""
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

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return HealthChangeList

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; how each is doing stands among the first, for those who may see it."""
        first, *others = IdentityProviderAdmin.list_display
        columns = ("health_shown", "rate_shown", "last_success_shown")
        shown = columns if health_page.may_see(request.user) else ()
        return (first, *shown, *others)

    def tools(self, request: HttpRequest, row: IdentityProvider) -> list[tuple[str, str]]:
        trial = reverse(f"{self.admin_site.name}:{trial_page.TRIAL}", args=[row.pk])
        pages = [*super().tools(request, row), ("Connexion d’essai", trial)]
        return (
            [*pages, ("Santé", self._health_url(row))]
            if health_page.may_see(request.user)
            else pages
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell whether a trial succeeded with the present configuration, beside the form."""
        if row := context.get("original"):
            context["good_trial"] = Trial.last_good(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def trial_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin a trial of a provider, and list the last ones."""
        row = self._visible(request, object_id)
        may_start = self.has_change_permission(request, row)
        return trial_page.show(request, self.admin_site, row, may_start=may_start)

    def report_view(self, request: HttpRequest, object_id: str, trial_id: UUID) -> HttpResponse:
        """Show what came of a trial."""
        row = self._visible(request, object_id)
        return trial_page.report(request, self.admin_site, row, trial_id)

    def log_out_view(self, request: HttpRequest, object_id: str, trial_id: UUID) -> HttpResponse:
        """Leave for the logout of the provider that was tried."""
        return trial_page.log_out(request, self._visible(request, object_id), trial_id)

    def _visible(self, request: HttpRequest, object_id: str) -> IdentityProvider | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_object(request, object_id)

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
        fields, actor = form.changed_fields, reasons.tell(request, form)
        self.save_row(obj, fields, created=not change)
        done = PartnerChange(obj.uid, obj, not change, fields)
        journalling.identity_provider_changed(done, actor)
        activation.conclude(request, form)
