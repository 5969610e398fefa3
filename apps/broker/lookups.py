"""The look-ups of a sign-in, each one statement, with the columns that its step reads.

A column left out is not lost: reading it costs a statement, which the budgets of the tests refuse.
"""

from uuid import UUID

from apps.broker.models import AccessToken, Grant, SignIn, SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from apps.statements.lookup import Lookup

_TEXT = "a sample that no row holds"
_ID = UUID(int=0)

_SIGN_IN = (
    "state", "request", "fingerprint", "browsing_session", "is_sso", "idp_acr", "acr", "amr",
    "auth_time", "expires_at",
)  # fmt: skip
_SERVICE = (
    "client_id", "name", "kind", "active", "client_uri", "redirect_uris", "identity_consent",
    "consent_mode", "idp_filter_mode", "idp_filter", "acr_values", "age_minimum",
)  # fmt: skip
_CLIENT = (
    "client_id", "client_secret", "name", "kind", "active", "entity_id",
    "id_token_signed_response_alg", "userinfo_signed_response_alg",
)  # fmt: skip
_PROVIDER = ("uid", "title", "active", "allowed_acr")
_DISPLAYED = (
    "uid", "title", "hint", "pictogram", "active", "is_beta", "message", "allowed_acr", "issuer",
    "token_endpoint", "authorization_endpoint", "jwks_uri", "alternative_label", "alternative_url",
    "enrolment", "enrolment_url", "confirmation_title", "confirmation_body", "confirmation_continue",
)  # fmt: skip
_ACCOUNT = ("identity_hash", "active")
_TRANSPORT = (
    "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint",
    "end_session_endpoint", "jwks_uri", "client_id", "client_secret", "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg", "id_token_signed_response_alg",
    "id_token_encrypted_response_alg", "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg", "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc", "scope", "amr", "trusted_identity",
)  # fmt: skip


def _of(relation: str, columns: tuple[str, ...]) -> list[str]:
    return [f"{relation}__{column}" for column in columns]


SERVICE = Lookup(
    lambda value: ServiceProvider.objects.filter(client_id=value).order_by(), sample=_TEXT
)
PROVIDER = Lookup(lambda value: IdentityProvider.objects.filter(uid=value).order_by(), sample=_TEXT)
DISPLAYED = Lookup(lambda _: IdentityProvider.objects.filter(display=True).only(*_DISPLAYED))
SIGN_IN = Lookup(
    lambda value: (
        SignIn.objects.select_related("service_provider", "identity_provider", "account")
        .filter(pk=value)
        .only(
            *_SIGN_IN,
            "sealed",
            "decline",
            *_of("service_provider", _SERVICE),
            *_of("identity_provider", _PROVIDER),
            *_of("account", _ACCOUNT),
        )
    ),
    sample=_ID,
)
RETURNING = Lookup(
    lambda value: (
        SignIn.objects.select_related("service_provider", "identity_provider")
        .filter(idp_state_fingerprint=value)
        .only(
            *_SIGN_IN,
            "account",
            *_of("service_provider", _SERVICE),
            *_of("identity_provider", _PROVIDER + _TRANSPORT),
        )
    ),
    sample=_TEXT,
)
SESSION = Lookup(
    lambda value: (
        SsoSession.objects.select_related("account", "identity_provider")
        .filter(fingerprint=value)
        .defer("created_at")
    ),
    sample=_TEXT,
)
GRANT = Lookup(
    lambda value: (
        Grant.objects.select_related("application", "user__account")
        .filter(code=value)
        .only(
            "redirect_uri",
            "scope",
            "expires",
            "code_challenge",
            "consumed_at",
            "sealed",
            *_of("application", _CLIENT),
            *_of("user", _SIGN_IN),
            *_of("user__account", _ACCOUNT),
        )
    ),
    sample=_TEXT,
)
TOKEN = Lookup(
    lambda value: (
        AccessToken.objects.select_related("application", "user__account")
        .filter(token_checksum=value)
        .only(
            "scope",
            "expires",
            "sealed",
            *_of("application", _CLIENT),
            *_of("user", _SIGN_IN),
            *_of("user__account", _ACCOUNT),
        )
    ),
    sample=_TEXT,
)
