"""The search, for FranceConnect, and the switch, for whoever wants to see what a breakdown does."""

import time
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.sandbox.civil_register import searching, writing
from apps.sandbox.models import RegisterMode, RegisterSwitch

SLOW: Final = 8.0  # seconds, more than anybody waits for the register


@require_GET
def individuals(request: HttpRequest) -> HttpResponse:
    """Answer a search, unless the register is broken down."""
    mode = RegisterSwitch.current()
    if mode == RegisterMode.DOWN:
        return HttpResponse(status=503)
    if mode == RegisterMode.SLOW:
        time.sleep(SLOW)
    result = searching.answer(request.GET)
    return HttpResponse(writing.build(result), content_type="application/xml")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Break the register down, or repair it; an unknown mode changes nothing."""
    mode = request.POST.get("mode", "")
    if mode in RegisterMode.values:
        RegisterSwitch.turn(RegisterMode(mode))
        label = RegisterMode(mode).label
        messages.success(request, f"Registre de l’état civil\u202f: {label}.")
    return redirect("sandbox_home")
