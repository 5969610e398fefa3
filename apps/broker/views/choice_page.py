"""The prepared values of the choice page and of its confirmation: templates only lay them out."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static

from apps.broker.flow import Offered
from apps.broker.models import SignIn
from apps.broker.views import steps
from apps.broker.views.pages import level_label
from apps.identity_providers import metadata
from apps.identity_providers.models import IdentityProvider
from apps.protocol import errors, scopes
from apps.protocol.acr import Acr
from apps.protocol.decline import Decline
from apps.protocol.discovery import origin
from apps.protocol.errors import ErrorSpec
from apps.protocol.journey import State

UNAVAILABLE: Final = "Indisponible pour le moment"
OF_THE_SERVICE: Final = {
    errors.IDP_FILTERED: "Non accepté par ce service",
    errors.ACR_TOO_LOW: "Niveau de sécurité trop faible pour ce service",
}
"""What a card says when the service is why; for any other refusal the account is unavailable."""

SOME_REFUSED: Final = "Pourquoi certains comptes ne peuvent-ils pas être choisis ?"
SOME_ABSENT: Final = "Pourquoi certains comptes n’apparaissent-ils pas ?"

BACK_FROM_ACCOUNT: Final = {
    Decline.CANCELLED: (
        "warning",
        "Vous n’avez pas terminé la connexion avec {account}. "
        "Vous pouvez réessayer ou choisir un autre compte.",
    ),
    Decline.UNVERIFIED: (
        "warning",
        "Votre compte « {account} » ne peut pas encore servir : sa vérification n’est pas terminée. "
        "Terminez-la sur le site de ce compte, ou choisissez un autre compte.",
    ),
    Decline.FAILING: (
        "error",
        "Le site de « {account} » rencontre un problème. Vous n’y êtes pour rien. "
        "Réessayez dans quelques minutes ou choisissez un autre compte.",
    ),
    Decline.OTHER: (
        "warning",
        "La connexion avec {account} n’a pas abouti. "
        "Vous pouvez réessayer ou choisir un autre compte.",
    ),
}
"""The alert, and what it says, by what the identity provider's error means."""

LEVEL_NOT_REACHED: Final = (
    "Votre compte « {account} » n’a pas donné le niveau de sécurité que ce service demande. "
    "Terminez sa vérification ou utilisez son second facteur, ou choisissez un autre compte."
)
"""What an unverified account may be too, when more than the lowest level was asked."""


def values(sign_in: SignIn, offered: list[Offered]) -> dict[str, Any]:
    """Return the values of the choice page."""
    asked = sign_in.asked
    return {
        "service_name": sign_in.service_provider.name,
        "providers": [_card(sign_in, entry) for entry in offered if _is_shown(entry)],
        "is_alone": sum(entry.is_available for entry in offered) == 1,
        "recipes": [_recipe(entry.provider) for entry in offered if _may_help(entry)],
        "why": _why(offered),
        "why_title": SOME_REFUSED if all(map(_is_shown, offered)) else SOME_ABSENT,
        "action": steps.url(sign_in, "redirect-to-idp"),
        "abandon_action": steps.url(sign_in, "abandon"),
        "notice": _notice(sign_in, offered),
        "is_anonymous": scopes.is_anonymous(asked.scope),
        "level_label": level_label(asked.acr),
    }


def confirmation(sign_in: SignIn, provider: IdentityProvider) -> dict[str, str]:
    """Return the values of what an account wants to be read before the departure.

    It is a page; with a script, a dialog over the choice page.
    """
    return {
        "service_name": sign_in.service_provider.name,
        "title": provider.confirmation_title,
        "text": provider.confirmation_body,
        "uid": provider.uid,
        "provider_title": provider.title,
        "continue_label": provider.confirmation_continue or f"Continuer avec {provider.title}",
        "action": steps.url(sign_in, "redirect-to-idp"),
        "choice_url": steps.url(sign_in),
    }


def form_targets(sign_in: SignIn, providers: Iterable[IdentityProvider]) -> tuple[str, ...]:
    """Return the origins that the choice may redirect to, for `form-action`.

    Chromium applies form-action to the redirects that follow a form. An identity provider whose
    configuration is not known yet is named by its issuer, where its endpoints usually are.
    """
    targets = {origin(sign_in.asked.redirect_uri): None}
    for provider in providers:
        endpoint = metadata.authorization_endpoint(provider)
        targets[origin(endpoint or provider.issuer)] = None
    return tuple(targets)


def _is_shown(entry: Offered) -> bool:
    return entry.refusal is not errors.IDP_FILTERED or settings.SHOW_EXCLUDED_ACCOUNTS


def _card(sign_in: SignIn, entry: Offered) -> dict[str, Any]:
    provider, refusal = entry.provider, entry.refusal
    is_out = refusal is not None and refusal not in OF_THE_SERVICE
    asks = entry.is_available and provider.wants_confirmation
    return {
        "uid": provider.uid,
        "title": provider.title,
        "hint": provider.hint,
        "is_beta": provider.is_beta,
        "pictogram": static(provider.pictogram) if provider.pictogram else "",
        "state": _state(provider, refusal) if refusal else "",
        "link_label": provider.alternative_label if is_out else "",
        "link_url": provider.alternative_url if is_out else "",
        "confirmation": confirmation(sign_in, provider) if asks else None,
    }


def _state(provider: IdentityProvider, refusal: ErrorSpec) -> str:
    if refusal is errors.IDP_INACTIVE and provider.message:
        return provider.message
    return OF_THE_SERVICE.get(refusal, UNAVAILABLE)


def _may_help(entry: Offered) -> bool:
    """Tell whether getting this account would lead to the service, and how is known."""
    is_known = entry.provider.enrolment or entry.provider.enrolment_url
    return bool(is_known) and entry.refusal not in OF_THE_SERVICE


def _recipe(provider: IdentityProvider) -> dict[str, str]:
    return {"title": provider.title, "text": provider.enrolment, "url": provider.enrolment_url}


def _why(offered: list[Offered]) -> list[str]:
    """Return why some accounts are absent or cannot be chosen, a sentence or two for each reason."""
    refusals = {entry.refusal for entry in offered if entry.refusal}
    sentences = []
    if errors.IDP_FILTERED in refusals:
        sentences.append(
            "Chaque service décide des comptes qu’il accepte. Vous ne pouvez pas choisir les autres."
        )
    if errors.ACR_TOO_LOW in refusals:
        sentences.append(
            "Le niveau de sécurité de certains comptes est trop faible pour ce service."
        )
    if refusals - OF_THE_SERVICE.keys():
        sentences.append(
            "Un compte en maintenance reste affiché. Vous pourrez de nouveau le choisir plus tard."
        )
    return sentences


def _notice(sign_in: SignIn, offered: list[Offered]) -> dict[str, str] | None:
    """Return what to say to a citizen whom an identity provider sent back with an error."""
    provider = sign_in.identity_provider
    if sign_in.state != State.DECLINED or provider is None:
        return None
    reason = Decline(sign_in.decline or Decline.OTHER)
    level, text = BACK_FROM_ACCOUNT[reason]
    if reason is Decline.UNVERIFIED and sign_in.asked.acr is not Acr.EIDAS1:
        text = LEVEL_NOT_REACHED
    notice = {"level": level, "text": text.format(account=provider.title)}
    # The row of the sign-in has few columns of its provider; that of the page has the address.
    known = (entry.provider for entry in offered if entry.provider.pk == provider.pk)
    url = next((row.enrolment_url for row in known), "")
    if reason is Decline.UNVERIFIED and url:
        notice |= {"url": url, "link": f"Aller sur le site de « {provider.title} »"}
    return notice
