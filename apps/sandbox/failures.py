"""The pages of what goes wrong, in the look of the sandbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return render(request, "sandbox/failures/page_not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return render(request, "sandbox/failures/server_error.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is too old, or that another site sent, with a way to start again."""
    context = {"address": request.path}
    return render(request, "sandbox/failures/csrf_failure.html", context, status=403)
