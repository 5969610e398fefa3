"""The pages that the site of an identity provider shows, each in the look of its own site."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.sandbox.identity_provider import catalogue


def page(
    request: HttpRequest,
    name: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a page by the name of its template, `enrolment/expired`; it knows which site it is of."""
    shown = {"site": catalogue.current(), **(context or {})}
    return render(request, f"sandbox/{name}.html", shown, status=status)
