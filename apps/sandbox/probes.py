"""Whether the other sites answer, asked with little patience: a page waits for it."""

import socket
from concurrent.futures import ThreadPoolExecutor

import requests
from django.conf import settings
from django.core.cache import cache

PATIENCE = 0.5  # seconds
FRESHNESS = 3  # seconds
READY = "/healthz/ready"


def is_franceconnect_up() -> bool:
    """Tell whether the broker is ready, as it was some seconds ago at most."""
    up = cache.get("franceconnect-up")
    if up is None:
        up = is_site_up(settings.BROKER_URL)
        cache.set("franceconnect-up", up, FRESHNESS)
    return bool(up)


def is_site_up(origin: str) -> bool:
    """Tell whether a site says that it is ready."""
    try:
        answer = requests.get(origin + READY, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException:
        return False
    return answer.status_code == 200


def is_port_open(port: int) -> bool:
    """Tell whether somebody listens on a local port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
            return True
    except OSError:
        return False


def sites_up(origins: list[str]) -> dict[str, bool]:
    """Ask several sites at the same time."""
    with ThreadPoolExecutor(max_workers=len(origins)) as pool:
        return dict(zip(origins, pool.map(is_site_up, origins), strict=True))
