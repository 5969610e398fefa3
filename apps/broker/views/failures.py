"""An error of the catalogue as a page, a redirect or JSON: the only place where one becomes an answer."""

import uuid
from datetime import UTC, datetime
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from apps.audit import events, journal
from apps.broker import attention
from apps.broker.journal_facts import of_request, of_sign_in
from apps.broker.models import SignIn
from apps.broker.op import backend
from apps.broker.views import steps
from apps.protocol import authorization_response, errors
from apps.protocol.discovery import origin
from apps.protocol.errors import Delivery, ErrorSpec, ProtocolError
from apps.protocol.journey import CHOICE_STATES, OPEN, State

log = structlog.get_logger()


def answer(request: HttpRequest, failure: ProtocolError) -> HttpResponse:
    """Return the answer that this error's delivery allows, journalled and logged.

    A redirect needs an address that was trusted before; without one the error is a page.
    """
    spec, notes = failure.spec, attention.of(request)
    error_id = str(uuid.uuid4())
    log.warning("refused", code=spec.code, slug=spec.slug, debug=failure.debug, error_id=error_id)
    _append(request, spec, error_id)
    if notes.is_machine:
        return machine(backend.error_reply(spec))
    if spec.delivery is Delivery.REDIRECT and notes.reply_to:
        url = authorization_response.build_error(
            spec, redirect_uri=notes.reply_to, state=notes.state, issuer=settings.ISSUER
        )
        return HttpResponseRedirect(url, status=303)
    return page(request, spec, error_id=error_id, debug=failure.debug)


def machine(reply: backend.Reply) -> HttpResponse:
    """Return what a service's machine receives, kept by no cache (RFC 6749 §5.1)."""
    return HttpResponse(
        reply.body,
        status=reply.status,
        content_type=reply.content_type,
        headers={**reply.headers, "Cache-Control": "no-store"},
    )


def page(
    request: HttpRequest, spec: ErrorSpec, *, error_id: str, debug: str = "", resume_url: str = ""
) -> HttpResponse:
    """Return the error page: what happened, what to do, and a reference for the support."""
    notes = attention.of(request)
    sign_in = notes.sign_in
    abandon_action = _abandon(sign_in)
    if abandon_action:
        notes.form_action = (origin(notes.reply_to),)
    values = {
        "title": spec.title,
        "text": spec.text,
        "code": spec.code,
        "error_id": error_id,
        "at": datetime.now(UTC),
        "service_name": notes.service.name if notes.service else "",
        "service_url": notes.service.client_uri if sign_in and notes.service else "",
        "provider_title": _provider_title(sign_in),
        "support_url": _support_url(spec, error_id, notes),
        "resume_url": resume_url,
        "abandon_action": abandon_action,
        "choose_another_url": _choose_another(spec, sign_in),
        "developer": _developer(spec, debug),
    }
    return render(request, "broker/error.html", values, status=spec.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without our token, or with a stale one; nothing has changed."""
    is_missing = "csrfmiddlewaretoken" not in request.POST
    spec = errors.CSRF_MISSING if is_missing else errors.CSRF_INVALID
    log.warning("refused", code=spec.code, slug=spec.slug, debug=reason)
    return page(request, spec, error_id=str(uuid.uuid4()), resume_url=_resume(request.path))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    return page(request, errors.NOT_FOUND, error_id=str(uuid.uuid4()))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read. Django's own view would read the body once more, and fail."""
    log.warning("refused", code=errors.REQUEST_UNREADABLE.code, error=type(exception).__name__)
    return page(request, errors.REQUEST_UNREADABLE, error_id=str(uuid.uuid4()))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when a middleware of ours or of Django failed."""
    return page(request, errors.INTERNAL, error_id=str(uuid.uuid4()))


def _append(request: HttpRequest, spec: ErrorSpec, error_id: str) -> None:
    """Journal the refusal, after the rollback of what failed."""
    if spec is errors.DATABASE_UNAVAILABLE:
        return
    notes = attention.of(request)
    facts = of_sign_in(notes.sign_in) if notes.sign_in else {}
    if notes.service:
        facts.setdefault("sp", notes.service.client_id)
    journal.append(
        events.SIGN_IN_REFUSED,
        code=spec.code,
        slug=spec.slug,
        error_id=error_id,
        **facts,
        **of_request(request),
    )


def _resume(path: str) -> str:
    """Return the page that holds a fresh form, for the action that was refused."""
    page_path, _, action = path.rpartition("/")
    return {
        "redirect-to-idp": page_path,
        "login": f"{page_path}/consent",
        "abandon": page_path,
        "not-me": f"{page_path}/consent",
    }.get(action, "")


def _abandon(sign_in: SignIn | None) -> str:
    is_open = sign_in is not None and State(sign_in.state) in OPEN
    return steps.url(sign_in, "abandon") if sign_in and is_open else ""


def _choose_another(spec: ErrorSpec, sign_in: SignIn | None) -> str:
    if sign_in is None or not spec.can_choose_another or sign_in.state not in CHOICE_STATES:
        return ""
    return steps.url(sign_in)


def _provider_title(sign_in: SignIn | None) -> str:
    return sign_in.identity_provider.title if sign_in and sign_in.identity_provider else ""


def _support_url(spec: ErrorSpec, error_id: str, notes: attention.Attention) -> str:
    known = {"error_code": spec.code, "error_id": error_id}
    if notes.service:
        known["sp_name"] = notes.service.name
    if title := _provider_title(notes.sign_in):
        known["idp_name"] = title
    return f"{settings.SUPPORT_URL}?{urlencode(known)}"


def _developer(spec: ErrorSpec, debug: str) -> dict[str, str] | None:
    """Return the block for developers: in the sandbox only."""
    if not settings.SANDBOX_RIBBON:
        return None
    return {"rule": spec.source, "cause": spec.operator, "detail": debug}
