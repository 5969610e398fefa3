"""The citizens' and partners' site: the hot path. No staff, no admin, a short middleware list."""

from typing import Any

from franceconnect.settings.base import *  # noqa: F403
from franceconnect.settings.base import BASE_DIR, DATABASES, ISSUER, PRODUCTION, VAR_DIR

SITE = "broker"
# A statement of a sign-in takes milliseconds: one that waits for a lock gives its thread back.
_LIMITS = "-c statement_timeout=15s -c lock_timeout=5s"
DATABASES["default"]["OPTIONS"].setdefault("options", _LIMITS)
ROOT_URLCONF = "franceconnect.urls.broker"

INSTALLED_APPS = [
    "django.contrib.contenttypes",  # needed by the models of contrib.auth, which staff use elsewhere
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "oauth2_provider",
    "pgtrigger",
    "pghistory",  # the history of partners; the broker only needs its models
    "apps.accounts",
    "apps.identity_providers",
    "apps.service_providers",
    "apps.audit",
    "apps.notifications",
    "apps.broker",
]

MIDDLEWARE = [
    "apps.broker.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.broker.middleware.ErrorPages",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["apps.broker.shell.context"]},
    }
]

STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "franceconnect.static_files.StaticFiles"},
}

CSRF_COOKIE_NAME = "fc_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "apps.broker.views.failures.csrf_failure"

# --- django-oauth-toolkit, as a library -------------------------------------------------------------

OAUTH2_PROVIDER_APPLICATION_MODEL = "service_providers.ServiceProvider"
OAUTH2_PROVIDER_GRANT_MODEL = "broker.Grant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "broker.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "broker.RefreshToken"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "broker.IDToken"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "apps.broker.op.server.CodeServer",
    "OAUTH2_VALIDATOR_CLASS": "apps.broker.op.validator.Validator",
    "OAUTH2_BACKEND_CLASS": "apps.broker.op.backend.Backend",
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": ISSUER,
    "PKCE_REQUIRED": False,  # decided per service, in apps.protocol.authentication_request
    "REFRESH_TOKEN_REUSE_PROTECTION": True,  # there are none
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if PRODUCTION else ["https", "http"],
    "SCOPES": {"openid": "identifiant technique"},
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    # The real FranceConnect refuses PKCE; we accept it, and demand it service by service.
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": False,
}
