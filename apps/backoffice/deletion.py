"""Who uses an identity provider: as long as somebody does, it is not deleted.

Three kinds of use: a service names it, a service would be left without any account, a row of
another room holds it back (a sign-in on its way, a session).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import PROTECT

from apps.identity_providers import history
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import IdpFilter, ServiceProvider

FILTERED: Final = {
    IdpFilter.ONLY: "le nomme parmi les seuls comptes qu’il accepte",
    IdpFilter.ALL_BUT: "le nomme parmi les comptes qu’il refuse",
    IdpFilter.ALL: "le nomme dans une liste de comptes qui ne sert pas aujourd’hui",
}
HINTED: Final = "peut le désigner par idp_hint"
ALONE: Final = "n’aurait plus aucun compte utilisable"


@dataclass(frozen=True)
class ServiceUse:
    """One service, and in words how it uses the provider."""

    service: ServiceProvider
    words: str


@dataclass(frozen=True)
class Usage:
    """All that uses a provider now. rows: in words, how many rows of other rooms hold it back."""

    services: Sequence[ServiceUse]
    rows: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.services or self.rows)


def usage_of(provider: IdentityProvider) -> Usage:
    """Return what uses this provider."""
    services = list(ServiceProvider.objects.defer(history.SECRET))
    others = list(
        IdentityProvider.objects.defer(history.SECRET).filter(active=True).exclude(pk=provider.pk)
    )
    uses = [
        ServiceUse(service, ", ".join(words))
        for service in services
        if (words := list(_words(service, provider, others)))
    ]
    return Usage(uses, list(_rows(provider)))


def _words(
    service: ServiceProvider, provider: IdentityProvider, others: Sequence[IdentityProvider]
) -> Iterator[str]:
    if provider.uid in service.idp_filter:
        yield FILTERED[IdpFilter(service.idp_filter_mode)]
    if provider.uid in service.allowed_idp_hints:
        yield HINTED
    serves = provider.active and service.active and _may_serve(provider, service)
    if serves and not any(_may_serve(other, service) for other in others):
        yield ALONE


def _may_serve(provider: IdentityProvider, service: ServiceProvider) -> bool:
    """Tell whether a citizen may come to this service by this provider, at one level at least."""
    return service.accepts(provider) and any(
        level.is_at_least(served) for level in provider.levels for served in service.served_acr
    )


def _rows(provider: IdentityProvider) -> Iterator[str]:
    """Yield how many rows of each table hold this provider back, by Django's own rule."""
    for relation in provider._meta.get_fields(include_hidden=True):
        if getattr(relation, "on_delete", None) is PROTECT:
            model: Any = relation.related_model
            count = model._base_manager.filter(**{relation.remote_field.name: provider}).count()  # type: ignore[union-attr]
            meta = model._meta
            if count:
                yield f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"
