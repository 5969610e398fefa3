"""Our signing keys, kept as objects for the life of the process (44 ms to read an RSA key)."""

from functools import cache
from pathlib import Path

from django.conf import settings

from apps.protocol import jose
from apps.service_providers.models import ServiceProvider

ALGORITHMS = (jose.Alg.ES256.value, jose.Alg.RS256.value)  # HS256 is keyed by each service's secret


@cache
def ours() -> jose.KeySet:
    """Return our key set; the first key of each algorithm signs, the others still verify."""
    return jose.load_private_keys(jose.parse_json(Path(settings.SIGNING_KEYS_FILE).read_bytes()))


def of_service(service: ServiceProvider, alg: jose.Alg) -> jose.KeySet:
    """Return the keys that sign for this service: ours, or its own secret for HS256 (Core §10.1)."""
    if alg is jose.Alg.HS256:
        return jose.shared_secret_keys(service.client_secret)
    return ours()


def sign(claims: dict[str, object], service: ServiceProvider, alg: str) -> str:
    """Return the JWS of these claims with the algorithm registered for this service."""
    chosen = jose.Alg(alg)
    return jose.sign(claims, of_service(service, chosen).for_alg(chosen))
