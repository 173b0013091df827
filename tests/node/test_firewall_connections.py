"""The rules of nftables and iptables, tried with connections from everywhere, in namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.firewall_dialling import (
    CLIENT,
    CLIENT_PORT,
    METRICS_PORT,
    NEW_PEER,
    PEER,
    PEER_6,
    PEER_PORT,
    SSH_PORT,
)
from tests.node.firewall_lab import ConnectedLab
from tests.node.firewall_machines import (
    ALL,
    ALLOWED,
    CLOSED_BY_POLICY,
    IPTABLES_CLOSED,
    MACHINES,
    NEED_NAMESPACES,
    OPEN_CONF,
    SETTINGS,
    files,
    iptables,
    nftables,
    reboot,
    rules,
)
from tests.node.machine import Shell
from tests.support.usual import mostly_in_soak

pytestmark = [pytest.mark.slow, *NEED_NAMESPACES]
USUAL = ("nftables, closed by its policy",)


@pytest.fixture
def lab(tmp_path: Path, shell: Shell) -> Iterator[ConnectedLab]:
    with ConnectedLab(tmp_path, shell) as made:
        yield made


@pytest.fixture(params=mostly_in_soak(MACHINES, USUAL))
def backend(request: pytest.FixtureRequest, lab: ConnectedLab) -> str:
    """The firewall of a machine that has rules of its own."""
    backend, rules = MACHINES[request.param]
    {"nftables": nftables, "iptables": iptables}[backend](lab, rules)
    return backend


def test_members_and_clients_get_through_and_nobody_else(lab: ConnectedLab, backend: str) -> None:
    step = f"firewall_{backend}"
    assert lab.reached()[SSH_PORT] == ALL
    before = rules(lab), files(lab)

    lab.step(step, "check", SETTINGS).ok()
    assert (rules(lab), files(lab)) == before
    lab.step(step, "make", SETTINGS).ok()
    assert lab.reached() == ALLOWED
    assert lab.reaches_itself()
    after = rules(lab), files(lab)

    lab.step(step, "check", SETTINGS).ok()
    lab.step(step, "make", SETTINGS).ok()
    assert (rules(lab), files(lab)) == after

    reboot(lab, backend)
    assert lab.reached() == ALLOWED
    lab.step(step, "check", SETTINGS).ok()

    grown = SETTINGS | {"firewall_peers_ipv4": f"{NEW_PEER}/32", "firewall_clients_ipv6": ""}
    lab.step(step, "make", grown).ok()
    # Whoever is named no more leaves only after this, so it is let in until the next change.
    assert lab.reached()[PEER_PORT] == {PEER, NEW_PEER, PEER_6}
    lab.step(step, "make", grown).ok()
    assert lab.reached()[PEER_PORT] == {PEER, NEW_PEER, PEER_6}
    later = grown | {"firewall_peers_ipv4": f"{NEW_PEER}/32,10.77.0.99/32"}
    lab.step(step, "make", later).ok()
    changed = {NEW_PEER, PEER_6, CLIENT}
    assert lab.reached() == {
        CLIENT_PORT: changed,
        PEER_PORT: {NEW_PEER, PEER_6},
        METRICS_PORT: changed,
        SSH_PORT: ALL,
    }

    lab.step(step, "remove", SETTINGS).ok()
    if backend == "nftables":
        assert (rules(lab), files(lab)) == before
    else:
        assert "etcd-prod" not in rules(lab) + str(files(lab))
    reboot(lab, backend)
    assert "etcd-prod" not in rules(lab)
    lab.step(step, "remove", SETTINGS).ok()


@pytest.mark.soak
def test_other_ports_of_a_closed_machine_stay_closed(lab: ConnectedLab) -> None:
    nftables(lab, CLOSED_BY_POLICY)
    without = SETTINGS | {
        "firewall_ports": f"{CLIENT_PORT},{PEER_PORT}",
        "firewall_client_ports": str(CLIENT_PORT),
    }
    lab.step("firewall_nftables", "make", without).ok()
    assert lab.reached()[METRICS_PORT] == set()
    assert lab.reached()[PEER_PORT] == ALLOWED[PEER_PORT]


def test_rules_of_others_that_were_never_saved_are_left_alone(lab: ConnectedLab) -> None:
    iptables(lab, IPTABLES_CLOSED)
    lab.root("iptables", "-N", "DOCKER")
    lab.step("firewall_iptables", "make", SETTINGS).ok()
    assert "DOCKER" in rules(lab)
    saved = (lab.etc / "sysconfig" / "iptables").read_text()
    assert "DOCKER" not in saved
    assert [
        line for line in saved.splitlines() if "etcd-prod" not in line
    ] == IPTABLES_CLOSED.format(icmp="icmp").splitlines()


@pytest.mark.soak
def test_another_backend_takes_the_place_of_the_first(lab: ConnectedLab) -> None:
    nftables(lab, OPEN_CONF)
    lab.service("nftables")
    iptables(lab, "")
    before = files(lab)
    lab.step("firewall_nftables", "make", SETTINGS).ok()
    lab.step("firewall_iptables", "check", SETTINGS).ok()
    lab.step("firewall_iptables", "make", SETTINGS).ok()
    assert not lab.enabled("nftables")
    assert "table inet etcd-prod" not in rules(lab)
    assert files(lab)["nftables.conf"] == before["nftables.conf"]
    assert lab.reached() == ALLOWED
    lab.step("firewall_none", "make", SETTINGS).ok()
    assert "etcd-prod" not in rules(lab)
    assert lab.reached() == dict.fromkeys(ALLOWED, ALL)
