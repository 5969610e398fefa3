"""How often one may be wrong at one site: for each identifier, and from each address.

Every door counts here: the login page, and each enrolment that asks for a secret. Identifiers and
addresses are kept as keyed hashes, some minutes. The count is read before a guess and written after
it, so that guesses sent together may pass it by as many as the site has threads; locking would let
anybody make a person wait.
"""

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import FailedSignIn

MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
_IPV6_PREFIX = 64  # bits: what one subscriber is given


class TooManyFailures(Exception):
    """Too many failures with this identifier, or from this address; the message is for the person."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Trop d’essais. Réessayez dans {minutes} min.")


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from; of an IPv6 address, the network."""
    address = ip_address(request.META["REMOTE_ADDR"])
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


def check(site: IdentityProviderSite, identifier: str, address: str) -> None:
    """Let a guess be made. Raises TooManyFailures."""
    for failures in (_of_identifier(site, identifier), _of_address(site, address)):
        recent = list(failures.order_by("-at").values_list("at", flat=True)[:MAX_FAILURES])
        if len(recent) == MAX_FAILURES:
            raise TooManyFailures(_minutes_until(recent[-1] + FAILURE_WINDOW))


def record(site: IdentityProviderSite, identifier: str, address: str) -> None:
    """Count a wrong guess."""
    FailedSignIn.objects.create(
        site=site.slug,
        identifier_hash=_hash("identifier", identifier),
        address_hash=_hash("address", address),
        at=timezone.now(),
    )


def forget(site: IdentityProviderSite, identifier: str) -> None:
    """Forget the failures of an identifier whose owner came; those with others stay counted."""
    _of_identifier(site, identifier).delete()


def purge() -> None:
    """Delete the failures that count no more."""
    FailedSignIn.objects.filter(at__lt=timezone.now() - FAILURE_WINDOW).delete()


def _of_identifier(site: IdentityProviderSite, identifier: str) -> QuerySet[FailedSignIn]:
    return _recent(site).filter(identifier_hash=_hash("identifier", identifier))


def _of_address(site: IdentityProviderSite, address: str) -> QuerySet[FailedSignIn]:
    return _recent(site).filter(address_hash=_hash("address", address))


def _recent(site: IdentityProviderSite) -> QuerySet[FailedSignIn]:
    return FailedSignIn.objects.filter(site=site.slug, at__gt=timezone.now() - FAILURE_WINDOW)


def _hash(what: str, value: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"failed sign-in\0{what}\0{value}".encode(), hashlib.sha256).hexdigest()


def _minutes_until(moment: datetime) -> int:
    return max(1, math.ceil((moment - timezone.now()).total_seconds() / 60))
