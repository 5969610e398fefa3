"""What `manage.py check --deploy` refuses in the registry of services."""

from collections.abc import Iterable

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from apps.identity_providers import history
from apps.service_providers.models import ServiceProvider


# The tag is not `database`: checks of that tag do not run unless a database is named.
@register(Tags.security, deploy=True)
def check_service_providers(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse an active service whose policy is relaxed, or, in production, returned to in clear.

    A client of conformance suites is flagged as such and may be relaxed.
    """
    try:
        services = list(ServiceProvider.objects.filter(active=True).defer(history.SECRET))
    except DatabaseError:
        return [Warning("Le registre des services est illisible.", id="fc.W201")]
    return [*_relaxed(services), *(_in_clear(services) if settings.PRODUCTION else ())]


def _relaxed(services: Iterable[ServiceProvider]) -> Iterable[CheckMessage]:
    for service in services:
        if service.relaxations and not service.is_conformance:
            yield Error(
                f"{service.client_id} : politique assouplie ({', '.join(service.relaxations)}).",
                hint="Rétablir la politique, désactiver le service ou le marquer de conformité.",
                id="fc.E201",
            )


def _in_clear(services: Iterable[ServiceProvider]) -> Iterable[CheckMessage]:
    for service in services:
        uris = service.redirect_uri_list | service.post_logout_redirect_uri_list
        if any(uri.startswith("http://") for uri in uris):
            yield Error(f"{service.client_id} : adresses de retour sans TLS.", id="fc.E202")
