"""The catalogue of events: FranceConnect's numbered list, then ours.

Steps 1.0.0 to 8.2.0 carry FranceConnect's names and numbers. Steps 9.x are ours: refusals,
abandons, and what agents and partners do. A step, once published, never changes meaning. Two events
share 4.4.3, as FranceConnect's do.

`facts` is all that a line of this event may carry, `required` what it must carry.
"""

from typing import Final

from apps.audit.event_specs import (
    AT_PROVIDER,
    JOURNEY,
    KNOWN,
    NETWORK,
    PROVIDER,
    SERVICE,
    SIGN_IN,
)
from apps.audit.event_specs import Category as Category
from apps.audit.event_specs import Event as Event

CATALOGUE: Final[dict[str, Event]] = {}


def _declare(
    step: str,
    name: str,
    description: str,
    *,
    facts: frozenset[str],
    required: frozenset[str],
    category: Category = Category.FRONT,
) -> Event:
    event = Event(name, step, category, description, facts | required, required)
    if name in CATALOGUE:
        raise ValueError(f"event declared twice: {name}")
    CATALOGUE[name] = event
    return event


def event_choices() -> list[tuple[str, str]]:
    """Return (name, « step description ») in the order of the journey, for filters and forms."""
    return [(event.name, f"{event.step} {event.description}") for event in CATALOGUE.values()]


# 1. The service sends us a citizen

FC_AUTHORIZE_INITIATED = _declare(
    "1.0.0",
    "FC_AUTHORIZE_INITIATED",
    "demande de connexion acceptée",
    facts=JOURNEY | {"scope"},
    required=SIGN_IN,
)
FC_SSO_INITIATED = _declare(
    "1.1.0",
    "FC_SSO_INITIATED",
    "session déjà ouverte reconnue",
    facts=JOURNEY | PROVIDER,
    required=SIGN_IN,
)

# 2. We show the identity providers

FC_SHOWED_IDP_CHOICE = _declare(
    "2.0.0",
    "FC_SHOWED_IDP_CHOICE",
    "page de choix du compte affichée",
    facts=JOURNEY,
    required=SIGN_IN,
)
FC_REDIRECTED_TO_HINTED_IDP = _declare(
    "2.1.0",
    "FC_REDIRECTED_TO_HINTED_IDP",
    "compte désigné par le service, choix non affiché",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)

# 3. The citizen picks one

IDP_CHOSEN = _declare(
    "3.0.0",
    "IDP_CHOSEN",
    "compte choisi par l’usager",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)

# 4. The identity provider returns the citizen

IDP_CALLEDBACK = _declare(
    "4.0.0",
    "IDP_CALLEDBACK",
    "retour du fournisseur d’identité",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
IDP_CALLEDBACK_WITH_ERROR = _declare(
    "4.0.5",
    "IDP_CALLEDBACK_WITH_ERROR",
    "retour du fournisseur d’identité avec une erreur",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_REQUESTED_IDP_TOKEN = _declare(
    "4.1.0",
    "FC_REQUESTED_IDP_TOKEN",
    "code échangé auprès du fournisseur d’identité",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_REQUESTED_IDP_USERINFO = _declare(
    "4.2.0",
    "FC_REQUESTED_IDP_USERINFO",
    "identité reçue du fournisseur d’identité",
    facts=JOURNEY | PROVIDER | {"idp_ms", "idp_rotated"},
    required=AT_PROVIDER,
)
FC_REQUESTED_RNIPP = _declare(
    "4.3.0",
    "FC_REQUESTED_RNIPP",
    "état civil demandé au registre",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_FAILED_RNIPP = _declare(
    "4.4.1",
    "FC_FAILED_RNIPP",
    "registre de l’état civil muet, injoignable ou qui rejette la demande",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_RECEIVED_VALID_RNIPP = _declare(
    "4.4.2",
    "FC_RECEIVED_VALID_RNIPP",
    "identité trouvée à l’état civil, identique ou redressée",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_RECEIVED_DECEASED_RNIPP = _declare(
    "4.4.3",
    "FC_RECEIVED_DECEASED_RNIPP",
    "refus : personne décédée selon l’état civil",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_RECEIVED_INVALID_RNIPP = _declare(
    "4.4.3",
    "FC_RECEIVED_INVALID_RNIPP",
    "refus : identité non trouvée à l’état civil, ou inutilisable",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)

# 5. We verify

FC_VERIFIED = _declare(
    "5.0.0",
    "FC_VERIFIED",
    "identité vérifiée",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER | {"account"},
)
FC_IDP_DISABLED = _declare(
    "5.1.0",
    "FC_IDP_DISABLED",
    "refus : fournisseur d’identité désactivé entre-temps",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_IDP_BLACKLISTED = _declare(
    "5.2.0",
    "FC_IDP_BLACKLISTED",
    "refus : fournisseur d’identité interdit pour ce service",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)
FC_IDP_INSUFFICIENT_ACR = _declare(
    "5.3.0",
    "FC_IDP_INSUFFICIENT_ACR",
    "refus : niveau du compte insuffisant",
    facts=JOURNEY | PROVIDER,
    required=AT_PROVIDER,
)

# 6. We inform

FC_SHOWED_CONSENT = _declare(
    "6.1.0",
    "FC_SHOWED_CONSENT",
    "page d’information ou de consentement affichée",
    facts=JOURNEY | PROVIDER | {"claims", "scope"},
    required=KNOWN,
)
FC_DATATRANSFER_INFORMATION_ANONYMOUS = _declare(
    "6.2.0",
    "FC_DATATRANSFER_INFORMATION_ANONYMOUS",
    "poursuite sans donnée d’identité",
    facts=JOURNEY | PROVIDER | {"claims", "scope"},
    required=KNOWN,
)
FC_DATATRANSFER_INFORMATION_IDENTITY = _declare(
    "6.2.1",
    "FC_DATATRANSFER_INFORMATION_IDENTITY",
    "transmission de l’identité après information",
    facts=JOURNEY | PROVIDER | {"claims", "scope"},
    required=KNOWN | {"claims"},
)
FC_DATATRANSFER_CONSENT_IDENTITY = _declare(
    "6.2.2",
    "FC_DATATRANSFER_CONSENT_IDENTITY",
    "transmission de l’identité après consentement",
    facts=JOURNEY | PROVIDER | {"claims", "scope"},
    required=KNOWN | {"claims"},
)
FC_AUTO_LOGIN = _declare(
    "6.3.0",
    "FC_AUTO_LOGIN",
    "connexion poursuivie sans page d’information",
    facts=JOURNEY | PROVIDER | {"claims", "scope"},
    required=KNOWN,
)

# 7. Code to the service, then token and userinfo

FC_REDIRECTED_TO_SP = _declare(
    "7.0.0",
    "FC_REDIRECTED_TO_SP",
    "usager renvoyé au service avec un code",
    facts=JOURNEY | PROVIDER,
    required=SIGN_IN,
)
SP_REQUESTED_FC_TOKEN = _declare(
    "7.2.0",
    "SP_REQUESTED_FC_TOKEN",
    "jeton remis au service",
    facts=JOURNEY | PROVIDER | {"scope"},
    required=SIGN_IN,
    category=Category.BACK,
)
SP_REQUESTED_FC_USERINFO = _declare(
    "7.3.0",
    "SP_REQUESTED_FC_USERINFO",
    "identité remise au service",
    facts=JOURNEY | PROVIDER | {"claims", "scope"},
    required=SIGN_IN,
    category=Category.BACK,
)

# 8. The citizen leaves

SP_REQUESTED_LOGOUT = _declare(
    "8.0.0",
    "SP_REQUESTED_LOGOUT",
    "déconnexion demandée par le service",
    facts=JOURNEY | PROVIDER,
    required=frozenset({"sp"}),
)
FC_REQUESTED_LOGOUT_FROM_IDP = _declare(
    "8.1.0",
    "FC_REQUESTED_LOGOUT_FROM_IDP",
    "déconnexion demandée au fournisseur d’identité",
    facts=JOURNEY | PROVIDER,
    required=frozenset({"idp"}),
)
FC_SESSION_TERMINATED = _declare(
    "8.2.0",
    "FC_SESSION_TERMINATED",
    "session fermée",
    facts=JOURNEY | PROVIDER,
    required=frozenset(),
)

# 9. Ours: what ended badly, and what agents do

SIGN_IN_REFUSED = _declare(
    "9.0.0",
    "SIGN_IN_REFUSED",
    "connexion refusée par une erreur du catalogue",
    facts=JOURNEY | PROVIDER | {"error_id"},
    required=frozenset({"code", "slug"}),
)
SIGN_IN_ABANDONED = _declare(
    "9.1.0",
    "SIGN_IN_ABANDONED",
    "connexion abandonnée par l’usager",
    facts=JOURNEY | PROVIDER,
    required=SIGN_IN,
)
IDENTITY_DISOWNED = _declare(
    "9.1.1",
    "IDENTITY_DISOWNED",
    "identité récusée par l’usager : « ce n’est pas moi »",
    facts=JOURNEY | PROVIDER,
    required=SIGN_IN,
)
CODE_REPLAYED = _declare(
    "9.2.0",
    "CODE_REPLAYED",
    "code présenté une seconde fois, jeton révoqué",
    facts=JOURNEY | PROVIDER,
    required=SIGN_IN,
    category=Category.BACK,
)
IDP_CIRCUIT_OPENED = _declare(
    "9.2.1",
    "IDP_CIRCUIT_OPENED",
    "fournisseur d’identité en panne : plus personne n’y est envoyé tant qu’il ne répond pas",
    facts=PROVIDER,
    required=frozenset({"idp"}),
    category=Category.BACK,
)
POLICY_RELAXED = _declare(
    "9.3.0",
    "POLICY_RELAXED",
    "règle assouplie pour un service",
    facts=SERVICE | NETWORK | {"object"},
    required=frozenset({"actor", "sp", "fields"}),
    category=Category.AGENT,
)
BLOCKING_FINDINGS_OVERRIDDEN = _declare(
    "9.3.1",
    "BLOCKING_FINDINGS_OVERRIDDEN",
    "fournisseur d’identité activé ou modifié malgré des points bloquants",
    facts=PROVIDER | NETWORK | {"object"},
    required=frozenset({"actor", "idp", "fields", "reason"}),
    category=Category.AGENT,
)
PARTNER_CHANGED = _declare(
    "9.4.0",
    "PARTNER_CHANGED",
    "configuration d’un partenaire modifiée",
    facts=SERVICE | PROVIDER | NETWORK,
    required=frozenset({"actor", "object", "fields"}),
    category=Category.AGENT,
)
CLIENT_SECRET_ROTATED = _declare(
    "9.4.1",
    "CLIENT_SECRET_ROTATED",
    "secret d’un service renouvelé",
    facts=SERVICE | NETWORK | {"object"},
    required=frozenset({"actor", "sp"}),
    category=Category.AGENT,
)
PARTNER_DELETED = _declare(
    "9.4.2",
    "PARTNER_DELETED",
    "partenaire supprimé du registre",
    facts=PROVIDER | NETWORK,
    required=frozenset({"actor", "object"}),
    category=Category.AGENT,
)
IDENTITY_PROVIDER_ANALYSED = _declare(
    "9.4.3",
    "IDENTITY_PROVIDER_ANALYSED",
    "émetteur d’un fournisseur d’identité analysé",
    facts=PROVIDER | NETWORK,
    required=frozenset({"actor", "object", "outcome"}),
    category=Category.AGENT,
)
ACCOUNT_CLOSED = _declare(
    "9.7.0",
    "ACCOUNT_CLOSED",
    "compte fermé par le support",
    facts=NETWORK,
    required=frozenset({"actor", "account", "ticket"}),
    category=Category.AGENT,
)
ACCOUNT_REOPENED = _declare(
    "9.7.1",
    "ACCOUNT_REOPENED",
    "compte rouvert par le support",
    facts=NETWORK,
    required=frozenset({"actor", "account", "ticket"}),
    category=Category.AGENT,
)
CIVIL_REGISTER_CONSULTED = _declare(
    "9.8.0",
    "CIVIL_REGISTER_CONSULTED",
    "état civil consulté par le support",
    facts=NETWORK,
    required=frozenset({"actor", "ticket"}),
    category=Category.AGENT,
)
