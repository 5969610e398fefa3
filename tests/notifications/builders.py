"""Messages for the tests."""

from apps.notifications import outbox
from apps.notifications.kinds import SIGN_IN_NOTICE
from apps.notifications.models import Message
from apps.statements import writing

ANGELE = "angele.dubois@example.fr"
WORDS = {
    "service": "Mairie de Saint-Exemple",
    "account": "Impôts – bac à sable",
    "at": "2026-11-23T13:32:08+00:00",
    "code": "K7QF-2M9X",
}


def a_message(recipient: str = ANGELE, **words: str) -> Message:
    """Return a sign-in notice put in the outbox, committed unless the caller has a transaction."""
    context = {**WORDS, **words}
    insertion = outbox.message(SIGN_IN_NOTICE, recipient=recipient, context=context)
    writing.insert(insertion)
    return Message.objects.get(pk=insertion.rows[0][0])
