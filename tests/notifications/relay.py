"""A mail relay that answers what the test says, over real SMTP."""

import socket
from collections import deque
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Relay:
    """Takes every message, unless a reply was scripted for the next one.

    to_recipient, to_content   replies to the next RCPT and to the next DATA, in order
    when_content_arrives       called in the relay's thread before it answers DATA
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.to_recipient: deque[str] = deque()
        self.to_content: deque[str] = deque()
        self.when_content_arrives: Callable[[], None] = lambda: None
        self.host, self.port = "127.0.0.1", _free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.to_recipient.popleft() if self.to_recipient else OK
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.when_content_arrives()
        reply = self.to_content.popleft() if self.to_content else OK
        if reply == OK:
            content = envelope.original_content or b""
            self.received.append(message_from_bytes(content, policy=policy.default))
        return reply


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
