"""Which network addresses may be reached."""

import pytest

from monitor.poller.addresses import is_refused, networks

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep their machines' credentials
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%2",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "192.88.99.1",
    "::ffff:192.88.99.1",
    "fec0::1",
    "::127.0.0.1",
    "2001:db8::1",
    "2001:0:53aa:64c:0:0:80ff:fffe",
]
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_is_refused(address: str) -> None:
    assert is_refused(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_reached(address: str) -> None:
    assert not is_refused(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_address_in_an_allowed_network_is_reached_however_it_is_written(address: str) -> None:
    assert not is_refused(address, networks(["10.0.0.0/8"]))


def test_allowing_one_network_allows_no_other() -> None:
    assert is_refused("192.168.1.1", networks(["10.0.0.0/8", "fd00::/8"]))


def test_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="intranet"):
        networks(["intranet"])
