"""What a request is about, noted as the views learn it, for the page or the line of an error.

The middleware that turns an error into an answer sees only the request: these notes tell it which
service may be told (once its address is trusted) and which sign-in is concerned.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from apps.broker.models import SignIn
from apps.service_providers.models import ServiceProvider

_ATTRIBUTE = "franceconnect_attention"


@dataclass
class Attention:
    """Notes of one request; None until known."""

    service: ServiceProvider | None = None
    sign_in: SignIn | None = None
    reply_to: str = ""  # the service's redirect_uri, once it is trusted
    state: str = ""
    form_action: tuple[str, ...] = ()  # origins that this page's forms may end at
    is_machine: bool = False  # a service's machine asks: its errors are JSON


def of(request: HttpRequest) -> Attention:
    """Return the notes of this request, blank at first."""
    notes = getattr(request, _ATTRIBUTE, None)
    if notes is None:
        notes = Attention()
        setattr(request, _ATTRIBUTE, notes)
    return notes


def note_sign_in(request: HttpRequest, sign_in: SignIn) -> None:
    """Note the sign-in: its service's address was trusted when it began."""
    notes = of(request)
    notes.sign_in, notes.service = sign_in, sign_in.service_provider
    notes.reply_to, notes.state = sign_in.asked.redirect_uri, sign_in.asked.state
