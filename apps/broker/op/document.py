"""The discovery document and the key set: bytes built once, served without a statement."""

import json
from functools import cache

from django.conf import settings

from apps.broker.op import keys
from apps.protocol import claims, discovery, jose, scopes
from apps.protocol.acr import Acr

PATHS = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "userinfo_endpoint": "/userinfo",
    "jwks_uri": "/jwks",
    "end_session_endpoint": "/session/end",
}


@cache
def configuration() -> bytes:
    """Return our configuration document (OpenID Connect Discovery §3)."""
    algorithms = [alg.value for alg in jose.Alg]
    register_apart = settings.IDENTITY_SOURCE == "provider"
    document = discovery.build(
        issuer=settings.ISSUER,
        paths={member: settings.ISSUER + path for member, path in PATHS.items()},
        scopes=list(scopes.supported(register_apart=register_apart)),
        claims=list(claims.supported(register_apart=register_apart)),
        acr_values=[level.value for level in Acr],
        auth_methods=["client_secret_post", "client_secret_basic"],
        signing_algs=algorithms,
        extra={
            "userinfo_signing_alg_values_supported": algorithms,
            "request_object_signing_alg_values_supported": ["ES256", "RS256"],
            "claims_parameter_supported": True,
            "ui_locales_supported": ["fr"],
        },
    )
    return json.dumps(document).encode()


@cache
def key_set() -> bytes:
    """Return our public keys: the active ES256 key first, which some clients rely on."""
    return json.dumps(jose.public_jwks(keys.ours())).encode()
