"""What `manage.py check --deploy` refuses in the registry of identity providers."""

from collections.abc import Iterable

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from apps.identity_providers.models import ENDPOINTS, IdentityProvider

ADDRESSES = ("issuer", *ENDPOINTS, "end_session_endpoint")


# The tag is not `database`: checks of that tag do not run unless a database is named.
@register(Tags.security, deploy=True)
def check_identity_providers(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse, in production, an active identity provider that is reached in clear."""
    if not settings.PRODUCTION:
        return []
    try:
        return list(_in_clear())
    except DatabaseError:
        return [Warning("Le registre des fournisseurs d’identité est illisible.", id="fc.W101")]


def _in_clear() -> Iterable[CheckMessage]:
    for provider in IdentityProvider.objects.filter(active=True).defer("client_secret"):
        names = [name for name in ADDRESSES if getattr(provider, name).startswith("http://")]
        if names:
            yield Error(f"{provider.uid} : adresses sans TLS ({', '.join(names)}).", id="fc.E101")
