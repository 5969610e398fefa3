"""Sending a citizen to an identity provider (OIDC Core §3.1.2.1).

One random `state` is drawn for each departure. The `nonce` and the PKCE verifier are derived from
it with the server key: three values bound to one transaction, and only the SHA-256 of the state in
the database. All are hexadecimal, because some providers refuse anything not alphanumeric.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from apps.identity_providers import our_addresses
from apps.identity_providers.models import IdentityProvider
from apps.protocol import pkce, sealing
from apps.protocol.acr import Acr
from apps.protocol.discovery import ProviderMetadata


@dataclass(frozen=True)
class Departure:
    """What one trip to a provider is bound to; rebuilt from the state at the return."""

    state: str
    nonce: str
    code_verifier: str


def draw() -> Departure:
    """Return a new departure, with 256 random bits."""
    return from_state(secrets.token_hex(32))


def from_state(state: str) -> Departure:
    """Return the departure that this state was drawn for."""
    return Departure(
        state=state,
        nonce=_derive(state, "nonce for the identity provider"),
        code_verifier=_derive(state, "PKCE verifier for the identity provider"),
    )


def build_url(
    provider: IdentityProvider, metadata: ProviderMetadata, departure: Departure, *, acr: Acr
) -> str:
    """Return the address of the provider with our request."""
    query = urlencode(
        {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": our_addresses.redirect_uri(),
            "scope": provider.scope,
            "state": departure.state,
            "nonce": departure.nonce,
            "acr_values": acr.value,
            "prompt": "login",
            "code_challenge": pkce.challenge(departure.code_verifier),
            "code_challenge_method": pkce.METHOD,
        }
    )
    separator = "&" if "?" in metadata.authorization_endpoint else "?"
    return f"{metadata.authorization_endpoint}{separator}{query}"


def _derive(state: str, purpose: str) -> str:
    return sealing.derive_key(settings.SEALING_KEY, state, purpose=purpose).hex()
