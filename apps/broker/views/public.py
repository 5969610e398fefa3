"""The pages that anybody may read, without a sign-in."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from apps.broker import lookups
from apps.broker.views.choice_page import UNAVAILABLE
from apps.identity_providers.models import IdentityProvider
from apps.notifications import policy

PUBLIC_FOR = "public, max-age=300"
_REFERENCE = re.compile(r"Y[0-9A-F]{6,7} · [0-9a-f-]{36}")


@require_safe
def page(request: HttpRequest, template: str) -> HttpResponse:
    """Show one public page."""
    return render(request, f"broker/pages/{template}.html")


@require_safe
def understand(request: HttpRequest) -> HttpResponse:
    """Explain FranceConnect, with the accounts that this platform displays."""
    accounts = [_account(provider) for provider in lookups.DISPLAYED.all()]
    values = {"accounts": accounts, "sends_notice": policy.is_notice_due()}
    response = render(request, "broker/pages/understand.html", values)
    response["Cache-Control"] = PUBLIC_FOR
    return response


def _account(provider: IdentityProvider) -> dict[str, str]:
    return {
        "title": provider.title,
        "hint": provider.hint,
        "pictogram": static(provider.pictogram) if provider.pictogram else "",
        "state": "" if provider.active else provider.message or UNAVAILABLE,
        "text": provider.enrolment,
        "url": provider.enrolment_url,
    }


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Show whom to ask, with the reference of the error page that led here."""
    given = f"{request.GET.get('error_code', '')} · {request.GET.get('error_id', '')}"
    reference = given if _REFERENCE.fullmatch(given) else ""
    return render(request, "broker/pages/support.html", {"reference": reference})
