"""May this identity provider serve this sign-in? Asked when it is offered, chosen, and on return.

An administrator may close a provider, or a service refuse it, while a citizen is on its site: the
answer counts at each step, not the one of the step before (S-099, S-100).
"""

from apps.broker import lookups
from apps.broker.models import SignIn
from apps.identity_providers import circuit
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors
from apps.protocol.errors import ProtocolError


def refusal(provider: IdentityProvider, sign_in: SignIn) -> errors.ErrorSpec | None:
    """Return why this provider cannot serve this sign-in, or None."""
    if not provider.active:
        return errors.IDP_INACTIVE
    if not sign_in.service_provider.accepts(provider):
        return errors.IDP_FILTERED
    if not any(level.is_at_least(sign_in.asked.acr) for level in provider.levels):
        return errors.ACR_TOO_LOW
    return None


def refusal_to_leave(provider: IdentityProvider, sign_in: SignIn) -> errors.ErrorSpec | None:
    """Return why nobody may leave for this provider now, or None: it must be answering too."""
    if spec := refusal(provider, sign_in):
        return spec
    return errors.IDP_UNAVAILABLE if circuit.is_open(provider) else None


def provider_named(uid: str, sign_in: SignIn) -> IdentityProvider:
    """Return the provider of this uid, if one may leave for it.

    Raises ProtocolError: IDP_UNKNOWN, IDP_INACTIVE, IDP_FILTERED, ACR_TOO_LOW, IDP_UNAVAILABLE.
    """
    provider = lookups.PROVIDER.first(uid) if "\x00" not in uid else None
    if provider is None:
        raise ProtocolError(errors.IDP_UNKNOWN)
    spec = refusal_to_leave(provider, sign_in)
    if spec:
        raise ProtocolError(spec)
    return provider


def provider_of(sign_in: SignIn) -> IdentityProvider:
    """Return the provider of the trip, if it may still serve: it may have been closed meanwhile."""
    provider = sign_in.identity_provider
    if provider is None:
        raise ProtocolError(errors.CALLBACK_STATE_WRONG)
    spec = refusal(provider, sign_in)
    if spec:
        raise ProtocolError(spec)
    return provider
