"""What the pages of the two registries share: who changes what, why, and how it is shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from apps.backoffice import partner_history
from apps.identity_providers import history
from apps.identity_providers.change_reason import REASON

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin


def _shown(field: "BooleanField[Any, Any]") -> Callable[[Model], str]:
    """Return what shows a boolean field as a word."""

    @admin.display(description=field.verbose_name)
    def shown(row: Model) -> str:
        return partner_history.in_words(getattr(row, field.name), field)

    shown.__name__ = field.name
    return shown


class PartnerAdmin(_Admin):
    """What the two registries share: no secret read, a reason for each change, and its history."""

    actions = None
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = list_max_show_all = 50
    key: str  # the field that names a partner, for ever
    label: str  # the field that agents know it by
    fact: str  # the fact that names it in the journal
    timestamp: str  # the field that dates its last change

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows without their secret, which no page needs."""
        return super().get_queryset(request).defer(history.SECRET)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (self.key,) if obj else ()

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
        return _shown(field) if isinstance(field, BooleanField) else name

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List the partners of a registry."""
        shown = {
            "title": capfirst(self.opts.verbose_name_plural),
            "deleted": partner_history.deleted(self.model, self.label),
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
