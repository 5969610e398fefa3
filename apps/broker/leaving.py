"""The eighth step: the citizen leaves (RP-Initiated Logout 1.0).

A service that shows an ID token of ours ends the session at once; without it, or when the token
speaks of somebody else than the session, the citizen confirms first (an image on any page could
otherwise log people out). Then the identity provider, when it has an end_session_endpoint, then
the service. Whatever is wrong in the request, logging out succeeds: only the redirect is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from apps.audit import events, journal
from apps.broker import sealed_identity, sso
from apps.broker.boxes import Purpose
from apps.broker.journal_facts import of_request
from apps.broker.models import SsoSession
from apps.broker.op import keys
from apps.broker.op.validator import subject_for
from apps.broker.rp import backend as rp
from apps.identity_providers import our_addresses
from apps.protocol import discovery, jose, logout
from apps.protocol.authentication_request import MAX_LENGTH
from apps.protocol.errors import ProtocolError
from apps.protocol.logout import LogoutHint
from apps.service_providers.models import ServiceProvider


@dataclass(frozen=True)
class Request:
    """A logout as we understood it.

    hint         None when there was none, or when it was not one of our ID tokens for this service
    return_url   "" when no registered address was given: the citizen stays with us
    """

    service: ServiceProvider | None
    hint: LogoutHint | None
    return_url: str


@dataclass(frozen=True)
class Left:
    """What was closed: where to go at the identity provider, and which services were joined.

    provider, browsing_session   what ties the line of the end to those of the session
    """

    provider_url: str = ""
    other_services: tuple[str, ...] = ()
    provider: str = ""
    browsing_session: str = ""


def read(parameters: Mapping[str, str]) -> Request:
    """Return the logout that was asked for; what cannot be trusted is left out."""
    hint_text = parameters.get("id_token_hint", "")
    parameters = {name: value for name, value in parameters.items() if "\x00" not in value}
    client_id = _audience(hint_text) or parameters.get("client_id", "")
    service = ServiceProvider.objects.filter(client_id=client_id).first() if client_id else None
    hint = _verified(hint_text, service) if service and hint_text else None
    contradicts = hint is not None and parameters.get("client_id", client_id) != client_id
    if service is None or contradicts or (hint_text and hint is None):
        return Request(service=None, hint=None, return_url="")
    return Request(service=service, hint=hint, return_url=_return_url(parameters, service))


def _return_url(parameters: Mapping[str, str], service: ServiceProvider) -> str:
    uri = parameters.get("post_logout_redirect_uri", "")
    if not uri or not service.post_logout_redirect_uri_allowed(uri):
        return ""
    state = parameters.get("state", "")
    return logout.build_return(uri, state=state if len(state) <= MAX_LENGTH else "")


def _audience(hint_text: str) -> str:
    try:
        return logout.unverified_audience(hint_text) if hint_text else ""
    except logout.HintRefused:
        return ""


def _verified(hint_text: str, service: ServiceProvider) -> LogoutHint | None:
    alg = jose.Alg(service.id_token_signed_response_alg)
    try:
        return logout.verify_hint(
            hint_text, issuer=settings.ISSUER, keys=keys.of_service(service, alg), alg=alg
        )
    except (logout.HintRefused, jose.JoseError):
        return None


def needs_confirmation(asked: Request, session_secret: str) -> bool:
    """Tell whether the citizen must confirm: no proof that the service speaks of this session."""
    if asked.hint is None or asked.service is None:
        return True
    session = sso.find(session_secret) if session_secret else None
    return session is not None and asked.hint.sub != subject_for(session.account, asked.service)


def leave(request: HttpRequest, asked: Request, session_secret: str, *, state: str) -> Left:
    """Close the session of this browser, if there is one, and say what remains to be closed.

    state   drawn for the trip to the identity provider's logout
    """
    session = sso.find(session_secret) if session_secret else None
    if session is None:
        return Left()
    provider_url = _provider_url(session, session_secret, state)
    with transaction.atomic():
        SsoSession.objects.filter(pk=session.pk).delete()
        journal.append_many(_lines(request, asked, session, to_provider=bool(provider_url)))
    mine = asked.service.client_id if asked.service else ""
    others = [client_id for client_id in dict.fromkeys(session.services) if client_id != mine]
    names = ServiceProvider.objects.filter(client_id__in=others).values_list("name", flat=True)
    return Left(
        provider_url, tuple(names), session.identity_provider.uid, str(session.browsing_session)
    )


def terminated(request: HttpRequest, pending: Mapping[str, object]) -> None:
    """Journal that everything was closed, the identity provider included.

    pending   what the logout left in the browser: see `Left`
    """
    journal.append(
        events.FC_SESSION_TERMINATED,
        sp=str(pending["client_id"]),
        sp_name=str(pending["service_name"]),
        idp=str(pending["provider"]),
        browsing_session=str(pending["browsing_session"]),
        **of_request(request),
    )


def _provider_url(session: SsoSession, session_secret: str, state: str) -> str:
    """Return the provider's logout address, or "" when it has none or does not answer."""
    try:
        endpoint = rp.configuration(session.identity_provider).end_session_endpoint
        held = sealed_identity.open_box(session.sealed, session_secret, Purpose.SESSION)
    except ProtocolError:
        return ""
    if not endpoint:
        return ""
    return logout.build_request(
        endpoint,
        id_token_hint=held.id_token_hint,
        client_id=session.identity_provider.client_id,
        post_logout_redirect_uri=our_addresses.post_logout_redirect_uri(),
        state=state,
    )


def _lines(
    request: HttpRequest, asked: Request, session: SsoSession, *, to_provider: bool
) -> list[journal.Line]:
    facts = {
        "browsing_session": session.browsing_session,
        "account": session.account_id,
        "idp": session.identity_provider.uid,
        "idp_label": session.identity_provider.title,
        **of_request(request),
    }
    if asked.service:
        facts |= {"sp": asked.service.client_id, "sp_name": asked.service.name}
    lines = [journal.build(events.SP_REQUESTED_LOGOUT, **facts)] if asked.service else []
    if to_provider:
        lines.append(journal.build(events.FC_REQUESTED_LOGOUT_FROM_IDP, **facts))
    else:
        lines.append(journal.build(events.FC_SESSION_TERMINATED, **facts))
    return lines


def provider_origins(session_secret: str) -> tuple[str, ...]:
    """Return the origin of the identity provider that logging out will visit, if any."""
    session = sso.find(session_secret) if session_secret else None
    if session is None:
        return ()
    try:
        endpoint = rp.configuration(session.identity_provider).end_session_endpoint
    except ProtocolError:
        return ()
    return (discovery.origin(endpoint),) if endpoint else ()
