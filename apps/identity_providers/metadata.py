"""What identity providers publish: configuration and keys, kept fresh in the process.

A sign-in reads them over the network only when they were never read. An unknown `kid` makes us read
the keys again once, at most every `FLOOR` seconds: a provider may rotate its keys, and an attacker
who sends random `kid`s gets one request out of us, not a thousand.
"""

import re

from apps.identity_providers import wire
from apps.identity_providers.freshness import MetadataError, Reading, Shelf
from apps.identity_providers.models import IdentityProvider
from apps.protocol import discovery, jose

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?([0-9]{1,9})")


def _get_json(url: str) -> Reading[dict[str, object]]:
    try:
        answer = wire.get(url)
        if answer.status != 200:
            raise MetadataError(f"HTTP status {answer.status}")
        return Reading(
            jose.parse_json(answer.body), max_age(answer.headers.get("Cache-Control", ""))
        )
    except (wire.WireError, jose.JoseError) as failure:
        raise MetadataError(str(failure)) from failure


def max_age(cache_control: str) -> float | None:
    """Return for how many seconds an answer may be kept (RFC 9111 §5.2.2), None if it does not say."""
    directives = cache_control.lower()
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    found = _MAX_AGE.search(directives)
    return float(found[1]) if found else None


def _read_configuration(issuer: str) -> Reading[discovery.ProviderMetadata]:
    found = _get_json(discovery.configuration_url(issuer))
    try:
        return Reading(discovery.parse(found.value, issuer=issuer), found.max_age)
    except discovery.DiscoveryError as failure:
        raise MetadataError(str(failure)) from failure


def read_keys(jwks_uri: str) -> Reading[jose.KeySet]:
    """Return the keys published at this address now; nothing is kept. Raises MetadataError."""
    found = _get_json(jwks_uri)
    try:
        return Reading(jose.load_public_keys(found.value), found.max_age)
    except jose.JoseError as failure:
        raise MetadataError(str(failure)) from failure


_configurations: Shelf[discovery.ProviderMetadata] = Shelf(_read_configuration)
_keys: Shelf[jose.KeySet] = Shelf(read_keys)


def configuration(provider: IdentityProvider) -> discovery.ProviderMetadata:
    """Return a provider's addresses: those of its row, or those it publishes.

    Raises MetadataError.
    """
    if provider.uses_discovery:
        return _configurations.get(provider.issuer)
    return _of_row(provider)


def authorization_endpoint(provider: IdentityProvider) -> str:
    """Return where a citizen leaves for, or "" when it cannot be known without waiting."""
    return _find(provider, "authorization_endpoint")


def end_session_endpoint(provider: IdentityProvider) -> str:
    """Return where somebody logs out, or "" when there is none or it is not known without waiting."""
    return _find(provider, "end_session_endpoint")


def _find(provider: IdentityProvider, name: str) -> str:
    """Return an address without waiting, and without reading another column of the row.

    One thread waits for a provider that does not answer, once: then it is tried again behind.
    """
    if not provider.uses_discovery:
        return str(getattr(provider, name))
    known = _configurations.find(provider.issuer)
    return str(getattr(known, name)) if known else ""


def _of_row(provider: IdentityProvider) -> discovery.ProviderMetadata:
    return discovery.ProviderMetadata(
        issuer=provider.issuer,
        authorization_endpoint=provider.authorization_endpoint,
        token_endpoint=provider.token_endpoint,
        userinfo_endpoint=provider.userinfo_endpoint,
        jwks_uri=provider.jwks_uri,
        end_session_endpoint=provider.end_session_endpoint,
        requires_iss=False,
    )


def keys(provider: IdentityProvider, alg: jose.Alg) -> jose.KeySet:
    """Return the keys that verify this provider's tokens. Raises MetadataError."""
    if alg is jose.Alg.HS256:
        try:
            return jose.shared_secret_keys(provider.client_secret)
        except jose.JoseError as failure:  # a secret too short is in our registry, not at its place
            raise MetadataError(str(failure), is_news=False) from failure
    return _keys.get(configuration(provider).jwks_uri)


def keys_after(provider: IdentityProvider, alg: jose.Alg, seen: jose.KeySet) -> jose.KeySet:
    """Return the keys after a `kid` that these do not have: read again, once for all who saw them.

    Raises MetadataError.
    """
    if alg is jose.Alg.HS256:
        return seen
    return _keys.renew(configuration(provider).jwks_uri, seen)


def forget() -> None:
    """Drop everything kept in this process: for tests and after an analysis."""
    _configurations.clear()
    _keys.clear()
