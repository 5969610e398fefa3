"""What an identity provider remembers: requests, passwords, codes, tokens.

Single-use things are consumed by an UPDATE whose row count is checked: of two tabs, or of two
calls with one code, exactly one wins.
"""

import time
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.protocol import pkce
from apps.protocol.jose import random_token
from apps.protocol.sealing import fingerprint
from apps.sandbox.identity_provider import messages, throttle
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.request import Request, Target
from apps.sandbox.identity_provider.throttle import Counter
from apps.sandbox.models import (
    AccessToken,
    AccountState,
    AuthenticationRequest,
    Grant,
    IdentityAccount,
)

REQUEST_LIFETIME = timedelta(hours=1)


class WrongCredentials(Exception):
    """Unknown identifier or wrong password: never say which."""


class NotVerified(Exception):
    """The account is not verified yet, or no longer: it answers nobody."""


class NeedsSecondFactor(Exception):
    """The broker asks for a level that a password alone does not reach."""


class AlreadyAnswered(Exception):
    """The request was answered in another tab, or before Back was pressed, or is too old."""


class InvalidGrant(Exception):
    """The code cannot be redeemed (RFC 6749 §5.2); the message names the rule."""


# --- The citizen's side -----------------------------------------------------------------------------


def open_request(
    site: IdentityProviderSite, target: Target, request: Request
) -> AuthenticationRequest:
    """Keep a valid request until its citizen has signed in."""
    return AuthenticationRequest.objects.create(
        site=site.slug,
        handle=random_token(),
        redirect_uri=target.redirect_uri,
        state=target.state,
        nonce=request.nonce,
        scope=request.scope,
        code_challenge=request.code_challenge,
        needs_second_factor=_asks_second_factor(site, request),
    )


def find_request(
    site: IdentityProviderSite, handle: str, *, is_submitted: bool
) -> AuthenticationRequest | None:
    """Return a request that still waits for its citizen, or None.

    is_submitted   the citizen answers: the form may have been pressed twice, see `give_code`
    """
    living = AuthenticationRequest.objects.filter(
        site=site.slug, handle=handle, created_at__gt=timezone.now() - REQUEST_LIFETIME
    )
    return (living if is_submitted else living.filter(answered_at=None)).first()


def authenticate(
    site: IdentityProviderSite, identifier: str, password: str, *, address: str
) -> IdentityAccount:
    """Return the account of this identifier and password.

    An unknown identifier costs one hash and one failure, like a wrong password.
    Raises throttle.TooManyFailures, WrongCredentials.
    """
    throttle.check(site, Counter.SIGN_IN, identifier, address)
    account = IdentityAccount.objects.filter(site=site.slug, identifier=identifier).first()
    if account is None:
        make_password(password)
    elif check_password(password, account.password):
        throttle.forget(site, Counter.SIGN_IN, identifier)
        return account
    throttle.record(site, Counter.SIGN_IN, identifier, address)
    raise WrongCredentials


def plan(request: AuthenticationRequest, fault: str) -> None:
    """Keep the name of the fault to play once the second factor was given."""
    AuthenticationRequest.objects.filter(pk=request.pk).update(fault=fault)


@transaction.atomic
def give_code(
    request: AuthenticationRequest,
    account: IdentityAccount,
    *,
    auth_time: int,
    had_second_factor: bool = False,
    fault: str = "",
) -> str:
    """Answer a request with a code, once; `fault` is the name of the one to play with this code.

    The second press of a double click gets a new code for the same answer, as long as the first was
    not used: the browser dropped it. Raises NotVerified, NeedsSecondFactor,
    AlreadyAnswered.
    """
    if account.state != AccountState.VERIFIED:
        raise NotVerified
    if request.needs_second_factor and not had_second_factor:
        raise NeedsSecondFactor
    now, code = timezone.now(), random_token()
    waiting = AuthenticationRequest.objects.filter(pk=request.pk, answered_at=None)
    if not waiting.update(answered_at=now, fault=fault):
        if not _unused(request, account).update(code_hash=fingerprint(code)):
            raise AlreadyAnswered
        return code
    Grant.objects.create(
        request=request,
        account=account,
        code_hash=fingerprint(code),
        auth_time=auth_time,
        had_second_factor=had_second_factor,
        expires_at=now + timedelta(seconds=messages.CODE_LIFETIME),
    )
    return code


def is_answered(request: AuthenticationRequest, account: IdentityAccount) -> bool:
    """Tell whether a second factor of this account answered a request, with a code not used yet."""
    return _unused(request, account).filter(had_second_factor=True).exists()


# --- The broker's side ------------------------------------------------------------------------------


def redeem(
    site: IdentityProviderSite, *, code: str, redirect_uri: str, code_verifier: str
) -> tuple[Grant, str]:
    """Return the grant of a code and a new access token for it, once.

    A replayed code kills the token it gave (RFC 6749 §4.1.2). Raises InvalidGrant.
    """
    grant = (
        Grant.objects.select_related("request", "account")
        .filter(code_hash=fingerprint(code), request__site=site.slug)
        .first()
    )
    if grant is None:
        raise InvalidGrant("unknown code")
    _check_binding(grant, redirect_uri, code_verifier)
    token = _exchange(grant)
    if not token:
        AccessToken.objects.filter(grant=grant).delete()
        raise InvalidGrant("the code was used or has expired")
    return grant, token


def find_grant(site: IdentityProviderSite, access_token: str) -> Grant | None:
    """Return the grant of a living access token of this site, or None."""
    token = (
        AccessToken.objects.select_related("grant__request", "grant__account")
        .filter(
            token_hash=fingerprint(access_token),
            grant__request__site=site.slug,
            expires_at__gt=timezone.now(),
        )
        .first()
    )
    return token.grant if token else None


def purge() -> None:
    """Delete what no sign-in can need any more."""
    now = timezone.now()
    AuthenticationRequest.objects.filter(created_at__lt=now - REQUEST_LIFETIME).delete()
    throttle.purge()


def epoch_now() -> int:
    """Return the time of a message, floored: a date in the future is refused by strict clients."""
    return int(time.time())


@transaction.atomic
def _exchange(grant: Grant) -> str:
    """Consume a code and keep a new access token, or return "" if the code is no longer good.

    One transaction: a replay waits for it on the row, and so finds the token it must kill.
    """
    now = timezone.now()
    usable = Grant.objects.filter(pk=grant.pk, used_at=None, expires_at__gt=now)
    if not usable.update(used_at=now):
        return ""
    token = random_token()
    expires_at = now + timedelta(seconds=messages.ACCESS_TOKEN_LIFETIME)
    AccessToken.objects.create(grant=grant, token_hash=fingerprint(token), expires_at=expires_at)
    return token


def _unused(request: AuthenticationRequest, account: IdentityAccount) -> QuerySet[Grant]:
    return Grant.objects.filter(
        request=request, account=account, used_at=None, expires_at__gt=timezone.now()
    )


def _asks_second_factor(site: IdentityProviderSite, request: Request) -> bool:
    """Tell whether the level asked for, the first that the site knows, needs a second factor."""
    known = (acr for acr in request.acr_values if acr in site.acr_values)
    return next(known, site.acr) == site.second_factor_acr


def _check_binding(grant: Grant, redirect_uri: str, code_verifier: str) -> None:
    if redirect_uri != grant.request.redirect_uri:
        raise InvalidGrant("redirect_uri is not the one of the request")
    challenge = grant.request.code_challenge
    if challenge and not pkce.matches(code_verifier, challenge):
        raise InvalidGrant("code_verifier does not answer the challenge")
    if code_verifier and not challenge:
        raise InvalidGrant("no code_challenge was sent")  # RFC 9700 §4.8.2: PKCE downgrade
