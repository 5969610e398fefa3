"""The SSO session: what lets a citizen go from one service to the next without typing anything.

It begins when a first code is given, lives 30 minutes after the last one, and is judged anew for
each service: same browser, live account, provider still open and accepted there, level and age.
"""

import time
import uuid
from datetime import UTC, datetime

from apps.audit import events, journal
from apps.broker import lookups, sealed_identity
from apps.broker.boxes import Purpose
from apps.broker.journal_facts import of_sign_in
from apps.broker.models import LIFETIME, SignIn, SsoSession
from apps.broker.sealed_identity import Held
from apps.protocol import acr, errors, jose, sealing
from apps.protocol.errors import ProtocolError
from apps.service_providers.models import ConsentMode
from apps.statements import writing


def find(secret: str) -> SsoSession | None:
    """Return the live session of this browser, or None."""
    session = lookups.SESSION.first(sealing.fingerprint(secret))
    return session if session and session.expires_at > datetime.now(UTC) else None


def serves(session: SsoSession, sign_in: SignIn) -> bool:
    """Tell whether this session may stand for a new authentication."""
    asked, provider = sign_in.asked, session.identity_provider
    is_recent = asked.max_age is None or time.time() - session.auth_time <= asked.max_age
    return (
        session.account.active
        and provider.active
        and sign_in.service_provider.accepts(provider)
        and acr.Acr(session.acr).is_at_least(asked.acr)
        and is_recent
    )


def forgotten(session: SsoSession | None, sign_in: SignIn) -> list[writing.Insertion]:
    """Return the line that says why a live session could not serve, when its provider is the reason."""
    if session is None:
        return []
    facts = {**of_sign_in(sign_in), "idp": session.identity_provider.uid}
    if not session.identity_provider.active:
        return [journal.line(events.FC_IDP_DISABLED, **facts)]
    if not sign_in.service_provider.accepts(session.identity_provider):
        return [journal.line(events.FC_IDP_BLACKLISTED, **facts)]
    if not acr.Acr(session.acr).is_at_least(sign_in.asked.acr):
        return [journal.line(events.FC_IDP_INSUFFICIENT_ACR, **facts)]
    return []


def is_page_due(sign_in: SignIn, session_secret: str) -> bool:
    """Tell whether the information page must be shown, or was in this session (policy of the service)."""
    is_remembered = sign_in.service_provider.consent_mode == ConsentMode.REMEMBERED
    if not is_remembered or not sign_in.is_sso or "consent" in sign_in.asked.prompt:
        return True
    session = find(session_secret)
    return session is None or sign_in.service_provider.client_id not in session.services


def remember(
    sign_in: SignIn, held: Held, session_secret: str, now: datetime
) -> tuple[str, writing.Part]:
    """Return the secret of this browser's session, and what opens it or prolongs it.

    The session that recognised the citizen is prolonged; otherwise a new one begins.
    Raises ProtocolError: SESSION_MISSING when that session was closed meanwhile, or replaced by
    the session of somebody else (S-130).
    """
    if sign_in.is_sso:
        return session_secret, _prolonged(sign_in, session_secret, now)
    secret = jose.random_token()
    session = SsoSession(
        id=uuid.uuid4(),
        fingerprint=sealing.fingerprint(secret),
        account=sign_in.account,
        identity_provider=sign_in.identity_provider,
        acr=sign_in.idp_acr,
        amr=sign_in.amr,
        auth_time=sign_in.auth_time or int(now.timestamp()),
        browsing_session=sign_in.browsing_session,
        sealed=sealed_identity.seal(held, secret, Purpose.SESSION),
        services=[sign_in.service_provider.client_id],
        expires_at=now + LIFETIME,
    )
    return secret, writing.row_of(session)


def _prolonged(sign_in: SignIn, session_secret: str, now: datetime) -> writing.Change:
    session = find(session_secret) if session_secret else None
    if session is None or session.browsing_session != sign_in.browsing_session:
        raise ProtocolError(errors.SESSION_MISSING, debug="the session that recognised is closed")
    changes: dict[str, object] = {"expires_at": now + LIFETIME}
    client_id = sign_in.service_provider.client_id
    if client_id not in session.services:
        changes["services"] = writing.Appended(client_id)
    return writing.Change(SsoSession, {"id": session.pk}, changes)
