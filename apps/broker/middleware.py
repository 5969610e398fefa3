"""What surrounds every answer of the broker: security headers, and errors turned into answers."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from apps.broker import attention
from apps.broker.views import failures
from apps.protocol import errors
from apps.protocol.errors import ProtocolError

log = structlog.get_logger()
GetResponse = Callable[[HttpRequest], HttpResponse]

_DJANGO_S_OWN = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class SecurityHeaders:
    """Strict headers on every answer; a page names the origins its own forms may end at."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.fixed = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Frame-Options": "DENY",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        }
        if settings.SECURE_HSTS_SECONDS:
            age = settings.SECURE_HSTS_SECONDS
            self.fixed["Strict-Transport-Security"] = f"max-age={age}; includeSubDomains"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        targets = attention.of(request).form_action
        response.headers["Content-Security-Policy"] = " ".join((_POLICY, *targets))
        for name, value in self.fixed.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ErrorPages:
    """The one place where a ProtocolError becomes the answer that its spec allows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the view that raised; its transaction, if it had one, is rolled back by now."""
        if isinstance(exception, ProtocolError):
            return failures.answer(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            log.error("database unavailable", error=type(exception).__name__)
            return failures.answer(request, ProtocolError(errors.DATABASE_UNAVAILABLE))
        if isinstance(exception, _DJANGO_S_OWN):
            return None
        # The exception's own text may quote what was received: its type and place are enough.
        log.error("unexpected", error=type(exception).__name__, place=_place(exception))
        return failures.answer(request, ProtocolError(errors.INTERNAL))


def _place(exception: Exception) -> str:
    frame = exception.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""
