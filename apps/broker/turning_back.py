"""The ways back, from any open step: to the service, out of a logout, or « ce n’est pas moi »."""

import uuid

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from apps.audit import events, journal
from apps.broker import answer
from apps.broker.journal_facts import of_request, of_sign_in
from apps.broker.models import SignIn, SsoSession
from apps.protocol import authorization_response, errors, sealing
from apps.protocol.journey import OPEN, Event, State


def abandon(request: HttpRequest, sign_in: SignIn) -> str:
    """Return the service's address with `access_denied`, the same when it is asked twice.

    Raises ProtocolError: STEP_REPLAYED.
    """
    if sign_in.state != State.ABANDONED:
        with sign_in.moving(Event.ABANDON, sealed=None) as written:
            facts = {**of_sign_in(sign_in), **of_request(request)}
            written.append(journal.line(events.SIGN_IN_ABANDONED, **facts))
    asked = sign_in.asked
    return authorization_response.build_error(
        errors.ABANDONED, redirect_uri=asked.redirect_uri, state=asked.state, issuer=settings.ISSUER
    )


def withdraw(request: HttpRequest, sign_in: SignIn) -> None:
    """End a sign-in whose browser logs out: what was open is closed, nothing is given again."""
    if State(sign_in.state) in OPEN:
        abandon(request, sign_in)
    else:
        answer.forget(sign_in)


def disown(request: HttpRequest, sign_in: SignIn, session_secret: str) -> None:
    """Forget who was recognised, and the session that did, when a user says « ce n’est pas moi ».

    Raises ProtocolError: STEP_REFUSED, STEP_REPLAYED.
    """
    facts = {**of_sign_in(sign_in), **of_request(request)}
    with (
        transaction.atomic(),
        sign_in.moving(
            Event.DISOWN,
            account=None,
            sealed=None,
            is_sso=False,
            identity_provider=None,
            browsing_session=uuid.uuid4(),
        ) as written,
    ):
        written.append(journal.line(events.IDENTITY_DISOWNED, **facts))
        SsoSession.objects.filter(fingerprint=sealing.fingerprint(session_secret)).delete()
