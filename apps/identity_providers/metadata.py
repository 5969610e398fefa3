"""What identity providers publish: configuration and keys, kept in the process.

Read on the path of a sign-in only when missing or older than `LIFETIME`. An unknown `kid` makes us
read the keys again once, at most every `FLOOR` seconds: a provider may rotate its keys, and an
attacker who sends random `kid`s gets one request out of us, not a thousand.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from apps.identity_providers import wire
from apps.identity_providers.models import IdentityProvider
from apps.protocol import discovery, jose

LIFETIME = 600  # seconds
FLOOR = 2  # seconds between two readings asked for by an unknown kid
FAILURE_LIFETIME = 5  # seconds during which a provider that did not answer is not asked again


class MetadataError(Exception):
    """The provider's configuration or keys cannot be used; the message says why."""


T = TypeVar("T")


@dataclass(frozen=True)
class _Kept(Generic[T]):
    value: T
    read_at: float


class _Shelf(Generic[T]):
    """Values by address, each read by one thread at a time; a stale value survives a failure.

    A failure is kept too, for a while: those who waited for the reading, and those who come after,
    do not each wait for a provider that hangs.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        self._read = read
        self._kept: dict[str, _Kept[T]] = {}
        self._failed: dict[str, _Kept[MetadataError]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: str, *, max_age: float = LIFETIME) -> T:
        kept = self._kept.get(key)
        if kept and time.monotonic() - kept.read_at < max_age:
            return kept.value
        with self._lock(key):
            kept = self._kept.get(key)
            if kept and time.monotonic() - kept.read_at < max_age:
                return kept.value
            return self._refresh(key, kept)

    def find(self, key: str) -> T | None:
        """Return the value if it can be had without waiting for another reader; it may be stale."""
        kept, lock = self._kept.get(key), self._lock(key)
        if kept or lock.locked():
            return kept.value if kept else None
        try:
            return self.get(key)
        except MetadataError:
            return None

    def _refresh(self, key: str, kept: _Kept[T] | None) -> T:
        failed = self._failed.get(key)
        if kept is None and failed and time.monotonic() - failed.read_at < FAILURE_LIFETIME:
            raise failed.value
        try:
            value = self._read(key)
        except MetadataError as failure:
            self._failed[key] = _Kept(failure, time.monotonic())
            if kept is None:
                raise
            value = kept.value
        self._kept[key] = _Kept(value, time.monotonic())
        return value

    def _lock(self, key: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(key, threading.Lock())

    def clear(self) -> None:
        self._kept.clear()
        self._failed.clear()


def _get_json(url: str) -> dict[str, object]:
    try:
        answer = wire.get(url)
        if answer.status != 200:
            raise MetadataError(f"HTTP status {answer.status}")
        return jose.parse_json(answer.body)
    except (wire.WireError, jose.JoseError) as failure:
        raise MetadataError(str(failure)) from failure


def _read_configuration(issuer: str) -> discovery.ProviderMetadata:
    try:
        return discovery.parse(_get_json(discovery.configuration_url(issuer)), issuer=issuer)
    except discovery.DiscoveryError as failure:
        raise MetadataError(str(failure)) from failure


def read_keys(jwks_uri: str) -> jose.KeySet:
    """Return the keys published at this address now; nothing is kept. Raises MetadataError."""
    try:
        return jose.load_public_keys(_get_json(jwks_uri))
    except jose.JoseError as failure:
        raise MetadataError(str(failure)) from failure


_configurations: _Shelf[discovery.ProviderMetadata] = _Shelf(_read_configuration)
_keys: _Shelf[jose.KeySet] = _Shelf(read_keys)


def configuration(provider: IdentityProvider) -> discovery.ProviderMetadata:
    """Return a provider's addresses: those of its row, or those it publishes.

    Raises MetadataError.
    """
    if provider.uses_discovery:
        return _configurations.get(provider.issuer)
    return _of_row(provider)


def authorization_endpoint(provider: IdentityProvider) -> str:
    """Return where a citizen leaves for, or "" when it cannot be known without waiting.

    At most one thread waits for a provider that does not answer, once every FAILURE_LIFETIME.
    """
    if not provider.uses_discovery:
        return provider.authorization_endpoint
    known = _configurations.find(provider.issuer)
    return known.authorization_endpoint if known else ""


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
        except jose.JoseError as failure:
            raise MetadataError(str(failure)) from failure
    return _keys.get(configuration(provider).jwks_uri)


def fresh_keys(provider: IdentityProvider, alg: jose.Alg) -> jose.KeySet:
    """Return the keys after an unknown `kid`, read again unless that was done `FLOOR` s ago.

    Raises MetadataError.
    """
    if alg is jose.Alg.HS256:
        return keys(provider, alg)
    return _keys.get(configuration(provider).jwks_uri, max_age=FLOOR)


def forget() -> None:
    """Drop everything kept in this process: for tests and after an analysis."""
    _configurations.clear()
    _keys.clear()
