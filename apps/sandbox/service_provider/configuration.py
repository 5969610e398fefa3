"""What mozilla-django-oidc must know of a service and of FranceConnect.

The library reads its settings through `get_settings`. `ForService` answers for one service, so that
three relying parties live in one process.
"""

from collections.abc import Mapping

from django.conf import settings
from mozilla_django_oidc.utils import import_from_settings

from apps.sandbox import private_files
from apps.sandbox.service_provider.catalogue import MAIRIE, Service


def issuer() -> str:
    """Return the issuer identifier of FranceConnect."""
    return f"{settings.BROKER_URL}/api/v2"


def end_session_endpoint() -> str:
    """Return where FranceConnect ends a session (RP-Initiated Logout §2)."""
    return f"{issuer()}/session/end"


def configuration(service: Service) -> Mapping[str, object]:
    """Return the library's settings for one service, but its secret."""
    return {
        "OIDC_RP_CLIENT_ID": service.client_id,
        "OIDC_RP_SIGN_ALGO": "ES256",
        "OIDC_RP_SCOPES": service.scope,
        "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{issuer()}/authorize",
        "OIDC_OP_TOKEN_ENDPOINT": f"{issuer()}/token",
        "OIDC_OP_USER_ENDPOINT": f"{issuer()}/userinfo",
        "OIDC_OP_JWKS_ENDPOINT": f"{issuer()}/jwks",
        "OIDC_AUTHENTICATION_CALLBACK_URL": f"{service.slug}:callback",
        "OIDC_USE_PKCE": True,
        "OIDC_STORE_ID_TOKEN": True,
        "OIDC_TIMEOUT": 10,  # seconds, each call
        "LOGIN_REDIRECT_URL": f"{service.slug}:information",
        "LOGOUT_REDIRECT_URL": f"{service.slug}:home",
    }


class ForService:
    """The library's settings: the service's own first, Django's for the rest."""

    service: Service = MAIRIE

    def get_settings(self, name: str, *default: object) -> object:
        """Return one setting, as the library's own method does. Raises NotSeeded."""
        if name == "OIDC_RP_CLIENT_SECRET":
            return private_files.client_secret(self.service.client_id)
        own = configuration(self.service)
        return own[name] if name in own else import_from_settings(name, *default)
