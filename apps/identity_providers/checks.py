"""What `manage.py check --deploy` refuses in the registry of identity providers."""

from collections.abc import Iterable

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from apps.identity_providers import destinations, history
from apps.identity_providers.models import ADDRESSES, IdentityProvider


# The tag is not `database`: checks of that tag do not run unless a database is named.
@register(Tags.security, deploy=True)
def check_identity_providers(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse, in production, a way into our own network, and an active provider that takes one.

    An address in clear is one of those that are refused.
    """
    if not settings.PRODUCTION:
        return []
    try:
        return [*_opened_networks(), *_refused_addresses()]
    except DatabaseError:
        return [Warning("Le registre des fournisseurs d’identité est illisible.", id="fc.W101")]


def _opened_networks() -> Iterable[CheckMessage]:
    if settings.OUTBOUND_NETWORKS:
        networks = ", ".join(str(network) for network in settings.OUTBOUND_NETWORKS)
        yield Error(
            f"OUTBOUND_NETWORKS ouvre des réseaux qui ne sont pas publics ({networks}).",
            hint="Cette liste est faite pour le développement : la vider.",
            id="fc.E102",
        )


def _refused_addresses() -> Iterable[CheckMessage]:
    for provider in IdentityProvider.objects.filter(active=True).defer(history.SECRET):
        given = {name: getattr(provider, name) for name in ADDRESSES}
        names = [name for name, url in given.items() if url and destinations.fault(url)]
        if names:
            yield Error(f"{provider.uid} : adresses refusées ({', '.join(names)}).", id="fc.E101")
