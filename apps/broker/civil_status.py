"""Asking the civil register, in step 5, who the person is that an identity provider names.

Asked at each authentication, of an account already known too: a person may have died since. Not
asked of a recognised citizen, whose session holds the answer, nor of a provider whose identities
come from the register itself.
"""

from dataclasses import replace
from typing import Final

from apps.audit import events
from apps.audit.events import Event
from apps.broker import age_gate
from apps.civil_register import client
from apps.civil_register.failures import RegisterError, RegisterSilent
from apps.identity_providers.models import IdentityProvider
from apps.protocol import civil_register, errors
from apps.protocol.errors import ProtocolError
from apps.protocol.pivot import PivotIdentity, ReceivedIdentity

_OUTCOMES: Final = {
    errors.REGISTER_DECEASED: events.FC_RECEIVED_DECEASED_RNIPP,
    errors.REGISTER_REFUSED: events.FC_FAILED_RNIPP,
    errors.REGISTER_SILENT: events.FC_FAILED_RNIPP,
    errors.REGISTER_UNAVAILABLE: events.FC_FAILED_RNIPP,
}


def verified(
    identity: ReceivedIdentity, provider: IdentityProvider, happened: list[Event]
) -> ReceivedIdentity:
    """Return the identity with what the register says of it, when the register is asked.

    happened   what was done so far, to which the question and its outcome are added
    Raises ProtocolError: REGISTER_*.
    """
    if not client.is_asked() or provider.trusted_identity:
        return identity
    happened.append(events.FC_REQUESTED_RNIPP)
    try:
        registered = _find(identity.pivot)
    except ProtocolError as failure:
        happened.append(_OUTCOMES.get(failure.spec, events.FC_RECEIVED_INVALID_RNIPP))
        raise
    happened.append(events.FC_RECEIVED_VALID_RNIPP)
    return replace(identity, register=registered)


def _find(person: PivotIdentity) -> PivotIdentity:
    try:
        result = client.find(person)
    except RegisterSilent as failure:
        raise ProtocolError(errors.REGISTER_SILENT, debug=str(failure)) from failure
    except RegisterError as failure:
        raise ProtocolError(errors.REGISTER_UNAVAILABLE, debug=str(failure)) from failure
    return civil_register.identity_of(result, today=age_gate.today())
