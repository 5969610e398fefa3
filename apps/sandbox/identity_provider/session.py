"""The citizen's session at one identity provider, in its own cookie."""

import time
from dataclasses import dataclass

from django.http import HttpRequest

from apps.protocol.sealing import fingerprint
from apps.sandbox.identity_provider import catalogue, kept_request, sign_in
from apps.sandbox.identity_provider.request import Request
from apps.sandbox.models import IdentityAccount

_ACCOUNT, _AUTH_TIME, _PASSWORD = "account", "auth_time", "password"
_SECOND_FACTOR = "second_factor"
_CLOSED_AT = "closed_at"


@dataclass(frozen=True)
class Session:
    """Who signed in here, when (epoch seconds), and whether with a second factor."""

    account: IdentityAccount
    auth_time: int
    had_second_factor: bool


def find(request: HttpRequest) -> Session | None:
    """Return the session of this browser at this site, or None.

    A session dies with the password that opened it: whoever signed up first with an address that is
    another's does not stay in the account that its owner then confirms.
    """
    if _ACCOUNT not in request.session:
        return None
    accounts = IdentityAccount.objects.filter(site=catalogue.current().slug)
    account = accounts.filter(pk=request.session[_ACCOUNT]).first()
    if account is None or request.session[_PASSWORD] != fingerprint(account.password):
        return None
    had_second_factor = request.session.get(_SECOND_FACTOR, False)
    return Session(account, request.session[_AUTH_TIME], had_second_factor)


def open_for(
    request: HttpRequest,
    account: IdentityAccount,
    auth_time: int,
) -> None:
    """Start a session, under a new key: a key set by somebody else before is worth nothing.

    The request that an enrolment is for stays with the browser that began it.
    """
    waiting, closed = kept_request.remembered(request), closed_at(request)
    request.session.flush()
    request.session[_CLOSED_AT] = closed
    kept_request.remember(request, waiting)
    request.session[_ACCOUNT] = account.pk
    request.session[_AUTH_TIME] = auth_time
    request.session[_PASSWORD] = fingerprint(account.password)
    request.session[_SECOND_FACTOR] = False


def add_second_factor(request: HttpRequest, auth_time: int) -> None:
    """Note that the second factor was given as well, in the session that the password just opened.

    Its key stays: it is new since the password, and a second press brings it.
    """
    request.session[_AUTH_TIME] = auth_time
    request.session[_SECOND_FACTOR] = True


def close(request: HttpRequest) -> None:
    """Forget who signed in, and know since when."""
    request.session.flush()
    request.session[_CLOSED_AT] = time.time()


def closed_at(request: HttpRequest) -> float:
    """Return when somebody last signed out of this browser (epoch seconds), 0 for never.

    What was begun before is theirs, and not for whoever comes next.
    """
    return float(request.session.get(_CLOSED_AT, 0))


def is_fresh_enough(session: Session, asked: Request) -> bool:
    """Tell whether the broker lets this session answer (OIDC Core §3.1.2.1: prompt, max_age)."""
    if asked.prompts & {"login", "select_account"}:
        return False
    return asked.max_age is None or sign_in.epoch_now() - session.auth_time <= asked.max_age
