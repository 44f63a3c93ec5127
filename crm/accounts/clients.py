"""Who asks: the one place that tells the network address of a client."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# One household or office has at least this much of IPv6 (RFC 6177), so one client may have any of it.
_IPV6_PREFIX = 64


def real_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The last address in X-Forwarded-For that is none of our proxies, when the peer is one.

    What stands before it the client may have made up. A peer without an address is a process of this machine
    that came by a Unix socket.
    """
    address = _parsed(peer)
    if peer and not _among(address, trusted):
        return peer
    for one in reversed(forwarded.split(",")):
        found = _parsed(one.strip())
        if found is None:
            break
        peer = str(found)
        if not _among(found, trusted):
            break
    return peer


def client_of(request: HttpRequest) -> str:
    """What limits count by: an address, or of IPv6 the network that one client has."""
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address or "")


def _parsed(text: str) -> Address | None:
    """An IPv4 address may come dressed as IPv6 (RFC 4291 section 2.5.5.2)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _among(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)
