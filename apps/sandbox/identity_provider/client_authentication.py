"""How the broker proves itself at a token endpoint: the method of the site, and no other."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote_plus

from django.core.cache import cache

from apps.protocol import client_assertion, jose
from apps.protocol.sealing import fingerprint
from apps.sandbox.identity_provider import broker_keys, messages, registration, sign_in
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite

FLOOR = 2.0  # seconds between two readings of the broker's keys asked for by an unknown kid


class UnknownClient(Exception):
    """Nothing proves who asks (RFC 6749 §5.2, invalid_client)."""


class TwoMethods(Exception):
    """Two ways of authenticating in one request (RFC 6749 §2.3)."""


def authenticate(site: IdentityProviderSite, form: Mapping[str, str], authorization: str) -> str:
    """Return the client_id of a client that proved itself. Raises UnknownClient, TwoMethods."""
    ways = (bool(authorization), "client_secret" in form, "client_assertion" in form)
    if sum(ways) > 1:
        raise TwoMethods
    if site.token_endpoint_auth_method == client_assertion.METHOD:
        return _by_assertion(site, form)
    if authorization:
        client_id, secret = _basic_credentials(authorization)
    else:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if registration.find_client(client_id) is None or not registration.is_secret(site, secret):
        raise UnknownClient
    return client_id


def _by_assertion(site: IdentityProviderSite, form: Mapping[str, str]) -> str:
    """Accept a signature of our one client, once (RFC 7523 §3)."""
    client_id = form.get("client_id", registration.CLIENT_ID)
    is_assertion = form.get("client_assertion_type") == client_assertion.TYPE
    if registration.find_client(client_id) is None or not is_assertion:
        raise UnknownClient
    try:
        jti = _verify(site, form.get("client_assertion", ""), broker_keys.current())
    except jose.UnknownKey:
        jti = _verify_again(site, form.get("client_assertion", ""))
    except broker_keys.Unreadable as failure:
        raise UnknownClient from failure
    remembered = client_assertion.LIFETIME + 2 * client_assertion.LEEWAY
    if not cache.add(f"assertion-{site.slug}-{fingerprint(jti)}", True, remembered):
        raise UnknownClient
    return client_id


def _verify_again(site: IdentityProviderSite, assertion: str) -> str:
    """Judge with the keys of now: those we had lack the one that signs."""
    try:
        return _verify(site, assertion, broker_keys.current(max_age=FLOOR))
    except (jose.UnknownKey, broker_keys.Unreadable) as failure:
        raise UnknownClient from failure


def _verify(site: IdentityProviderSite, assertion: str, keys: broker_keys.BrokerKeys) -> str:
    try:
        return client_assertion.verify(
            assertion,
            client_id=registration.CLIENT_ID,
            audiences=[site.issuer, messages.endpoints(site)["token_endpoint"]],
            keys=keys.signing,
            alg=site.assertion_alg,
            now=sign_in.epoch_now(),
        )
    except client_assertion.RefusedAssertion as failure:
        raise UnknownClient from failure


def _basic_credentials(header: str) -> tuple[str, str]:
    """Return identifier and secret, which are form-encoded before base64 (RFC 6749 §2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise UnknownClient
    try:
        client_id, separator, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as failure:
        raise UnknownClient from failure
    if not separator:
        raise UnknownClient
    return unquote_plus(client_id), unquote_plus(secret)
