"""The facts that the lines of one sign-in carry: which service, which provider, which level."""

from typing import Any

from django.http import HttpRequest

from apps.broker.models import SignIn


def of_sign_in(sign_in: SignIn, *, provider: bool = True) -> dict[str, Any]:
    """Return what the journal may say of a sign-in; nothing in it is of the citizen's identity."""
    service = sign_in.service_provider
    facts: dict[str, Any] = {
        "sign_in": sign_in.pk,
        "sp": service.client_id,
        "sp_name": service.name,
        "sp_type": service.kind,
        "sp_acr": sign_in.request["acr"],
        "browsing_session": sign_in.browsing_session,
        "is_sso": sign_in.is_sso,
        "acr": sign_in.acr,
    }
    if provider and sign_in.identity_provider:
        facts["idp"] = sign_in.identity_provider.uid
        facts["idp_label"] = sign_in.identity_provider.title
        facts["idp_acr"] = sign_in.idp_acr
    if provider and sign_in.account_id:
        facts["account"] = sign_in.account_id
    return facts


def of_request(request: HttpRequest) -> dict[str, Any]:
    """Return the network facts; the port tells apart citizens who share an address (CGNAT)."""
    port = request.META.get("REMOTE_PORT", "")
    facts: dict[str, Any] = {"ip": request.META.get("REMOTE_ADDR", "")}
    if str(port).isdigit() and int(port):
        facts["port"] = int(port)
    return facts
