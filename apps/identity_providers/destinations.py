"""Where we may connect by ourselves: the guard against forged requests (SSRF; ASVS 1.3.6).

The addresses of a partner, and those that its configuration document names, are somebody else's
words: without a guard they make us read our own network and hand over what it answers. They are
judged twice. `fault` judges the text when it is registered, without asking the DNS. `connect`
judges each address that the name has at that moment, and the connection goes to that very
address: a name that changes its mind between the two gains nothing (DNS rebinding).

Only public addresses are reached, but for the networks of `OUTBOUND_NETWORKS`, which
`manage.py check --deploy` refuses in production; there, only https, and only the ports of
`OUTBOUND_PORTS`.
"""

import ipaddress
import re
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from apps.wire.exchange import Stage, WireError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Found = list[tuple[Any, ...]]  # what getaddrinfo returns

# getaddrinfo has no deadline: a name server that hangs keeps these threads, not the broker's, and
# one of them only, for who looks the same name up meanwhile waits for the same answer.
_RESOLVERS: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="dns")
_LOOKING: Final[dict[str, Future[Found]]] = {}
_ONE_AT_A_TIME: Final = threading.Lock()
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
_DOCUMENTATION: Final = ipaddress.ip_network("3fff::/20")  # RFC 9637
_ANYCAST_6TO4: Final = ipaddress.ip_network("192.88.99.0/24")  # RFC 7526
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last bits
_NUMERIC: Final = re.compile(r"(?:[0-9]+|0[xX][0-9A-Fa-f]*)")


CONNECTION_TIME: Final = 3.0  # seconds, for the name and the connection: the answer has the rest


class Refused(WireError):
    """A destination that the guard refuses; the message says which rule."""

    def __init__(self, message: str) -> None:
        super().__init__(message, stage=Stage.ADDRESS)


def fault(url: str) -> str:
    """Return why we would never connect to this address, in French, or nothing.

    The text alone is judged: what its name resolves to is judged at each connection.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if rule := _scheme_fault(parts.scheme) or _port_fault(_port(url)):
        return rule
    if rule := _host_fault(host):
        return rule
    address = literal(host)
    if address is not None and not may_reach(address):
        return "adresse privée ou réservée."
    return ""


def check(url: str) -> None:
    """Refuse a scheme or a port before anything is sent. Raises Refused."""
    parts = urlsplit(url)
    if _scheme_fault(parts.scheme):
        raise Refused("the scheme is refused")
    if settings.PRODUCTION and (parts.hostname or "").rstrip(".") in _own_hosts():
        raise Refused("one of our own sites")
    if _port_fault(_port(url)):
        raise Refused("the port is refused")


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """Return a socket connected to one of the addresses of a host, all of them found fit.

    timeout   seconds; `CONNECTION_TIME` at most is taken
    Raises Refused, socket.gaierror, TimeoutError, OSError.
    """
    deadline = time.monotonic() + min(timeout, CONNECTION_TIME)
    failure: OSError = OSError("the host has no address")
    for family, sockaddr in _resolve(host, port, deadline):
        try:
            return _connect(family, sockaddr, deadline)
        except OSError as refusal:
            failure = refusal
    raise failure


def _connect(family: int, sockaddr: tuple[Any, ...], deadline: float) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.settimeout(max(0.001, deadline - time.monotonic()))
        opened.connect(sockaddr)
    except BaseException:
        opened.close()
        raise
    return opened


def _resolve(host: str, port: int, deadline: float) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the addresses of a host. Raises Refused as soon as one of them is unfit."""
    try:
        found = _look_up(host).result(max(0.0, deadline - time.monotonic()))
    except FutureTimeoutError:
        raise TimeoutError("the name server is too slow") from None
    for *_, sockaddr in found:
        if not may_reach(ipaddress.ip_address(str(sockaddr[0]).partition("%")[0])):
            raise Refused("the address is private or reserved")
    return [(family, (sockaddr[0], port, *sockaddr[2:])) for family, *_, sockaddr in found]


def _look_up(host: str) -> Future[Found]:
    """Return the look-up of this name that is under way, or begin one."""
    with _ONE_AT_A_TIME:
        if looking := _LOOKING.get(host):
            return looking
        looking = _RESOLVERS.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
        _LOOKING[host] = looking
    looking.add_done_callback(lambda ended: _LOOKING.pop(host))
    return looking


def is_loopback(host: str) -> bool:
    """Tell whether this host is the very machine that asks (RFC 6761 §6.3)."""
    address = literal(host)
    return _is_local_name(host.rstrip(".")) if address is None else _embedded(address).is_loopback


def may_reach(address: Address) -> bool:
    """Tell whether this address is public, or in a network that the settings open."""
    judged = _embedded(address)
    if any(judged in network for network in settings.OUTBOUND_NETWORKS):
        return True
    return judged.is_global and not judged.is_multicast and not _is_indirect(judged)


def _embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for: `::ffff:127.0.0.1` is loopback."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_indirect(address: Address) -> bool:
    """Tell an address by which a router, a relay or a translator would reach another one.

    6to4 and Teredo carry an IPv4 address; beside `2000::/3`, no IPv6 address is of a public host
    (RFC 4291 §2.4): the local translation of RFC 8215 is among those.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address in _ANYCAST_6TO4
    is_tunnel = address.sixtofour is not None or address.teredo is not None
    return is_tunnel or address not in _GLOBAL_UNICAST or address in _DOCUMENTATION


def _scheme_fault(scheme: str) -> str:
    if scheme == "https" or (scheme == "http" and not settings.PRODUCTION):
        return ""
    return "l’adresse doit commencer par https://."


def _port_fault(port: int) -> str:
    if not settings.OUTBOUND_PORTS or port in settings.OUTBOUND_PORTS:
        return ""
    allowed = ", ".join(str(number) for number in settings.OUTBOUND_PORTS)
    return f"port refusé ; admis : {allowed}."


def _host_fault(host: str) -> str:
    if not host:
        return "adresse sans nom de machine."
    if "%" in host:
        return "caractère % interdit dans le nom de machine."
    if literal(host) is None and _NUMERIC.fullmatch(host.rpartition(".")[2]):
        return "adresse IP écrite d’une façon détournée."  # 2130706433, 0x7f.1: 127.0.0.1
    if _is_local_name(host) and not may_reach(ipaddress.IPv4Address("127.0.0.1")):
        return "adresse privée ou réservée."
    if settings.PRODUCTION and host in _own_hosts():
        return "c’est l’adresse d’un de nos propres sites."
    return ""


def _is_local_name(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _own_hosts() -> set[str | None]:
    return {urlsplit(url).hostname for url in (settings.BROKER_URL, settings.BACKOFFICE_URL)}


def literal(host: str) -> Address | None:
    """Return the IP address that a host is written as, or None when it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _port(url: str) -> int:
    """Return the port of an address, 0 when it is not a port number."""
    parts = urlsplit(url)
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return 0
