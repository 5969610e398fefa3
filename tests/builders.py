"""Partners for tests: plain functions, keyword overrides."""

from typing import Any

from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from tests.programmable_idp import CLIENT_ID, CLIENT_SECRET, ProgrammableIdp

CALLBACK = "https://mairie.example/callback"
LOGGED_OUT = "https://mairie.example/deconnexion"
SECRET = "s" * 43


def a_service_provider(client_id: str = "mairie", **overrides: Any) -> ServiceProvider:
    """Return a public service, FranceConnect's policy, signed userinfo."""
    values = {
        "name": "Mairie de Saint-Exemple",
        "client_secret": SECRET,
        "redirect_uris": CALLBACK,
        "post_logout_redirect_uris": LOGGED_OUT,
        "client_uri": "https://mairie.example/",
        "scopes": ["openid", "identite_pivot", "email", "preferred_username", "idp_id"],
    }
    return ServiceProvider.objects.create(client_id=client_id, **{**values, **overrides})


def an_identity_provider(
    idp: ProgrammableIdp, uid: str = "impots", **overrides: Any
) -> IdentityProvider:
    """Return the row of a provider that runs, found by discovery."""
    values = {
        "name": uid,
        "title": "Impôts – bac à sable",
        "issuer": idp.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    return IdentityProvider.objects.create(uid=uid, **{**values, **overrides})
