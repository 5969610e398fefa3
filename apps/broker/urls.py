"""The broker's addresses: FranceConnect's v2 paths, and the public pages."""

from django.urls import path

from apps.broker.views import citizen, identity_provider, public, service_provider

API = "api/v2"
_SIGN_IN = f"{API}/interaction/<uuid:sign_in_id>"

urlpatterns = [
    # The services' door
    path(f"{API}/.well-known/openid-configuration", service_provider.configuration),
    path(f"{API}/jwks", service_provider.jwks),
    path(f"{API}/authorize", service_provider.authorize),
    path(f"{API}/token", service_provider.token),
    path(f"{API}/userinfo", service_provider.userinfo),
    path(f"{API}/session/end", service_provider.session_end),
    path(f"{API}/session/end/confirm", service_provider.session_end_confirm),
    # The citizen's door
    path(_SIGN_IN, citizen.choice),
    path(f"{_SIGN_IN}/redirect-to-idp", citizen.redirect_to_idp),
    path(f"{_SIGN_IN}/confirmation", citizen.confirmation),
    path(f"{_SIGN_IN}/verify", citizen.verify),
    path(f"{_SIGN_IN}/consent", citizen.consent),
    path(f"{_SIGN_IN}/login", citizen.login),
    path(f"{_SIGN_IN}/abandon", citizen.abandon),
    path(f"{_SIGN_IN}/not-me", citizen.not_me),
    # The identity providers' door
    path(f"{API}/oidc-callback", identity_provider.oidc_callback, name="oidc_callback"),
    path(f"{API}/essai/<str:token>", identity_provider.trial),
    path(f"{API}/client/logout-callback", identity_provider.logout_callback),
    path(f"{API}/client/.well-known/keys", identity_provider.client_keys),
    # Public pages
    path("", service_provider.root),
    path(f"{API}/", service_provider.root),
    path("comprendre", public.understand),
    path("accessibilite", public.page, {"template": "accessibility"}),
    path("mentions-legales", public.page, {"template": "legal"}),
    path("donnees-personnelles", public.page, {"template": "privacy"}),
    path("support", public.support),
]
