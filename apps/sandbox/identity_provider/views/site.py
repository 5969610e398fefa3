"""The site itself, for whoever comes without a request of the broker: its home page and its sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.sandbox.answers import SeeOther
from apps.sandbox.enrolment import catalogue as enrolments
from apps.sandbox.enrolment import remaining
from apps.sandbox.identity_provider import catalogue, session, sign_in, throttle
from apps.sandbox.identity_provider.login_page import LoginPage
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.identity_provider.views import credentials
from apps.sandbox.models import AccountState
from apps.sandbox.personas import directory


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this site is, and to who signed in how far their account is."""
    site, current = catalogue.current(), session.find(request)
    context: dict[str, object] = {"portal": enrolments.PORTALS[site.slug]}
    if current is not None:
        account = current.account
        context |= {
            "account": account,
            "identifier": site.identifier.display(account.identifier),
            "is_verified": account.state == AccountState.VERIFIED,
            **remaining.shown(site, account),
        }
    return page(request, "identity_provider/home", context)


@require_http_methods(["GET", "POST"])
def site_sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session of the site, for no service: whatever the state of the account."""
    site = catalogue.current()
    if request.method != "POST":
        if session.find(request) is not None:
            return redirect("home")
        return _login_page(request, credentials.asked_form(request, site))
    typed, password = request.POST.get("identifier", ""), request.POST.get("password", "")
    outcome = credentials.authenticate(site, typed, password, throttle.address_of(request))
    if isinstance(outcome, LoginPage):
        return _login_page(request, outcome)
    session.open_for(request, outcome, sign_in.epoch_now())
    return SeeOther(reverse("home"))


def _login_page(request: HttpRequest, shown: LoginPage) -> HttpResponse:
    context = {
        "page": shown,
        "action": reverse("site_sign_in"),
        "personas": directory.accounts_at(shown.site),
        "portal_url": reverse("portal"),
    }
    return page(request, "identity_provider/login", context, status=shown.status)
