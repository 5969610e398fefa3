"""The prepared values of the pages that follow the choice: templates only lay them out."""

from collections.abc import Mapping
from typing import Any

from apps.broker.models import SignIn
from apps.broker.transfer import known_claims, needs_consent
from apps.broker.views import steps
from apps.protocol import claims, scopes
from apps.protocol.acr import Acr
from apps.protocol.pivot import ReceivedIdentity
from apps.protocol.spoken import spoken


def information(
    sign_in: SignIn, identity: ReceivedIdentity, *, consent_error: bool = False
) -> dict[str, Any]:
    """Return the values of the information page: labels first, values behind a disclosure."""
    scope = sign_in.asked.scope
    known = known_claims(identity)
    given, family = str(known["given_name"]).split()[0], str(known["family_name"])
    return {
        "service_name": sign_in.service_provider.name,
        "provider_title": sign_in.identity_provider.title if sign_in.identity_provider else "",
        "display_name": f"{given} {family.upper()}",
        "groups": _groups(scope, known),
        "needs_consent": needs_consent(sign_in),
        "consent_error": consent_error,
        "is_anonymous": scopes.is_anonymous(scope),
        "is_sso": sign_in.is_sso,
        "level_label": level_label(Acr(sign_in.acr)),
        "action": steps.url(sign_in, "login"),
        "abandon_action": steps.url(sign_in, "abandon"),
        "not_me_action": steps.url(sign_in, "not-me"),
    }


def _groups(scope: tuple[str, ...], known: Mapping[str, str | list[str]]) -> list[dict[str, Any]]:
    labels = [
        {"label": claim.label, "value": spoken(claim.name, str(known[claim.name]))}
        for claim in claims.displayed(scope)
        if claim.name in known
    ]
    return [{"source": claims.IDENTITY_HEADING, "labels": labels}] if labels else []


def level_label(level: Acr) -> str:
    """Return how a level is said to a citizen; the lowest goes without saying."""
    return "" if level is Acr.EIDAS1 else level.label.lower()


def continued(sign_in: SignIn) -> dict[str, str]:
    """Return the values of the page of a citizen who comes back after the code was given."""
    service = sign_in.service_provider
    return {"service_name": service.name, "service_url": service.client_uri}
