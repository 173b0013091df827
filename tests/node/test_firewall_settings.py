"""What a node's firewall is told: by whom each port is reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.machine.preparation.firewall import NAME_MAX, rule_name, step
from components.machine.preparation.step import PreparationStep
from components.member.member import Member, members_of
from components.spec import load
from tests.node.ssh_files import with_checksums

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def members(firewall: Any, **changed: Any) -> tuple[Member, ...]:
    """Three members over ssh, the third by IPv6."""
    addresses = {"etcd1": "10.0.0.11", "etcd2": "10.0.0.12", "etcd3": "fd00::13"}
    raw = {
        "name": "prod",
        "version": "3.6.16",
        "ssh": {"agent": True},
        "firewall": firewall,
        "nodes": {
            name: {"address": address, "host_key": HOST_KEY} for name, address in addresses.items()
        },
        **changed,
    }
    return members_of(load(with_checksums(raw)), Path("/project"))


def first(firewall: Any, **changed: Any) -> PreparationStep:
    made = step(members(firewall, **changed)[0])
    assert made is not None
    return made


def test_members_reach_all_ports_and_clients_all_but_the_peer_port():
    made = first({"backend": "nftables", "clients": ["10.1.0.0/16", "fd01::/64"]})
    assert made.name == "firewall_nftables"
    assert made.settings == {
        "firewall_name": "etcd-prod",
        "firewall_ports": "2379,2380",
        "firewall_client_ports": "2379",
        "firewall_peers_ipv4": "10.0.0.12/32",
        "firewall_peers_ipv6": "fd00::13/128",
        "firewall_clients_ipv4": "10.1.0.0/16",
        "firewall_clients_ipv6": "fd01::/64",
    }
    assert made.facts == {"firewall": "nftables", "firewall_clients": "10.1.0.0/16,fd01::/64"}


def test_metrics_are_for_clients_too():
    made = first("iptables", client_port=12379, peer_port=12380, metrics={"port": 12381})
    assert made.settings["firewall_ports"] == "12379,12380,12381"
    assert made.settings["firewall_client_ports"] == "12379,12381"
    assert made.facts == {"firewall": "iptables"}


def test_networks_that_lie_in_each_other_are_one():
    made = first({"backend": "nftables", "clients": ["10.1.2.0/24", "10.1.0.0/16", "10.0.0.0/16"]})
    assert made.settings["firewall_clients_ipv4"] == "10.0.0.0/15"


def test_every_member_lets_the_others_in():
    made = [step(member) for member in members("nftables")]
    peers = [each and each.settings["firewall_peers_ipv4"] for each in made]
    # Addresses side by side make one network.
    assert peers == ["10.0.0.12/32", "10.0.0.11/32", "10.0.0.11/32,10.0.0.12/32"]


def test_no_firewall_takes_former_rules_back():
    made = first("none")
    assert made.name == "firewall_none"
    assert made.settings["firewall_name"] == "etcd-prod"
    assert made.facts == {"firewall": "none"}


@pytest.mark.parametrize("cluster", ["a", "prod-europe1", "prod-europe12", "p" * 63])
def test_names_fit_every_backend_and_differ(cluster: str):
    assert len(rule_name(cluster)) <= NAME_MAX
    assert rule_name(cluster) != rule_name(f"{cluster}x")
    assert rule_name(cluster).startswith(f"etcd-{cluster[:5]}")
