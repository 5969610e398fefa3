"""Answers that several pages of the sandbox give."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect

from apps.protocol.discovery import origin


class SeeOther(HttpResponseRedirect):
    """A redirect that is always followed by a GET: after a POST, never 307 (RFC 9700 §4.12)."""

    status_code = 303


def allow_form_target(response: HttpResponse, address: str) -> HttpResponse:
    """Let the forms of this page end at another origin.

    Chromium applies `form-action` to the redirects that follow a form: without this, the POST of a
    password would be stopped when its answer leads back to the broker.
    """
    return widen_policy(response, {"form-action": [origin(address)]})


def widen_policy(response: HttpResponse, directives: Mapping[str, list[str]]) -> HttpResponse:
    """Add sources to the Content-Security-Policy of this answer alone."""
    response._csp_update = directives  # type: ignore[attr-defined]
    return response


def replace_policy(response: HttpResponse, directives: Mapping[str, list[str]]) -> HttpResponse:
    """Replace these directives of the Content-Security-Policy of this answer alone."""
    response._csp_replace = directives  # type: ignore[attr-defined]
    return response
