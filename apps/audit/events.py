"""The catalogue of events: FranceConnect's numbered list, then ours.

Steps 1.0.0 to 8.2.0 carry FranceConnect's names and numbers. Steps 9.x are ours: refusals,
abandons, and what agents and partners do. A step, once published, never changes meaning. Two events
share 4.4.3, as FranceConnect's do.

`facts` is all that a line of this event may carry, `required` what it must carry.
"""

from apps.audit import event_specs
from apps.audit.event_specs import (
    AT_PROVIDER,
    CATALOGUE,
    JOURNEY,
    KNOWN,
    OUR_KEYS,
    PROVIDER,
    SERVICE,
    SIGN_IN,
    Category,
    Event,
)

__all__ = ["CATALOGUE", "Category", "Event", "event_choices"]

_declare, _act = event_specs.declare, event_specs.declare_act


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
POLICY_RELAXED = _act(
    "9.3.0",
    "POLICY_RELAXED",
    "règle assouplie pour un service",
    facts=SERVICE | {"object"},
    required=frozenset({"sp", "fields"}),
)
BLOCKING_FINDINGS_OVERRIDDEN = _act(
    "9.3.1",
    "BLOCKING_FINDINGS_OVERRIDDEN",
    "fournisseur d’identité activé ou modifié malgré des points bloquants",
    facts=PROVIDER | {"object"},
    required=frozenset({"idp", "fields", "reason"}),
)
PARTNER_CHANGED = _act(
    "9.4.0",
    "PARTNER_CHANGED",
    "configuration d’un partenaire modifiée",
    facts=SERVICE | PROVIDER,
    required=frozenset({"object", "fields"}),
)
CLIENT_SECRET_ROTATED = _act(
    "9.4.1",
    "CLIENT_SECRET_ROTATED",
    "secret d’un service renouvelé",
    facts=SERVICE | {"object"},
    required=frozenset({"sp"}),
)
PARTNER_DELETED = _act(
    "9.4.2",
    "PARTNER_DELETED",
    "partenaire supprimé du registre",
    facts=PROVIDER,
    required=frozenset({"object"}),
)
IDENTITY_PROVIDER_ANALYSED = _act(
    "9.4.3",
    "IDENTITY_PROVIDER_ANALYSED",
    "émetteur d’un fournisseur d’identité analysé",
    facts=PROVIDER,
    required=frozenset({"object", "outcome"}),
)
OUR_KEY_ANNOUNCED = _act(
    "9.5.0",
    "OUR_KEY_ANNOUNCED",
    "une de nos clés publiée, avant de servir",
    facts=OUR_KEYS,
    required=frozenset({"object", "kid"}),
)
OUR_KEY_ACTIVATED = _act(
    "9.5.1",
    "OUR_KEY_ACTIVATED",
    "une de nos clés mise en service à la place d’une autre",
    facts=OUR_KEYS,
    required=frozenset({"object", "kid"}),
)
OUR_KEYS_RETIRED = _act(
    "9.5.2",
    "OUR_KEYS_RETIRED",
    "nos anciennes clés retirées",
    facts=OUR_KEYS,
    required=frozenset({"object"}),
)
IDENTITY_PROVIDER_TRIAL_BEGUN = _act(
    "9.6.0",
    "IDENTITY_PROVIDER_TRIAL_BEGUN",
    "connexion d’essai d’un fournisseur d’identité commencée",
    facts=PROVIDER,
    required=frozenset({"idp"}),
)
IDENTITY_PROVIDER_TRIED = _act(
    "9.6.1",
    "IDENTITY_PROVIDER_TRIED",
    "connexion d’essai d’un fournisseur d’identité terminée",
    facts=PROVIDER | {"code"},
    required=frozenset({"idp", "outcome"}),
)
ACCOUNT_CLOSED = _act(
    "9.7.0",
    "ACCOUNT_CLOSED",
    "compte fermé par le support",
    required=frozenset({"account", "ticket"}),
)
ACCOUNT_REOPENED = _act(
    "9.7.1",
    "ACCOUNT_REOPENED",
    "compte rouvert par le support",
    required=frozenset({"account", "ticket"}),
)
CIVIL_REGISTER_CONSULTED = _act(
    "9.8.0",
    "CIVIL_REGISTER_CONSULTED",
    "état civil consulté par le support",
    required=frozenset({"ticket"}),
)
