"""What a machine must have before its firewall is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.firewall_lab import (
    Lab,
)
from tests.node.firewall_machines import (
    CLOSED_BY_POLICY,
    NEED_NAMESPACES,
    OPEN_CONF,
    SETTINGS,
    iptables,
    nftables,
)
from tests.node.machine import Shell

pytestmark = [pytest.mark.slow, *NEED_NAMESPACES]


@pytest.fixture
def lab(tmp_path: Path, shell: Shell) -> Iterator[Lab]:
    with Lab(tmp_path, shell) as made:
        yield made


def test_a_service_that_is_off_is_enabled_where_that_closes_nothing(lab: Lab) -> None:
    nftables(lab, OPEN_CONF)
    lab.service("nftables")
    lab.step("firewall_nftables", "check", SETTINGS).ok()
    lab.step("firewall_nftables", "make", SETTINGS).ok()
    assert lab.enabled("nftables")
    lab.step("firewall_nftables", "check", SETTINGS).ok()
    lab.step("firewall_nftables", "remove", SETTINGS).ok()
    assert not lab.enabled("nftables")


def test_a_service_that_somebody_relies_on_by_now_stays_enabled(lab: Lab) -> None:
    nftables(lab, OPEN_CONF)
    lab.service("nftables")
    lab.step("firewall_nftables", "make", SETTINGS).ok()
    conf = lab.etc / "nftables.conf"
    conf.write_text(CLOSED_BY_POLICY + conf.read_text())
    lab.step("firewall_nftables", "remove", SETTINGS).ok()
    assert lab.enabled("nftables")


def test_a_service_that_would_empty_the_tables_at_boot_is_named(lab: Lab) -> None:
    iptables(lab, "")
    lab.service("nftables", "enabled")
    told = lab.step("firewall_iptables", "check", SETTINGS)
    told.failed("the service nftables is enabled", "firewall: nftables")


@pytest.mark.parametrize("states", [(), ("enabled",), ("active",)])
def test_a_service_that_is_off_is_not_enabled_where_it_would_lock_people_out(
    lab: Lab, states: tuple[str, ...]
) -> None:
    nftables(lab, CLOSED_BY_POLICY)
    lab.service("nftables", *states)
    told = lab.step("firewall_nftables", "check", SETTINGS)
    told.failed("/etc/nftables.conf drops packets", "start and enable nftables")


def test_a_chain_that_no_file_makes_is_named(lab: Lab) -> None:
    nftables(lab, OPEN_CONF)
    lab.root("iptables", "-P", "INPUT", "DROP")
    told = lab.step("firewall_nftables", "check", SETTINGS)
    told.failed('"ip filter INPUT"', "firewall: iptables")
    lab.step("firewall_iptables", "check", SETTINGS).failed("nothing loads rules of iptables")


def test_a_chain_that_is_none_of_iptables_is_named(lab: Lab) -> None:
    iptables(lab, "")
    nftables(lab, CLOSED_BY_POLICY)
    told = lab.step("firewall_iptables", "check", SETTINGS)
    told.failed('"inet filter input"', "firewall: nftables")


def test_a_file_that_does_not_load_is_named(lab: Lab) -> None:
    nftables(lab, OPEN_CONF)
    (lab.etc / "nftables.conf").write_text("table inet {\n")
    lab.step("firewall_nftables", "check", SETTINGS).failed("cannot load /etc/nftables.conf")


@pytest.mark.parametrize("step", ["firewall_nftables", "firewall_iptables"])
def test_firewalld_is_not_worked_against(lab: Lab, step: str) -> None:
    lab.command("firewall-cmd", "#!/bin/sh\n")
    lab.step(step, "check", SETTINGS).failed("firewalld runs", "`firewall: firewalld`")


def test_firewalld_has_to_run(lab: Lab) -> None:
    lab.command("firewall-cmd", "#!/bin/sh\nexit 252\n")
    lab.step("firewall_firewalld", "check", SETTINGS).failed("firewalld is not running")


@pytest.mark.parametrize("backend", ["nftables", "iptables", "firewalld", "none"])
def test_the_tools_it_needs_are_named(lab: Lab, backend: str) -> None:
    told = lab.step(f"firewall_{backend}", "tools", SETTINGS).ok().output.split()
    assert (
        told
        == {
            "nftables": ["nft"],
            "iptables": ["iptables", "iptables-restore", "ip6tables", "ip6tables-restore"],
            "firewalld": ["firewall-cmd"],
            "none": [],
        }[backend]
    )
