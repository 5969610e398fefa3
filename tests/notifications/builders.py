"""Messages for the tests."""

from django.db import transaction

from apps.notifications import outbox
from apps.notifications.kinds import SIGN_IN_NOTICE
from apps.notifications.models import Message

ANGELE = "angele.dubois@example.fr"
WORDS = {
    "service": "Mairie de Saint-Exemple",
    "account": "Impôts – bac à sable",
    "at": "2026-11-23T13:32:08+00:00",
    "code": "K7QF-2M9X",
}


def a_message(recipient: str = ANGELE, **words: str) -> Message:
    """Return a sign-in notice put in the outbox, committed unless the caller has a transaction."""
    with transaction.atomic():
        return outbox.put(SIGN_IN_NOTICE, recipient=recipient, context={**WORDS, **words})
