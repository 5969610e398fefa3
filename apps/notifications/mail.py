"""The e-mail of a message: subject, text and HTML, and the headers of an automatic mail."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from apps.notifications.models import Message


def build(message: Message, *, recipient: str) -> EmailMultiAlternatives:
    """Return the e-mail of a message, always the same but for its Date.

    The Message-ID is the message's own: a relay or a reader that receives it twice can tell.
    Auto-Submitted asks the other side not to answer (RFC 3834 §5).
    """
    email = EmailMultiAlternatives(
        subject=message.spec.build_subject(message.context),
        body=_render(message, "body.txt"),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(_render(message, "body.html"), "text/html")
    return email


def _render(message: Message, template: str) -> str:
    words = {**message.context, "at": datetime.fromisoformat(message.context["at"])}
    return render_to_string(f"notifications/{message.kind}/{template}", words).lstrip()


def message_id(message: Message) -> str:
    """Return the Message-ID, unique and the same at each attempt (RFC 5322 §3.6.4)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{message.id}@{domain}>"
