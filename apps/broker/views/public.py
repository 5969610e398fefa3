"""The pages that anybody may read, without a sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest, template: str) -> HttpResponse:
    """Show one public page."""
    return render(request, f"broker/pages/{template}.html")
