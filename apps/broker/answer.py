"""The answer given to a citizen who goes on, kept for the one who presses twice.

A browser drops the answer to the first press when the second leaves: without this the citizen would
stay with us while the code, of which we hold the SHA-256 only, waits in vain. The answer is kept
sealed under the browser's secret, and given again as long as its code is good and unused: to send
a used code again would kill the token it gave (RFC 6749 §4.1.2).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from apps.broker.models import Grant, SignIn
from apps.protocol import sealing
from apps.protocol.journey import State

_PURPOSE = "answer to the service"


@dataclass(frozen=True, repr=False)
class Answer:
    """Where the citizen goes with the code, and the secret of the session to keep."""

    url: str
    session_secret: str


def seal(answer: Answer, secret: str) -> bytes:
    """Return the box that the browser's secret opens."""
    plaintext = json.dumps([answer.url, answer.session_secret]).encode()
    return sealing.seal(plaintext, key=_key(secret), context=_PURPOSE.encode())


def find(sign_in: SignIn, secret: str) -> Answer | None:
    """Return the answer that this browser was given, if its code may still be redeemed."""
    if sign_in.state != State.GRANTED or sign_in.sealed is None:
        return None
    plaintext = sealing.open_sealed(
        bytes(sign_in.sealed), key=_key(secret), context=_PURPOSE.encode()
    )
    good = Grant.objects.filter(user=sign_in, consumed_at=None, expires__gt=datetime.now(UTC))
    return Answer(*json.loads(plaintext)) if good.exists() else None


def forget(sign_in: SignIn) -> None:
    """Give the answer to nobody any more: its browser logged out."""
    SignIn.objects.filter(pk=sign_in.pk, state=State.GRANTED).update(sealed=None)


def _key(secret: str) -> bytes:
    return sealing.derive_key(settings.SEALING_KEY, secret, purpose=_PURPOSE)
