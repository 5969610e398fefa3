"""The pages that anybody may read, without a sign-in."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

_REFERENCE = re.compile(r"Y[0-9A-F]{6,7} · [0-9a-f-]{36}")


@require_safe
def page(request: HttpRequest, template: str) -> HttpResponse:
    """Show one public page."""
    return render(request, f"broker/pages/{template}.html")


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Show whom to ask, with the reference of the error page that led here."""
    given = f"{request.GET.get('error_code', '')} · {request.GET.get('error_id', '')}"
    reference = given if _REFERENCE.fullmatch(given) else ""
    return render(request, "broker/pages/support.html", {"reference": reference})
