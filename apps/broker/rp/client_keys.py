"""Our keys as a client of identity providers, kept as objects for the life of the process."""

import json
import time
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.identity_providers.models import IdentityProvider
from apps.protocol import client_assertion, client_keys, jose


@cache
def ours() -> client_keys.ClientKeys:
    """Return our keys; the first of each algorithm signs, every one of them decrypts.

    Raises ImproperlyConfigured, at the start of the site: see franceconnect.wsgi.
    """
    path = Path(settings.CLIENT_KEYS_FILE)
    try:
        return client_keys.load(jose.parse_json(path.read_bytes()))
    except (OSError, jose.JoseError) as failure:
        raise ImproperlyConfigured(f"{path} : {failure}") from failure


@cache
def published() -> bytes:
    """Return the JWK Set that identity providers encrypt to, and know us by."""
    return json.dumps(client_keys.public_jwks(ours())).encode()


def assertion(provider: IdentityProvider) -> str:
    """Return what proves to this provider that we are its client (OIDC Core §9).

    Its audience is the issuer alone, never an address that a configuration document gave: a
    provider could otherwise have us make an assertion good at another one (decision 0020).
    """
    claims = client_assertion.build(
        client_id=provider.client_id,
        audience=provider.issuer,
        jti=jose.random_token(),
        now=int(time.time()),
    )
    alg = jose.Alg(provider.token_endpoint_auth_signing_alg or "")
    return jose.sign(claims, ours().signing.for_alg(alg))
