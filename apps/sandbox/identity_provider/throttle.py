"""How often one may be wrong at one site: for each identifier, and from each address.

Signing in and enrolling are counted apart: whoever reads a tax notice badly still signs in, and so
does everybody else at that address. The wait is one of the delays that follow the clock of the
sandbox. Identifiers and addresses are kept as keyed hashes, some minutes. The count is read before a
guess and written after it, so that guesses sent together may pass it by as many as the site has
threads; locking would let anybody make a person wait.
"""

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.sandbox import clock
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import FailedSignIn

MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
_IPV6_PREFIX = 64  # bits: what one subscriber is given


class Counter(StrEnum):
    """What is counted apart from the rest."""

    SIGN_IN = "sign-in"
    ENROLMENT = "enrolment"


class TooManyFailures(Exception):
    """Too many failures with this identifier, or from this address; the message is for the person."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Trop d’essais. Réessayez dans {minutes}\u00a0min.")


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from; of an IPv6 address, the network."""
    address = ip_address(request.META["REMOTE_ADDR"])
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


def check(site: IdentityProviderSite, counter: Counter, identifier: str, address: str) -> None:
    """Let a guess be made. Raises TooManyFailures."""
    recent = _recent(site)
    of_identifier = recent.filter(identifier_hash=_hash(counter, "identifier", identifier))
    of_address = recent.filter(address_hash=_hash(counter, "address", address))
    for failures in (of_identifier, of_address):
        last = list(failures.order_by("-at").values_list("at", flat=True)[:MAX_FAILURES])
        if len(last) == MAX_FAILURES:
            raise TooManyFailures(_minutes_until(last[-1] + FAILURE_WINDOW))


def record(site: IdentityProviderSite, counter: Counter, identifier: str, address: str) -> None:
    """Count a wrong guess."""
    FailedSignIn.objects.create(
        site=site.slug,
        identifier_hash=_hash(counter, "identifier", identifier),
        address_hash=_hash(counter, "address", address),
        at=clock.now(),
    )


def forget(site: IdentityProviderSite, counter: Counter, identifier: str) -> None:
    """Forget the failures of an identifier whose owner came; those with others stay counted."""
    _recent(site).filter(identifier_hash=_hash(counter, "identifier", identifier)).delete()


def purge() -> None:
    """Delete the failures that count no more; the clock may have come back since the last ones."""
    now = clock.now()
    FailedSignIn.objects.filter(Q(at__lt=now - FAILURE_WINDOW) | Q(at__gt=now)).delete()


def _recent(site: IdentityProviderSite) -> QuerySet[FailedSignIn]:
    """Return what still counts; a failure that is yet to come, since the clock came back, does not."""
    now = clock.now()
    return FailedSignIn.objects.filter(site=site.slug, at__gt=now - FAILURE_WINDOW, at__lte=now)


def _hash(counter: Counter, what: str, value: str) -> str:
    key, text = settings.SECRET_KEY.encode(), f"failed {counter}\0{what}\0{value}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _minutes_until(moment: datetime) -> int:
    return max(1, math.ceil((moment - clock.now()).total_seconds() / 60))
