"""The SMTP server of the sandbox: it accepts everything on 127.0.0.1 and delivers nothing.

A message is accepted (250) once it is in the database; while the database is away the sender is
asked to come back (451), which is what a real server does.
"""

import asyncio
import logging
import signal

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, close_old_connections

from apps.sandbox.mailbox.opened_mail import open_mail
from apps.sandbox.models import Mail

LOGGER = logging.getLogger(__name__)
HOST = "127.0.0.1"
LONGEST_MESSAGE = 5_000_000  # bytes


class Sink:
    """What aiosmtpd calls for each message."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a message and answer the sender (RFC 5321 §4.2.5)."""
        try:
            await asyncio.to_thread(_keep, envelope)
        except Error:
            LOGGER.warning("a message was put off: the database does not answer")
            return "451 Requested action aborted: try again later"
        return "250 Message accepted for delivery"


async def serve(port: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the port is taken."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd would log every address
    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, HOST, port)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with server:
        await stopped.wait()


def connection() -> SMTP:
    """Return the protocol of one connection (asyncio's factory)."""
    return SMTP(Sink(), data_size_limit=LONGEST_MESSAGE, enable_SMTPUTF8=True, hostname="localhost")


def _keep(envelope: Envelope) -> None:
    """Store one message; runs in a thread, where the ORM may wait."""
    source = envelope.content
    if not isinstance(source, bytes):
        source = (source or "").encode()
    close_old_connections()
    try:
        Mail.objects.create(
            sender=envelope.mail_from or "",
            recipients=list(envelope.rcpt_tos),
            subject=open_mail(source).subject.replace("\0", ""),
            source=source,
        )
    finally:
        close_old_connections()
