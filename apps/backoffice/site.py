"""Django's admin as the whole of a site: titles, home page, and fewer addresses."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver

from apps.backoffice import dashboard

NOT_SERVED = frozenset({"view_on_site", "autocomplete"})


class BackofficeSite(admin.AdminSite):
    """The back-office, at the root of its own origin."""

    site_header = "FranceConnect — back-office"
    site_title = "FranceConnect — back-office"
    index_title = "Tableau de bord"
    site_url = None
    enable_nav_sidebar = False
    empty_value_display = "–"
    # Django's own are in French, but bring back its links, its switch of themes and its errors.
    password_change_template = "admin/password_change.html"  # noqa: S105 - a page
    password_change_done_template = "admin/password_change_done.html"  # noqa: S105 - a page
    logout_template = "admin/logged_out.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the admin's addresses without those that no page of ours uses."""
        return [url for url in super().get_urls() if getattr(url, "name", "") not in NOT_SERVED]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the figures that this agent may see."""
        figures = {"dashboard": dashboard.build(request.user)}
        return super().index(request, {**(extra_context or {}), **figures})
