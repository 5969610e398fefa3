"""The demonstration partners. SANDBOX_SITE says which of their sites this process serves."""

from franceconnect.settings.base import *  # noqa: F403
from franceconnect.settings.base import (
    BASE_DIR,
    IDENTITY_PROVIDER_ORIGINS,
    SANDBOX_DATABASE,
    SANDBOX_SITE,
)

SITE = "sandbox"
ROOT_URLCONF = "franceconnect.urls.sandbox"
DATABASES = {"default": SANDBOX_DATABASE}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "apps.sandbox",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.sandbox.middleware.AnswerHeaders",
    "apps.sandbox.middleware.ServiceSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "apps.sandbox.shell.context",
            ]
        },
    }
]

# Served as they are from the source tree: no collection step, so no site waits for another.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Ports of one host share their cookies: each site has its own names, and the services their paths.
SESSION_COOKIE_NAME = f"sandbox_{SANDBOX_SITE}"
SESSION_COOKIE_AGE = 1800  # seconds
CSRF_COOKIE_NAME = f"sandbox_{SANDBOX_SITE}_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "apps.sandbox.failures.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

AUTH_USER_MODEL = "sandbox.LocalAccount"
AUTHENTICATION_BACKENDS = [
    "apps.sandbox.service_provider.backends.MairieBackend",
    "apps.sandbox.service_provider.backends.RegionBackend",
    "apps.sandbox.service_provider.backends.EauBackend",
]
PASSWORD_HASHERS = ["apps.sandbox.identity_provider.passwords.DemonstrationHasher"]

if SANDBOX_SITE not in ("home", *IDENTITY_PROVIDER_ORIGINS):
    raise ValueError(
        f"SANDBOX_SITE: home, {', '.join(IDENTITY_PROVIDER_ORIGINS)} (pas {SANDBOX_SITE})"
    )
