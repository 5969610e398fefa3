"""The broker's request that waits while its citizen does something else here first.

The addresses of the pages name it, so that two tabs are two requests. What leaves the browser, the
link of an e-mail, names none: the session remembers the request of the enrolment that sent it.
"""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from apps.sandbox.identity_provider import catalogue, sign_in
from apps.sandbox.models import AuthenticationRequest

PARAMETER: Final = "demande"
_KEY: Final = "kept_request"


def find(request: HttpRequest) -> AuthenticationRequest | None:
    """Return the request that a form or an address names, if it still waits, or None."""
    return _find(request.POST.get(PARAMETER) or request.GET.get(PARAMETER, ""))


def address(name: str, waiting: AuthenticationRequest | None) -> str:
    """Return the address of a page, with the request that waits meanwhile."""
    path = reverse(name)
    return f"{path}?{urlencode({PARAMETER: waiting.handle})}" if waiting else path


def still_waiting(waiting: AuthenticationRequest | None) -> AuthenticationRequest | None:
    """Return a request unless it was answered meanwhile, or is too old."""
    return _find(waiting.handle) if waiting else None


def remember(request: HttpRequest, waiting: AuthenticationRequest | None) -> None:
    """Keep in the session the request that an enrolment is for, or that it is for none."""
    if waiting:
        request.session[_KEY] = waiting.handle
    else:
        request.session.pop(_KEY, None)


def remembered(request: HttpRequest) -> AuthenticationRequest | None:
    """Return the request of the last enrolment that this browser began, if it still waits."""
    return _find(request.session.get(_KEY, ""))


def _find(handle: str) -> AuthenticationRequest | None:
    if not handle:
        return None
    return sign_in.find_request(catalogue.current(), handle, is_submitted=False)
