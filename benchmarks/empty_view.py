"""The least that Django can do: one view that answers nothing, no middleware, no database."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with an empty body."""
    return HttpResponse()


urlpatterns = [path("", empty)]

settings.configure(
    ALLOWED_HOSTS=["localhost"],
    MIDDLEWARE=[],
    ROOT_URLCONF="benchmarks.empty_view",
    SECRET_KEY="of-no-use",
)
application = get_wsgi_application()
