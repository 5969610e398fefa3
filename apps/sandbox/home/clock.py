"""The page of the clock, on the main site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox import clock

_PAGES = ("clock", "letterbox", "sandbox_home")


def context(page: str) -> dict[str, object]:
    """Return what the block of the clock shows on a page, which its buttons come back to."""
    shown = {"now": clock.now(), "is_ahead": bool(clock.offset()), "steps": clock.STEPS}
    return {"clock": {**shown, "page": page}}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Say the time of the sandbox, and offer to move it."""
    return render(request, "sandbox/clock/clock.html", context("clock"))


@require_POST
def advance(request: HttpRequest) -> HttpResponse:
    """Move forward by a step."""
    try:
        clock.advance(clock.parse(request.POST.get("step", "")))
    except clock.WrongStep as refusal:
        messages.error(request, str(refusal))
        return redirect("clock")
    return _back(request)


@require_POST
def return_to_the_present(request: HttpRequest) -> HttpResponse:
    """Give the sandbox the time of the machine again."""
    clock.back_to_the_present()
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    page = request.POST.get("page", "")
    return redirect(page if page in _PAGES else "clock")
