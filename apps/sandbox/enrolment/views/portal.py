"""The page where an account is asked for: two clicks from the home page, as on the real sites."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox.answers import SeeOther
from apps.sandbox.enrolment import catalogue, drafts
from apps.sandbox.identity_provider import catalogue as sites
from apps.sandbox.identity_provider import session, sign_in
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.models import AuthenticationRequest
from apps.sandbox.personas import directory


@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Show what this site offers to a person who has no account yet."""
    site = sites.current()
    waiting = _waiting(request.GET.get("demande", ""))
    context = {
        "portal": catalogue.PORTALS[site.slug],
        "candidates": directory.without_account_at(site),
        "waiting": waiting,
    }
    return page(request, "enrolment/portal", context)


@require_POST
def start(request: HttpRequest, enrolment: str) -> HttpResponse:
    """Begin an enrolment, or go on with the account of the session."""
    found = catalogue.find(sites.current().slug, enrolment)
    if found is None:
        raise Http404
    current = session.find(request)
    account = current.account if current and found.needs else None
    if found.needs and (account is None or account.state not in found.needs):
        return redirect("portal")
    waiting = _waiting(request.POST.get("demande", ""))
    draft = drafts.start(found, account=account, waiting=waiting)
    return drafts.give(SeeOther(catalogue.step_address(draft, found, 0)), draft)


def _waiting(handle: str) -> AuthenticationRequest | None:
    return sign_in.find_request(sites.current(), handle, is_submitted=False) if handle else None
