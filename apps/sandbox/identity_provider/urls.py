"""The addresses of one identity provider; the whole of what its process serves."""

from django.urls import include, path

from apps.sandbox.identity_provider.views import broker, citizen, logout, site

urlpatterns = [
    path("", site.home, name="home"),
    path(".well-known/openid-configuration", broker.configuration, name="configuration"),
    path("jwks", broker.jwks, name="jwks"),
    path("authorize", citizen.authorize, name="authorize"),
    path("connexion/", site.site_sign_in, name="site_sign_in"),
    path("connexion/<slug:handle>", citizen.login, name="login"),
    path("token", broker.token, name="token"),
    path("userinfo", broker.userinfo, name="userinfo"),
    path("end_session", logout.end_session, name="end_session"),
    path("deconnexion", logout.logout, name="logout"),
    path("", include("apps.sandbox.enrolment.urls")),
    path("", include("apps.sandbox.second_factor.urls")),
]
