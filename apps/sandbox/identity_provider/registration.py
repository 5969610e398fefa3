"""What a site knows of its one client, the broker, and of its own keys."""

import functools
import hmac
from dataclasses import dataclass

from django.conf import settings

from apps.protocol.jose import Alg, KeySet, generate_jwk, load_private_keys
from apps.sandbox import private_files
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite

CLIENT_ID = "franceconnect"
CALLBACK_PATH = "/api/v2/oidc-callback"
LOGOUT_CALLBACK_PATH = "/api/v2/client/logout-callback"


@dataclass(frozen=True)
class Client:
    """The relying party of the site, as it was registered."""

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]


def find_client(client_id: str) -> Client | None:
    """Return the client of that `client_id`, or None."""
    if client_id != CLIENT_ID:
        return None
    return Client(
        client_id=CLIENT_ID,
        redirect_uris=(settings.BROKER_URL + CALLBACK_PATH,),
        post_logout_redirect_uris=(settings.BROKER_URL + LOGOUT_CALLBACK_PATH,),
    )


def secret_name(site: IdentityProviderSite) -> str:
    """Return under which name the secret of the broker at this site is kept."""
    return f"{CLIENT_ID}@{site.slug}"


def is_secret(site: IdentityProviderSite, secret: str) -> bool:
    """Tell, in constant time, whether this is the secret of the broker at this site."""
    expected = private_files.client_secret(secret_name(site))
    return hmac.compare_digest(secret.encode(), expected.encode())


def ensure_keys(site: IdentityProviderSite) -> None:
    """Make sure that the site has its signature keys, its own algorithm first."""
    private_files.ensure(_keys_file(site), lambda: {"keys": _generate(site)})


@functools.cache
def keys(site: IdentityProviderSite) -> KeySet:
    """Return the private keys of the site, kept as objects. Raises NotSeeded."""
    return load_private_keys(private_files.read(_keys_file(site)))


def _generate(site: IdentityProviderSite) -> list[dict[str, str]]:
    other = Alg.RS256 if site.id_token_alg is Alg.ES256 else Alg.ES256
    return [generate_jwk(site.id_token_alg), generate_jwk(other)]


def _keys_file(site: IdentityProviderSite) -> str:
    return f"keys/{site.slug}.json"
