"""What every page of the sandbox may name."""

from django.conf import settings
from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, object]:
    """Return the addresses of the neighbours, for the header and the footer."""
    return {"sandbox_url": settings.SANDBOX_URL, "broker_url": settings.BROKER_URL}
