"""The page where an account is asked for: two clicks from the home page, as on the real sites."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox.answers import SeeOther
from apps.sandbox.enrolment import catalogue, drafts
from apps.sandbox.identity_provider import catalogue as sites
from apps.sandbox.identity_provider import kept_request, session
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.personas import directory


@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Show what this site offers to a person who has no account yet."""
    site = sites.current()
    waiting = kept_request.find(request)
    portal = catalogue.PORTALS[site.slug]
    context = {
        "portal": portal,
        "links": [(label, kept_request.address(name, waiting)) for label, name in portal.links],
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
    waiting = kept_request.find(request)
    current = session.find(request)
    account = current.account if current and found.needs else None
    if found.needs and (account is None or account.state not in found.needs):
        return redirect(kept_request.address("portal", waiting))
    kept_request.remember(request, waiting)
    draft = drafts.start(found, account=account, waiting=waiting)
    return drafts.give(SeeOther(catalogue.step_address(draft, found, 0)), draft)
