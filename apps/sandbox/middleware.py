"""What the sites of the sandbox add to every request."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from apps.sandbox.service_provider.catalogue import SERVICES, session_cookie

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class ServiceSessions(SessionMiddleware):
    """One session cookie for each service, sent to its own pages only.

    The services share an origin, as the sites share a host: under one cookie, logging out of one
    would log out of all. Django's middleware knows one name and one path; the cookie takes its real
    name and path on its way in and out.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Hand the cookie of this service, and no other, to Django."""
        service = _service_of(request)
        if service:
            own = request.COOKIES.get(session_cookie(service))
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            if own is not None:
                request.COOKIES[settings.SESSION_COOKIE_NAME] = own
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Give the cookie that Django set the name and the path of this service."""
        response = super().process_response(request, response)
        service = _service_of(request)
        if service and settings.SESSION_COOKIE_NAME in response.cookies:
            morsel = response.cookies.pop(settings.SESSION_COOKIE_NAME)
            morsel.set(session_cookie(service), morsel.value, morsel.coded_value)
            morsel["path"] = f"/{service}/"
            response.cookies[session_cookie(service)] = morsel
        return response


class AnswerHeaders:
    """No page of a sign-in is kept by a browser, and none may use the device's sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Complete the answer of a view."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response


def _service_of(request: HttpRequest) -> str:
    """Return the slug of the service whose page this is, or ""."""
    slug = request.path_info.split("/", 2)[1]
    return slug if settings.SANDBOX_SITE == "home" and slug in SERVICES else ""
