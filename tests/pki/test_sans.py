"""Which names stand in which certificate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from components.pki.sans import Sans, no_sans, peer_sans, server_sans

REFUSED = r"stands for no host|whole first label|neither a DNS name|cannot stand in a certificate"
LOOPBACK = ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("address", "names", "dns_names", "ip_addresses"),
    [
        ("10.0.0.11", [], ("localhost",), ("10.0.0.11", *LOOPBACK)),
        ("127.0.0.11", [], ("localhost",), ("127.0.0.1", "127.0.0.11", "::1")),
        ("fd00:0:0:0::11", [], ("localhost",), ("127.0.0.1", "::1", "fd00::11")),
        ("::1", [], ("localhost",), LOOPBACK),
        (
            "10.0.0.11",
            ["etcd.example.org", "192.0.2.7"],
            ("etcd.example.org", "localhost"),
            ("10.0.0.11", "127.0.0.1", "192.0.2.7", "::1"),
        ),
        (
            "10.0.0.11",
            ["*.etcd.ns.svc", "etcd.ns.svc"],
            ("*.etcd.ns.svc", "etcd.ns.svc", "localhost"),
            ("10.0.0.11", *LOOPBACK),
        ),
        (
            "10.0.0.11",
            ["Etcd.Example.org", "etcd.example.org", "10.0.0.11", "::ffff:10.0.0.11"],
            ("etcd.example.org", "localhost"),
            ("10.0.0.11", *LOOPBACK),
        ),
    ],
)
def test_a_server_answers_to_its_address_its_names_and_loopback(
    address, names, dns_names, ip_addresses
):
    assert server_sans(address, names) == Sans(dns_names, ip_addresses)


@pytest.mark.parametrize(
    ("address", "ip_addresses"),
    [
        ("10.0.0.11", ("10.0.0.11",)),
        ("127.0.0.11", ("127.0.0.1", "127.0.0.11")),
        ("fd00::11", ("fd00::11",)),
        ("::1", ("::1",)),
    ],
)
def test_a_peer_is_known_by_where_it_dials_from(address, ip_addresses):
    assert peer_sans(address, ["etcd.example.org"]) == Sans((), ip_addresses)


def test_clients_and_authorities_have_no_names():
    assert no_sans("10.0.0.11", ["etcd.example.org"]) == Sans()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "*",
        "*.",
        "**.example.org",
        "*.*.example.org",
        "etcd.*.org",
        "et*.example.org",
        ".example.org",
        "etcd..org",
        "etcd example.org",
        "10.0.0.999",
        "10.0.0.0/24",
        "https://etcd.example.org",
        "etcd.example.org:2379",
        "fe80::1%eth0",
    ],
)
def test_a_name_that_no_client_would_accept_is_refused(name):
    with pytest.raises(ValueError, match=REFUSED):
        server_sans("10.0.0.11", [name])


@given(some.permutations(["b.example.org", "a.example.org", "192.0.2.7", "192.0.2.6"]))
def test_the_order_in_the_stack_file_changes_no_certificate(names):
    assert server_sans("10.0.0.11", names) == server_sans("10.0.0.11", sorted(names))
