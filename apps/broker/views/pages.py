"""The prepared values of each page: templates only lay them out."""

from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static

from apps.broker.flow import Offered
from apps.broker.models import SignIn
from apps.broker.transfer import known_claims, needs_consent
from apps.broker.views import steps
from apps.identity_providers import metadata
from apps.protocol import claims, scopes
from apps.protocol.acr import Acr
from apps.protocol.discovery import origin
from apps.protocol.journey import State
from apps.protocol.pivot import ReceivedIdentity
from apps.protocol.spoken import spoken

UNAVAILABLE = "Indisponible pour le moment"


def choice(sign_in: SignIn, offered: list[Offered]) -> dict[str, Any]:
    """Return the values of the choice page."""
    asked = sign_in.asked
    return {
        "service_name": sign_in.service_provider.name,
        "providers": [_card(entry) for entry in offered],
        "action": steps.url(sign_in, "redirect-to-idp"),
        "abandon_action": steps.url(sign_in, "abandon"),
        "notice": _notice(sign_in),
        "is_anonymous": scopes.is_anonymous(asked.scope),
        "level_label": _level(asked.acr),
    }


def _card(entry: Offered) -> dict[str, Any]:
    provider = entry.provider
    return {
        "uid": provider.uid,
        "title": provider.title,
        "hint": provider.hint,
        "is_available": entry.is_available,
        "message": "" if entry.is_available else provider.message or UNAVAILABLE,
        "is_beta": provider.is_beta,
        "pictogram": static(provider.pictogram) if provider.pictogram else "",
    }


def _notice(sign_in: SignIn) -> dict[str, str] | None:
    """Return what to say to a citizen whom an identity provider sent back with an error."""
    if sign_in.state != State.DECLINED or sign_in.identity_provider is None:
        return None
    text = (
        f"Vous n’avez pas terminé la connexion avec {sign_in.identity_provider.title}. "
        "Vous pouvez réessayer ou choisir un autre compte."
    )
    return {"level": "warning", "text": text}


def form_targets(sign_in: SignIn, offered: list[Offered]) -> tuple[str, ...]:
    """Return the origins that the choice may redirect to, for `form-action`.

    Chromium applies form-action to the redirects that follow a form. An identity provider whose
    configuration is not known yet is named by its issuer, where its endpoints usually are.
    """
    targets = {origin(sign_in.asked.redirect_uri): None}
    for entry in offered:
        if entry.is_available:
            endpoint = metadata.authorization_endpoint(entry.provider)
            targets[origin(endpoint or entry.provider.issuer)] = None
    return tuple(targets)


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
        "level_label": _level(Acr(sign_in.acr)),
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


def _level(level: Acr) -> str:
    return "" if level is Acr.EIDAS1 else level.label.lower()


def continued(sign_in: SignIn) -> dict[str, str]:
    """Return the values of the page of a citizen who comes back after the code was given."""
    service = sign_in.service_provider
    return {"service_name": service.name, "service_url": service.client_uri}
