"""The pages of the letterbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.sandbox.home import clock
from apps.sandbox.letterbox import post


@require_safe
def letterbox(request: HttpRequest) -> HttpResponse:
    """List the letters that were delivered, and offer to let time pass."""
    context = {"letters": post.delivered(), **clock.context("letterbox")}
    return render(request, "sandbox/letterbox/letterbox.html", context)


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one letter; one that is still on its way does not exist."""
    context = {"letter": get_object_or_404(post.delivered(), pk=pk)}
    return render(request, "sandbox/letterbox/letter.html", context)
