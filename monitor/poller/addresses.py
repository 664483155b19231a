"""Which network addresses a feed may lead to. Pure.

A feed's URL, or a redirect that its server sends, must not make the monitor ask machines of its own network.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

# RFC 6052: addresses through which a NAT64 gateway reaches the IPv4 address in the last 32 bits.
NAT64 = IPv6Network("64:ff9b::/96")
# What is called global and still leads to somebody's gateway: relays of 6to4 (RFC 7526 deprecates them), and NAT64 of
# a network's own (RFC 8215). Of IPv6, only this range is given out for global unicast at all (RFC 4291, section 2.4).
GATEWAYS = (IPv4Network("192.88.99.0/24"), IPv6Network("64:ff9b:1::/48"))
GLOBAL_UNICAST = IPv6Network("2000::/3")


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks of these names (`10.0.0.0/8`, `::1`); raises ValueError naming one that is none."""
    return tuple(ip_network(name, strict=False) for name in names)


def is_refused(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Return whether connecting there is refused: it is no public unicast address, nor in an allowed network.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by what it carries.
    """
    reached = _carried(ip_address(address))
    if any(reached.version == network.version and reached in network for network in allowed):
        return False
    if any(reached in network for network in GATEWAYS if network.version == reached.version):
        return True
    if isinstance(reached, IPv6Address) and reached not in GLOBAL_UNICAST:
        return True
    return not reached.is_global or reached.is_multicast


def _carried(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
