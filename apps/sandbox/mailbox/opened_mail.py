"""A received message, opened for reading (RFC 5322, MIME)."""

from dataclasses import dataclass
from datetime import UTC
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from apps.sandbox.personas import civil_day

_SHOWN_HEADERS: Final = {"From": "De", "To": "À", "Date": "Envoyé le", "Message-ID": "Référence"}
_BASE: Final = '<base target="_blank">'


@dataclass(frozen=True)
class OpenedMail:
    """What a page shows of a message; a part that is not there is ""."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def open_mail(source: bytes) -> OpenedMail:
    """Return a message as it may be read, whatever was sent: what cannot be decoded is replaced."""
    message = message_from_bytes(source, policy=policy.default)
    headers = tuple(
        (label, _date(message) if name == "Date" else str(message[name]))
        for name, label in _SHOWN_HEADERS.items()
        if message[name]
    )
    return OpenedMail(
        subject=str(message["Subject"] or ""),
        headers=headers,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def with_links_outside(html: str) -> str:
    """Return a document whose links open in a new tab: it is read inside a frame."""
    if "<head>" in html:
        return html.replace("<head>", f"<head>{_BASE}", 1)
    return html


def _date(message: EmailMessage) -> str:
    """Return when a message was sent, in Paris; as it was written when that is no date."""
    sent = getattr(message["Date"], "datetime", None)
    if sent is None:
        return str(message["Date"])
    # « -0000 » is UTC without a place (RFC 5322 §3.3): Python gives it no time zone.
    there = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(civil_day.PARIS)
    return f"{there:%d/%m/%Y %H h %M} (heure de Paris)"


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    if body is None:
        return ""
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(body.get_content_charset("utf-8"), errors="replace")
    except LookupError:  # a charset that Python does not know
        return payload.decode(errors="replace")
