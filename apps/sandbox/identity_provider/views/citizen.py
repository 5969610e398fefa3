"""What the person meets whom the broker sends: the request, then the login page."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.sandbox.answers import SeeOther, allow_form_target
from apps.sandbox.identity_provider import (
    broker_keys,
    catalogue,
    kept_request,
    messages,
    session,
    sign_in,
    throttle,
)
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.faults import catalogue as faults
from apps.sandbox.identity_provider.faults import suffix
from apps.sandbox.identity_provider.faults.fault import Fault
from apps.sandbox.identity_provider.login_page import LoginPage
from apps.sandbox.identity_provider.rendering import page
from apps.sandbox.identity_provider.request import (
    RefusedRequest,
    Request,
    Target,
    UntrustedRequest,
    parse,
    parse_target,
)
from apps.sandbox.identity_provider.views import credentials
from apps.sandbox.models import AuthenticationRequest
from apps.sandbox.personas import directory


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Receive the authentication request of the broker (OIDC Core §3.1.2.1: GET and POST)."""
    site = catalogue.current()
    parameters = dict((request.POST if request.method == "POST" else request.GET).lists())
    try:
        target = parse_target(parameters)
    except UntrustedRequest as refusal:
        return page(request, "identity_provider/refused", {"reason": str(refusal)}, status=400)
    try:
        asked = parse(parameters)
        if not site.shares_a_secret:
            broker_keys.prepare()
        return _answer(request, site, target, asked)
    except RefusedRequest as refusal:
        return redirect(
            messages.error_redirect(
                site, target.redirect_uri, target.state, refusal.error, refusal.description
            )
        )


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask for the identifier and the password: the only page where one is typed."""
    site = catalogue.current()
    waiting = sign_in.find_request(site, handle, is_submitted=request.method == "POST")
    if waiting is None:
        return page(request, "identity_provider/expired", status=410)
    if request.method == "POST":
        return _sign_in(request, site, waiting)
    return _login_page(request, waiting, credentials.asked_form(request, site))


def _answer(
    request: HttpRequest, site: IdentityProviderSite, target: Target, asked: Request
) -> HttpResponse:
    """Answer at once when the citizen is here already and the broker accepts it, else ask."""
    current = session.find(request)
    fresh = current is not None and session.is_fresh_enough(current, asked)
    if not fresh and "none" in asked.prompts:
        raise RefusedRequest("login_required", "the citizen must sign in")
    waiting = sign_in.open_request(site, target, asked)
    if current is None or not fresh:
        return redirect("login", handle=waiting.handle)
    try:
        code = sign_in.give_code(
            waiting,
            current.account,
            auth_time=current.auth_time,
            had_second_factor=current.had_second_factor,
        )
    except sign_in.NotVerified:
        if "none" in asked.prompts:
            raise RefusedRequest(*messages.NOT_VERIFIED) from None
        return redirect("unverified", handle=waiting.handle)
    except sign_in.NeedsSecondFactor:
        if "none" in asked.prompts:
            raise RefusedRequest(*messages.NO_SECOND_FACTOR) from None
        return redirect("login", handle=waiting.handle)
    members = messages.code_answer(site, target.state, code)
    return redirect(messages.redirect(target.redirect_uri, members))


def _sign_in(
    request: HttpRequest, site: IdentityProviderSite, waiting: AuthenticationRequest
) -> HttpResponse:
    typed, chosen = request.POST.get("identifier", ""), request.POST.get("fault", "")
    identifier, _ = suffix.split(typed)
    fault = _asked_fault(site, typed, chosen)
    if isinstance(fault, LoginPage):
        return _login_page(request, waiting, fault)
    password, address = request.POST.get("password", ""), throttle.address_of(request)
    outcome = credentials.authenticate(site, identifier, password, address)
    if isinstance(outcome, LoginPage):
        kept = replace(outcome, identifier=typed, fault=chosen)
        return _login_page(request, waiting, kept)
    auth_time = sign_in.epoch_now()
    try:
        code = sign_in.give_code(waiting, outcome, auth_time=auth_time, fault=fault.slug)
    except sign_in.AlreadyAnswered:
        return page(request, "identity_provider/expired", status=410)
    except sign_in.NotVerified:
        session.open_for(request, outcome, auth_time)
        return SeeOther(reverse("unverified", kwargs={"handle": waiting.handle}))
    except sign_in.NeedsSecondFactor:
        sign_in.plan(waiting, fault.slug)
        session.open_for(request, outcome, auth_time)
        return SeeOther(reverse("second_factor", kwargs={"handle": waiting.handle}))
    session.open_for(request, outcome, auth_time)
    members = fault.alter_return(messages.code_answer(site, waiting.state, code))
    return SeeOther(messages.redirect(waiting.redirect_uri, members))


def _asked_fault(site: IdentityProviderSite, typed: str, chosen: str) -> Fault | LoginPage:
    """Return the fault typed after the identifier, else the one chosen in the list."""
    _, slug = suffix.split(typed)
    try:
        return faults.get(slug or chosen, site)
    except faults.UnknownFault as refusal:
        field_name = "identifier" if slug else "fault"
        return LoginPage(site, typed, fault=chosen, errors={field_name: str(refusal)})


def _login_page(
    request: HttpRequest, waiting: AuthenticationRequest, shown: LoginPage
) -> HttpResponse:
    abandon = messages.error_redirect(
        shown.site, waiting.redirect_uri, waiting.state, "access_denied", "the citizen went back"
    )
    context = {
        "page": shown,
        "abandon_url": abandon,
        "action": reverse("login", kwargs={"handle": waiting.handle}),
        "fault_mark": suffix.MARK,
        "personas": directory.accounts_at(shown.site),
        "portal_url": kept_request.address("portal", waiting),
    }
    response = page(request, "identity_provider/login", context, status=shown.status)
    return allow_form_target(response, waiting.redirect_uri)
