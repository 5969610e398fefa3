"""The answer given to a citizen who goes on, kept for the one who presses twice.

A browser drops the answer to the first press when the second leaves: without this the citizen would
stay with us while the code, of which we hold the SHA-256 only, waits in vain. The answer is kept
sealed under the browser's secret, and given again as long as its code is good and unused: to send
a used code again would kill the token it gave (RFC 6749 §4.1.2).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.broker import boxes
from apps.broker.boxes import Purpose
from apps.broker.models import Grant, SignIn
from apps.protocol.journey import State


@dataclass(frozen=True, repr=False)
class Answer:
    """Where the citizen goes with the code, and the secret of the session to keep."""

    url: str
    session_secret: str


def seal(answer: Answer, secret: str) -> bytes:
    """Return the box that the browser's secret opens."""
    return boxes.seal([answer.url, answer.session_secret], secret, Purpose.ANSWER)


def find(sign_in: SignIn, secret: str) -> Answer | None:
    """Return the answer that this browser was given, if its code may still be redeemed."""
    if sign_in.state != State.GRANTED or sign_in.sealed is None:
        return None
    good = Grant.objects.filter(user=sign_in, consumed_at=None, expires__gt=datetime.now(UTC))
    if not good.exists():
        return None
    return Answer(*boxes.unseal(sign_in.sealed, secret, Purpose.ANSWER))


def forget(sign_in: SignIn) -> None:
    """Give the answer to nobody any more: its browser logged out."""
    SignIn.objects.filter(pk=sign_in.pk, state=State.GRANTED).update(sealed=None)
