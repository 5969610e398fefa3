"""What every page of the broker needs, prepared once."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest


@cache
def _values() -> dict[str, object]:
    return {"sandbox_ribbon": settings.SANDBOX_RIBBON, "origin": settings.BROKER_URL}


def context(request: HttpRequest) -> dict[str, object]:
    """Return the context shared by all templates; no statement, no computation."""
    return _values()
