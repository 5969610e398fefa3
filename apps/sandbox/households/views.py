"""The notice of a household, as a page to print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.sandbox.households import catalogue


@require_safe
def notice(request: HttpRequest, persona: str) -> HttpResponse:
    """Show the fictional notice on which a persona finds what the tax office's form asks for."""
    household = catalogue.find_of(persona)
    if household is None:
        raise Http404
    return render(request, "sandbox/households/notice.html", {"household": household})
