"""What a service receives, and the line that says it did.

One computation for the page that announces, the journal that records and the code that delivers:
requested ∩ granted, in a stable order (S-156).
"""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

from apps.audit import events, journal
from apps.broker.journal_facts import of_request, of_sign_in
from apps.broker.models import SignIn
from apps.broker.sealed_identity import Held
from apps.protocol import pivot, scopes
from apps.protocol.pivot import ReceivedIdentity
from apps.service_providers.models import ServiceKind
from apps.statements import writing


def needs_consent(sign_in: SignIn) -> bool:
    """Tell whether the box must be ticked: a private service that receives an identity."""
    service = sign_in.service_provider
    is_private = service.kind == ServiceKind.PRIVATE and service.identity_consent
    return is_private and not scopes.is_anonymous(sign_in.asked.scope)


def claim_names(asked_scopes: Sequence[str]) -> list[str]:
    """Return the names of the claims of these scopes, in a stable order, without `sub`."""
    return sorted(scopes.granted_claims(asked_scopes) - {"sub"})


def known_claims(identity: ReceivedIdentity) -> dict[str, str | list[str]]:
    """Return every claim on this identity, from the source that the platform's profile names."""
    return pivot.to_claims(identity, from_register=settings.IDENTITY_SOURCE == "register")


def claims_for(sign_in: SignIn, held: Held) -> dict[str, object]:
    """Return what the service will read: the scopes asked, and nothing else (S-156)."""
    known: dict[str, object] = {**known_claims(held.identity)}
    if sign_in.identity_provider:
        known["idp_id"] = sign_in.identity_provider.uid
    names = claim_names(sign_in.asked.scope)
    return {name: known[name] for name in names if name in known}


def lines(
    request: HttpRequest, sign_in: SignIn, claims: dict[str, object], *, page_shown: bool
) -> writing.Insertion:
    """Return the lines of the transfer: anonymous, informed or consented, then the departure."""
    facts = {**of_sign_in(sign_in), **of_request(request)}
    if scopes.is_anonymous(sign_in.asked.scope):
        transfer = events.FC_DATATRANSFER_INFORMATION_ANONYMOUS
    elif needs_consent(sign_in):
        transfer = events.FC_DATATRANSFER_CONSENT_IDENTITY
    else:
        transfer = events.FC_DATATRANSFER_INFORMATION_IDENTITY
    built = [journal.build(transfer, claims=" ".join(claims), **facts)]
    if not page_shown:
        built.append(journal.build(events.FC_AUTO_LOGIN, **facts))
    return journal.lines([*built, journal.build(events.FC_REDIRECTED_TO_SP, **facts)])
