"""Liveness and readiness, mounted by each site at /healthz/live and /healthz/ready.

They answer to machines: no page, no cookie, no cache, and no detail of a failure, which would tell
a stranger about the inside.
"""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process serves requests; a failure means: restart it."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, 503 otherwise; a failure means: send nobody here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
