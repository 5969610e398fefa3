"""The age gate: adults only, or whatever a service asks, on the civil day of Paris.

The age is computed from the birth dates held in memory and forgotten with them: neither the row,
nor the journal, nor the answer to the service says more than that the sign-in was refused.
"""

from datetime import date

from django.conf import settings
from django.utils import timezone

from apps.protocol import errors
from apps.protocol.errors import ErrorSpec, ProtocolError
from apps.protocol.majority import AGE_OF_MAJORITY, has_reached
from apps.protocol.pivot import ReceivedIdentity
from apps.service_providers.models import ServiceProvider


def today() -> date:
    """Return the civil day in Paris, our TIME_ZONE: the only clock of birth dates and ages."""
    return timezone.localdate()


def check(identity: ReceivedIdentity, service: ServiceProvider) -> None:
    """Refuse a person who is too young for this service.

    Raises ProtocolError: UNDER_AGE, UNDER_SERVICE_AGE.
    """
    spec = refusal(identity, service)
    if spec:
        raise ProtocolError(spec)


def refusal(identity: ReceivedIdentity, service: ServiceProvider) -> ErrorSpec | None:
    """Return why this person is too young for this service, or None.

    Of the provider's birth date and the civil register's, each must prove the age: a provider
    that is wrong opens nothing, and a session opened at a laxer service serves no stricter one.
    """
    minimum = minimum_for(service)
    day = today()
    if all(has_reached(born, years=minimum, today=day) for born in identity.birthdates):
        return None
    return errors.UNDER_AGE if minimum == AGE_OF_MAJORITY else errors.UNDER_SERVICE_AGE


def minimum_for(service: ServiceProvider) -> int:
    """Return the age that this service asks, in years: its own, or the platform's; 0 is none."""
    own = service.age_minimum
    return int(settings.AGE_MINIMUM if own is None else own)
