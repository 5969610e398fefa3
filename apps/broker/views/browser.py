"""The cookies of the citizen's browser: where bearer secrets live, and the only place.

One cookie a sign-in, named after it, so that several tabs live side by side; one for the SSO
session; one a trial of an agent, likewise. HttpOnly, SameSite=Lax, whole host, never readable by a script.
"""

import re
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from apps.broker.models import LIFETIME, SignIn
from apps.identity_providers.models import Trial
from apps.identity_providers.trial.models import LIFETIME as TRIAL_LIFETIME
from apps.protocol import errors, sealing
from apps.protocol.errors import ProtocolError

_PREFIX = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
_SIGN_IN = f"{_PREFIX}fc_signin_"
_TRIAL = f"{_PREFIX}fc_trial_"
_HEXADECIMAL = re.compile(r"[0-9a-f]{32}")
SESSION = f"{_PREFIX}fc_session"
LOGOUT = f"{_PREFIX}fc_logout"
LOGOUT_LIFETIME = 600  # seconds
MAX_SIGN_INS = 20  # cookies kept by one browser; older tabs give way


def _name(sign_in_id: UUID) -> str:
    return _SIGN_IN + sign_in_id.hex


def secret_of(request: HttpRequest, sign_in: SignIn) -> str:
    """Return the browser's secret for this sign-in, compared with the row.

    An address is not a capability: knowing /interaction/<id> of somebody else opens nothing.
    Raises ProtocolError: SESSION_MISSING.
    """
    secret = request.COOKIES.get(_name(sign_in.pk), "")
    if not secret or sealing.fingerprint(secret) != sign_in.fingerprint:
        raise ProtocolError(errors.SESSION_MISSING)
    return secret


def secrets_of(request: HttpRequest) -> dict[UUID, str]:
    """Return the secrets that this browser shows, by sign-in; not compared with the rows."""
    return _secrets_of(request, _SIGN_IN)


def trial_secrets_of(request: HttpRequest) -> dict[UUID, str]:
    """Return the secrets that this browser shows, by trial; not compared with the rows."""
    return _secrets_of(request, _TRIAL)


def _secrets_of(request: HttpRequest, prefix: str) -> dict[UUID, str]:
    names = {name: name.removeprefix(prefix) for name in request.COOKIES}
    return {
        UUID(hexadecimal): request.COOKIES[name]
        for name, hexadecimal in names.items()
        if name.startswith(prefix) and _HEXADECIMAL.fullmatch(hexadecimal)
    }


def keep_secret(response: HttpResponseBase, sign_in: SignIn, secret: str) -> None:
    """Give the browser its secret for this sign-in."""
    _set(response, _name(sign_in.pk), secret, max_age=int(LIFETIME.total_seconds()))


def keep_trial_secret(response: HttpResponseBase, trial: Trial, secret: str) -> None:
    """Give the browser its secret for this trial."""
    lifetime = int(TRIAL_LIFETIME.total_seconds())
    _set(response, _TRIAL + trial.pk.hex, secret, max_age=lifetime)


def forget_trial(response: HttpResponseBase, trial: Trial) -> None:
    response.delete_cookie(_TRIAL + trial.pk.hex)


def drop_old_secrets(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the header small: a browser with many abandoned tabs loses their secrets."""
    names = [name for name in request.COOKIES if name.startswith(_SIGN_IN)]
    for name in names[: max(0, len(names) - MAX_SIGN_INS)]:
        response.delete_cookie(name)


def session_secret(request: HttpRequest) -> str:
    """Return the secret of the SSO session, or ""."""
    return request.COOKIES.get(SESSION, "")


def keep_session(response: HttpResponseBase, secret: str) -> None:
    """Give the browser the secret of its session, until it is closed."""
    _set(response, SESSION, secret, max_age=None)


def forget_session(response: HttpResponseBase) -> None:
    response.delete_cookie(SESSION)


def keep_logout(response: HttpResponseBase, pending: dict[str, object]) -> None:
    """Remember, signed, what remains to do when the identity provider sends the citizen back."""
    _set(response, LOGOUT, signing.dumps(pending, salt=LOGOUT), max_age=LOGOUT_LIFETIME)


def pending_logout(request: HttpRequest) -> dict[str, object]:
    """Return what `keep_logout` remembered, or nothing."""
    try:
        pending: dict[str, object] = signing.loads(
            request.COOKIES.get(LOGOUT, ""), salt=LOGOUT, max_age=LOGOUT_LIFETIME
        )
    except signing.BadSignature:
        return {}
    return pending


def forget_logout(response: HttpResponseBase) -> None:
    response.delete_cookie(LOGOUT)


def _set(response: HttpResponseBase, name: str, value: str, *, max_age: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
