"""The page of the clock, on the main site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox import clock


def context() -> dict[str, object]:
    """Return what the block of the clock shows, here and on other pages."""
    ahead = clock.offset()
    return {"clock": {"now": clock.now(), "is_ahead": bool(ahead), "steps": clock.STEPS}}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Say the time of the sandbox, and offer to move it."""
    return render(request, "sandbox/clock/clock.html", context())


@require_POST
def advance(request: HttpRequest) -> HttpResponse:
    """Move forward by a step."""
    try:
        clock.advance(clock.parse(request.POST.get("step", "")))
    except clock.WrongStep as refusal:
        messages.error(request, str(refusal))
    return redirect("clock")


@require_POST
def return_to_the_present(request: HttpRequest) -> HttpResponse:
    """Give the sandbox the time of the machine again."""
    clock.back_to_the_present()
    messages.success(request, "Le bac à sable est revenu au présent.")
    return redirect("clock")
