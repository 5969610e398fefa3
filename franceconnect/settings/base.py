"""What the three sites share. The only reader of the environment.

Each setting says its unit and its source. Protocol constants (code lifetime, PKCE method, token
sizes…) are not settings: they live in `apps.protocol` or beside the code that applies them.
"""

import base64
import ipaddress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ

from franceconnect import embedded_postgres, logs

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

# --- Where things are -------------------------------------------------------------------------------

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
SECRETS_FILE = VAR_DIR / "secrets.env"
if SECRETS_FILE.exists():
    env.read_env(SECRETS_FILE)

DEBUG = False
PRODUCTION = env.bool("PRODUCTION", default=False)

# TCP ports of the development sites; every server listens on 127.0.0.1.
BROKER_PORT = env.int("BROKER_PORT", default=8000)
SANDBOX_PORT = env.int("SANDBOX_PORT", default=8001)
BACKOFFICE_PORT = env.int("BACKOFFICE_PORT", default=8002)
SMTP_PORT = env.int("SMTP_PORT", default=8025)
IMPOTS_PORT = env.int("IMPOTS_PORT", default=SANDBOX_PORT + 10)
AMELI_PORT = env.int("AMELI_PORT", default=SANDBOX_PORT + 11)
LAPOSTE_PORT = env.int("LAPOSTE_PORT", default=SANDBOX_PORT + 12)

# Public addresses, without a trailing slash. The issuer is BROKER_URL + /api/v2.
BROKER_URL = env.str("BROKER_URL", default=f"http://localhost:{BROKER_PORT}")
SANDBOX_URL = env.str("SANDBOX_URL", default=f"http://localhost:{SANDBOX_PORT}")
BACKOFFICE_URL = env.str("BACKOFFICE_URL", default=f"http://localhost:{BACKOFFICE_PORT}")
ISSUER = f"{BROKER_URL}/api/v2"
# Which of the sandbox's sites this process serves: home, impots, ameli or laposte.
SANDBOX_SITE = env.str("SANDBOX_SITE", default="home")
# Origins of the demonstration identity providers, which are their issuers.
IDENTITY_PROVIDER_ORIGINS = {
    "impots": f"http://localhost:{IMPOTS_PORT}",
    "ameli": f"http://localhost:{AMELI_PORT}",
    "laposte": f"http://localhost:{LAPOSTE_PORT}",
}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])

# --- Secrets: generated under VAR_DIR in development, given by the environment in production --------


def _key(name: str) -> bytes:
    """Return a 256-bit key from its base64url text. Raises ValueError for anything else."""
    text = env.str(name)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(f"{name} : une clé de 256 bits en base64url est attendue")
    return key


SECRET_KEY = env.str("SECRET_KEY")
IDENTITY_HASH_KEY = _key("IDENTITY_HASH_KEY")
SUBJECT_SECRET = _key("SUBJECT_SECRET")
SEALING_KEY = _key("SEALING_KEY")
# File of our private JWK Set; the first ES256 key and the first RS256 key sign.
SIGNING_KEYS_FILE = Path(env.str("SIGNING_KEYS_FILE", default=str(VAR_DIR / "signing-keys.json")))
# File of our private JWK Set as a client of identity providers: what decrypts, what proves us.
CLIENT_KEYS_FILE = Path(env.str("CLIENT_KEYS_FILE", default=str(VAR_DIR / "client-keys.json")))

# --- PostgreSQL -------------------------------------------------------------------------------------

# Each thread keeps its connection, looked at before each request (apps.statements.backend).
# Values are sent apart from the statement. psycopg prepares nothing by itself: at the first rollback
# it would DEALLOCATE ALL, and with it the prepared statements of apps.statements.
_CONNECTION = {"connect_timeout": 3, "server_side_binding": True, "prepare_threshold": None}


def _database(url: str, embedded_name: str) -> dict[str, Any]:
    """Return a Django database: the URL when there is one, the embedded server otherwise."""
    if url:
        config: dict[str, Any] = dict(env.db_url_config(url))
    else:
        host = str(embedded_postgres.socket_dir_for(VAR_DIR / "postgres"))
        config = {"NAME": embedded_name, "USER": "franceconnect", "HOST": host, "PORT": "5432"}
    config |= {
        "ENGINE": "apps.statements.backend",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**config.get("OPTIONS", {}), **_CONNECTION},
    }
    return config


DATABASES = {"default": _database(env.str("DATABASE_URL", default=""), "franceconnect")}
SANDBOX_DATABASE = _database(env.str("SANDBOX_DATABASE_URL", default=""), "sandbox")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Celery: the bell of the outbox -----------------------------------------------------------------

# Empty means pgmq:// on the same PostgreSQL. redis:// and amqp:// are for production.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")
NOTIFICATION_CELERY_APP = "franceconnect.celery.app"

# --- E-mail -----------------------------------------------------------------------------------------

EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=SMTP_PORT)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="FranceConnect (bac à sable) <ne-pas-repondre@franceconnect.test>"
)
# `every` sends one notice per connection, which is the promise made to citizens; `off` sends none.
NOTIFICATION_POLICY = env.str("NOTIFICATION_POLICY", default="every")

# --- Identity providers -----------------------------------------------------------------------------

IDP_TIMEOUT = env.float("IDP_TIMEOUT", default=6.0)  # seconds, whole answer, each call
IDP_MAX_BYTES = env.int("IDP_MAX_BYTES", default=1_000_000)  # bytes, after decompression
# Networks, beside the public ones, where a provider may be reached: none in production.
OUTBOUND_NETWORKS = [
    ipaddress.ip_network(network)
    for network in env.list(
        "OUTBOUND_NETWORKS", default=[] if PRODUCTION else ["127.0.0.0/8", "::1/128"]
    )
]
# Ports where a provider may be reached; empty means all of them.
OUTBOUND_PORTS = [
    int(port) for port in env.list("OUTBOUND_PORTS", default=["443"] if PRODUCTION else [])
]

# --- Civil register (RNIPP) and age -----------------------------------------------------------------

# Address before /Brpp2IdentificationComplet; empty: nobody is asked. Out of production, the sandbox's.
CIVIL_REGISTER_URL = env.str(
    "CIVIL_REGISTER_URL", default="" if PRODUCTION else f"{SANDBOX_URL}/registre"
)
CIVIL_REGISTER_TIMEOUT = env.float("CIVIL_REGISTER_TIMEOUT", default=6.0)  # seconds, whole answer
# Whose identity the services receive when the register is asked: `register` (as it was rectified,
# FranceConnect's profile) or `provider` (as the identity provider wrote it, FranceConnect+'s).
IDENTITY_SOURCE = env.str("IDENTITY_SOURCE", default="register")
if IDENTITY_SOURCE not in ("register", "provider"):
    raise ValueError(f"IDENTITY_SOURCE : register ou provider (pas {IDENTITY_SOURCE})")
# Years that a citizen must have, Paris time; 0 asks nothing. A service may have its own.
AGE_MINIMUM = env.int("AGE_MINIMUM", default=18)

# --- Pages ------------------------------------------------------------------------------------------

SANDBOX_RIBBON = env.bool("SANDBOX_RIBBON", default=not PRODUCTION)
# Accounts that a service does not accept: shown, but not to be chosen; or not shown at all.
SHOW_EXCLUDED_ACCOUNTS = env.bool("SHOW_EXCLUDED_ACCOUNTS", default=True)
SUPPORT_URL = env.str("SUPPORT_URL", default=f"{BROKER_URL}/support")
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "/static/"
# Of django-dsfr, only the sheets that the pages read, and the icons that those sheets name.
_DSFR = Path(str(find_spec("dsfr").origin)).parent / "static" / "dsfr" / "dist"  # type: ignore[union-attr]
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *[
        (f"dsfr/dist/component/{name}", _DSFR / "component" / name)
        for name in ("alert", "button", "checkbox", "form")
    ],
    *[
        (f"dsfr/dist/icons/{name}", _DSFR / "icons" / name)
        for name in ("arrows", "business", "media", "system", "user")
    ],
]
ROOT_URLCONF = "franceconnect.urls.broker"
WSGI_APPLICATION = "franceconnect.wsgi.application"
AUTH_USER_MODEL = "accounts.StaffUser"

_SECURE = BROKER_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
# `no-referrer` makes browsers send `Origin: null` with forms, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Logs: for machines and errors; facts go to the journal -----------------------------------------

LOGGING = logs.configuration(level=env.str("LOG_LEVEL", default="INFO"))
