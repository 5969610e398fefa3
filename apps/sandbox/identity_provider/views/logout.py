"""The end of a session, asked for by the broker or by the citizen (RP-Initiated Logout 1.0)."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from apps.protocol import jose
from apps.sandbox.answers import SeeOther, allow_form_target
from apps.sandbox.identity_provider import catalogue, messages, registration, session
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.rendering import page

KEPT: Final = ("client_id", "post_logout_redirect_uri", "state")


@dataclass(frozen=True)
class Hint:
    """The ID token that a logout names, once its signature proved that it is one of ours."""

    sub: str
    client_id: str


@csrf_exempt
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """End the session and go back where the broker registered, without a question (§2, §3).

    The hint proves that the broker asks. Without it anybody could log the citizen out, so the
    citizen is asked first, and goes back afterwards if a client of ours registered the address.
    """
    parameters = request.POST if request.method == "POST" else request.GET
    hint = _find_hint(catalogue.current(), parameters.get("id_token_hint", ""))
    if hint is None:
        return _ask(request, parameters)
    current = session.find(request)
    if current is not None and current.account.sub == hint.sub:
        session.close(request)
    return_address = _find_return_address(hint.client_id, parameters)
    return (
        redirect(return_address)
        if return_address
        else page(request, "identity_provider/logged_out")
    )


@csrf_protect
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session because the citizen said so on our own page."""
    session.close(request)
    client_id = request.POST.get("client_id", "")
    return SeeOther(_find_return_address(client_id, request.POST) or "/")


def _ask(request: HttpRequest, parameters: QueryDict) -> HttpResponse:
    """Ask whether to log out, on a page whose form keeps where to go back."""
    return_address = _find_return_address(parameters.get("client_id", ""), parameters)
    fields = [(name, parameters[name]) for name in KEPT if return_address and name in parameters]
    response = page(request, "identity_provider/logout", {"fields": fields})
    return allow_form_target(response, return_address) if return_address else response


def _find_hint(site: IdentityProviderSite, token: str) -> Hint | None:
    """Return what an ID token of ours says; an expired one is as good a hint (§2)."""
    try:
        claims = jose.verify(token, keys=registration.keys(site), alg=site.id_token_alg)
    except jose.JoseError:
        return None
    sub, client_id = claims.get("sub"), claims.get("aud")
    if claims.get("iss") != site.issuer or not isinstance(sub, str):
        return None
    return Hint(sub, client_id) if isinstance(client_id, str) else None


def _find_return_address(client_id: str, parameters: QueryDict) -> str:
    """Return the registered address that was asked for, with state, or "" (§3: exact match)."""
    client = registration.find_client(client_id)
    asked = parameters.get("post_logout_redirect_uri", "")
    if client is None or asked not in client.post_logout_redirect_uris:
        return ""
    return messages.logout_redirect(asked, parameters.get("state", ""))
