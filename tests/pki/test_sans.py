"""Which names stand in which certificate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from components.pki.sans import Sans, no_sans, peer_sans, server_sans
from components.spec import load
from components.spec.models.kubernetes import Kubernetes

REFUSED = r"stands for no host|whole first label|neither a DNS name|cannot stand in a certificate"
MACHINES = {"name": "t", "version": "3.6.16", "transport": "local"}
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


SERVICE_NAMES = Kubernetes(namespace="kv").names_of("etcd0")
POD = "etcd0-0.etcd.kv.svc.cluster.local"
# Document 000: the pod, the service, any pod of it, and the service of clients, each by itself, in
# its namespace, and in full.
POD_NAMES = {
    *("etcd0-0.etcd", "etcd0-0.etcd.kv", "etcd0-0.etcd.kv.svc", POD),
    *("etcd", "etcd.kv", "etcd.kv.svc", "etcd.kv.svc.cluster.local"),
    *("*.etcd", "*.etcd.kv", "*.etcd.kv.svc", "*.etcd.kv.svc.cluster.local"),
    *("etcd-client", "etcd-client.kv", "etcd-client.kv.svc", "etcd-client.kv.svc.cluster.local"),
}


def test_a_pods_server_answers_to_its_services_and_to_tools_beside_it():
    found = server_sans(POD, ["etcd.example.org", "192.0.2.7"], SERVICE_NAMES)
    assert set(found.dns_names) == {*POD_NAMES, "etcd.example.org", "localhost"}
    assert found.ip_addresses == ("127.0.0.1", "192.0.2.7", "::1")


def test_a_pods_peer_is_known_by_name_wherever_it_runs():
    """Its address changes; etcd looks up what an address is called, and what a name leads to."""
    found = peer_sans(POD, ["etcd.example.org"], SERVICE_NAMES)
    assert found == Sans(tuple(sorted(POD_NAMES)), ())


@given(some.permutations(SERVICE_NAMES))
def test_the_order_of_service_names_changes_no_certificate(names):
    for sans in (server_sans, peer_sans):
        assert sans(POD, [], names) == sans(POD, [], SERVICE_NAMES)


@pytest.mark.parametrize("key", [{}, {"service": "kv-2", "cluster_domain": "k8s.example.org"}])
def test_every_name_of_a_pod_is_one_that_clients_accept(key):
    place = Kubernetes(namespace="a" * 63, **key)
    names = place.names_of("e" * 52)
    assert len(server_sans(place.host_of("e" * 52), [], names).dns_names) == len(names) + 1


@pytest.mark.parametrize("address", ["10.0.0.11", "127.0.0.11", "fd00::11"])
@pytest.mark.parametrize("sans", [server_sans, peer_sans])
def test_a_machine_has_no_name_of_a_pod(address, sans):
    node = load(
        {**MACHINES, "nodes": {"etcd1": {"address": address, "names": ["etcd.example.org"]}}}
    ).node("etcd1")
    assert sans(node.address, node.names, node.service_names) == sans(node.address, node.names)


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
