"""From an address to a sign-in, and from a sign-in to the next address."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from apps.broker import attention, lookups
from apps.broker.models import SignIn
from apps.broker.views import browser
from apps.protocol import errors, sealing
from apps.protocol.errors import ProtocolError
from apps.protocol.journey import State

PREFIX = "/api/v2/interaction"
_PAGES = {
    State.RECOGNISING: "verify",
    State.HINTED: "verify",
    State.INFORMING: "consent",
    State.GRANTED: "consent",
}


def sign_in_of(request: HttpRequest, sign_in_id: UUID) -> tuple[SignIn, str]:
    """Return the sign-in of this address and the secret this browser holds for it.

    Raises ProtocolError: SESSION_MISSING, SIGN_IN_EXPIRED.
    """
    sign_in = lookups.SIGN_IN.first(sign_in_id)
    if sign_in is None:
        raise ProtocolError(errors.SESSION_MISSING)
    secret = browser.secret_of(request, sign_in)
    attention.note_sign_in(request, sign_in)
    if sign_in.expires_at <= datetime.now(UTC):
        raise ProtocolError(errors.SIGN_IN_EXPIRED)
    return sign_in, secret


def sign_ins_of(request: HttpRequest) -> list[SignIn]:
    """Return the sign-ins of this browser that are still there."""
    shown = browser.secrets_of(request)
    found = (
        lookups.SIGN_IN.first(sign_in_id) for sign_in_id in list(shown)[: browser.MAX_SIGN_INS]
    )
    return [
        sign_in
        for sign_in in found
        if sign_in and sealing.fingerprint(shown[sign_in.pk]) == sign_in.fingerprint
    ]


def url(sign_in: SignIn, page: str = "") -> str:
    """Return the address of a page of this sign-in; no page is the choice."""
    return f"{PREFIX}/{sign_in.pk}" + (f"/{page}" if page else "")


def confirmation_url(sign_in: SignIn, uid: str) -> str:
    """Return the address of what must be read before leaving for this account."""
    return f"{url(sign_in, 'confirmation')}?{urlencode({'providerUid': uid})}"


def next_step(sign_in: SignIn) -> str:
    """Return the page of the step that the citizen has reached."""
    return url(sign_in, _PAGES.get(State(sign_in.state), ""))
