"""What an account that is not verified meets instead of going back to the broker with a code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from apps.sandbox.enrolment import remaining
from apps.sandbox.identity_provider import catalogue as sites
from apps.sandbox.identity_provider import kept_request, messages, session, sign_in
from apps.sandbox.identity_provider.rendering import page


@require_safe
def unverified(request: HttpRequest, handle: str) -> HttpResponse:
    """Say what an account still waits for, and lead back to the broker (its error code, §2)."""
    site = sites.current()
    waiting = sign_in.find_request(site, handle, is_submitted=False)
    current = session.find(request)
    if waiting is None or current is None or current.account.state not in remaining.REMAINING:
        return redirect("login", handle=handle)
    context = {
        **remaining.shown(site, current.account),
        "waiting": waiting,
        "portal_url": kept_request.address("portal", waiting),
        "return_url": messages.error_redirect(
            site, waiting.redirect_uri, waiting.state, *messages.NOT_VERIFIED
        ),
    }
    return page(request, "enrolment/unverified", context)
