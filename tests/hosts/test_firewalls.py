"""Firewalls of real hosts: who gets through, and who still does after a reboot."""

from __future__ import annotations

import io
import shlex
import socket
import tarfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest

from components.member.settings import render_settings
from lab.hosts.host import Host
from lab.hosts.hosts import Hosts
from lab.hosts.machine import until
from tests.support.preparation import FRAME
from tests.support.scripts import SCRIPTS

pytestmark = [pytest.mark.slow, pytest.mark.soak]

PORTS = CLIENT_PORT, PEER_PORT, _ = 2379, 2380, 22
# As packages of other distributions install them: Red Hat's for saved rules of iptables, Alpine's
# for OpenRC, whose own rules for nftables let nobody in.
IPTABLES_UNIT = """\
[Unit]
DefaultDependencies=no
Before=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/{tool}-restore /etc/sysconfig/{tool}
[Install]
WantedBy=basic.target
"""
IPTABLES_INIT = """\
#!/sbin/openrc-run
depend() {{ before net; }}
start() {{ {tool}-restore <{saved}; }}
"""
NFTABLES_INIT = """\
#!/sbin/openrc-run
depend() { before net; }
start() { nft -f /etc/nftables.nft; }
stop() { nft flush ruleset; }
"""
ALPINE_CONF = """\
flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iifname lo accept
    ct state { established, related } accept
    tcp dport 22 accept
    ip protocol icmp accept
  }
}
include "/etc/nftables.d/*.nft"
"""


class Trio:
    """Three hosts, each with another kind of firewall; each has the next one for its peer, the
    controller for its client and the third one for a stranger. Their sshd plays etcd."""

    def __init__(self, hosts: Hosts) -> None:
        (self.firewalld,) = hosts.start("firewalld", image="systemd-firewalld")
        (self.systemd,) = hosts.start("systemd")
        (self.alpine,) = hosts.start("alpine", image="openrc", userland="busybox")
        self.hosts = [self.firewalld, self.systemd, self.alpine]
        self.controller = hosts.network.controller
        ports = "".join(f"Port {port}\n" for port in PORTS)
        for host in self.hosts:
            restart = "rc-service ssh restart" if host is self.alpine else "systemctl restart ssh"
            host.ssh(f"cat >/etc/ssh/sshd_config.d/etcd.conf && {restart}", stdin=ports).ok()

    def peer(self, host: Host) -> Host:
        return self.hosts[(self.hosts.index(host) + 1) % 3]

    def stranger(self, host: Host) -> Host:
        return self.hosts[(self.hosts.index(host) + 2) % 3]

    def step(self, host: Host, step: str, action: str, **changed: str) -> None:
        """Runs an action of a step there, as `prepare` would."""
        settings = {
            "name": host.name,
            "state_dir": "/var/lib/etcd-cluster",
            "firewall_name": "etcd-prod",
            "firewall_ports": f"{CLIENT_PORT},{PEER_PORT}",
            "firewall_client_ports": str(CLIENT_PORT),
            "firewall_peers_ipv4": f"{self.peer(host).address}/32",
            "firewall_peers_ipv6": "fd77::12/128",
            "firewall_clients_ipv4": f"{self.controller}/32",
            "firewall_clients_ipv6": "",
            **changed,
        }
        words = ["step", "/run/fw/scripts", step, action, "/run/fw", host.runtime]
        arguments = shlex.join([FRAME, *words])
        host.ssh(
            "rm -rf /run/fw && mkdir -p /run/fw /var/lib/etcd-cluster && tar -xf - -C /run/fw"
            f" && exec sh -c {arguments}",
            stdin=payload(settings),
        ).ok()

    def check(self, host: Host) -> None:
        """Members reach both ports, the client its own, a stranger none, and everybody SSH."""
        attempts = {
            "peer": lambda port: reaches(self.peer(host), host, port),
            "stranger": lambda port: reaches(self.stranger(host), host, port),
            "client": lambda port: greets(host, port),
            "itself": lambda port: reaches(host, host, port),
        }
        with ThreadPoolExecutor(12) as pool:
            waiting = {who: pool.map(attempt, PORTS) for who, attempt in attempts.items()}
            found = {who: list(reached) for who, reached in waiting.items()}
        assert found == {
            "peer": [True, True, True],
            "stranger": [False, False, True],
            "client": [True, False, True],
            "itself": [True, True, True],
        }, (host.name, host.inside("nft list ruleset").stdout)

    def check_over_a_reboot(self, *hosts: Host) -> None:
        together(self.check, *hosts)
        together(self._reboot, *hosts)
        together(self.check, *hosts)

    def _reboot(self, host: Host) -> None:
        """systemd takes firewalld for started, and starts sshd, while it loads its rules."""
        host.reboot()
        if host is self.firewalld:
            loaded = partial(host.ssh, "firewall-cmd --state")
            until(lambda: loaded().status == 0, 30, lambda: loaded().stdout)


def together(do: Callable[[Host], None], *hosts: Host) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(do, hosts))


def payload(settings: Mapping[str, str]) -> bytes:
    """The scripts and their settings as a tar."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        tar.add(SCRIPTS, "scripts")
        text = render_settings(settings).encode()
        entry = tarfile.TarInfo("settings")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    return made.getvalue()


def reaches(host: Host, other: Host, port: int) -> bool:
    """Whether the other's server speaks to the host."""
    command = f"curl -sm 1 telnet://{other.address}:{port} </dev/null"
    return "SSH-" in host.inside(command).stdout


def greets(host: Host, port: int) -> bool:
    """Whether its server speaks to the controller."""
    with suppress(OSError), socket.create_connection((host.address, port), 1) as connection:
        return connection.recv(4) == b"SSH-"
    return False


def install(host: Host, path: str, text: str) -> None:
    """A file of the host, which may be run."""
    host.ssh(f"mkdir -p $(dirname {path}) && cat >{path} && chmod 755 {path}", stdin=text).ok()


@pytest.fixture(scope="module")
def trio(hosts: Hosts) -> Trio:
    made = Trio(hosts)
    install(made.alpine, "/etc/init.d/nftables", NFTABLES_INIT)
    install(made.alpine, "/etc/nftables.nft", ALPINE_CONF)
    made.alpine.ssh("rc-update add nftables boot && rc-service nftables start").ok()
    made.firewalld.ssh("systemctl enable --now firewalld").ok()
    return made


@pytest.fixture(scope="module")
def protected(trio: Trio) -> Trio:
    """firewalld on one, nftables on the others: open on Debian's, closed on Alpine's."""

    def protect(host: Host) -> None:
        step = "firewall_firewalld" if host is trio.firewalld else "firewall_nftables"
        for action in ("check", "make", "check", "make"):
            trio.step(host, step, action)

    together(protect, *trio.hosts)
    return trio


def test_rules_hold_over_a_reboot(protected: Trio) -> None:
    protected.check_over_a_reboot(*protected.hosts)


def test_firewalld_keeps_what_others_have_made_and_loads_only_changes(protected: Trio) -> None:
    host = protected.firewalld
    # A reload makes everything anew, with other handles.
    loaded = "nft -a list table inet firewalld | sha256sum"
    before = host.ssh(loaded).ok().stdout
    protected.step(host, "firewall_firewalld", "make")
    assert host.ssh(loaded).ok().stdout == before

    host.ssh("firewall-cmd --add-port=7777/tcp").ok()
    protected.step(host, "firewall_firewalld", "check")
    with pytest.raises(AssertionError, match="not permanent"):
        protected.step(host, "firewall_firewalld", "check", firewall_clients_ipv4="")
    host.ssh("firewall-cmd --runtime-to-permanent").ok()
    protected.step(host, "firewall_firewalld", "check", firewall_clients_ipv4="")
    protected.step(host, "firewall_firewalld", "make", firewall_clients_ipv4="")
    assert not greets(host, CLIENT_PORT)
    assert host.ssh("firewall-cmd --query-port=7777/tcp").ok()


def test_firewalld_holds_in_every_zone(protected: Trio) -> None:
    host = protected.firewalld
    protected.step(host, "firewall_firewalld", "make")
    host.ssh("firewall-cmd --set-default-zone=trusted").ok()
    protected.check(host)
    host.ssh("firewall-cmd --set-default-zone=public").ok()


def test_rules_of_iptables_hold_over_a_reboot(protected: Trio) -> None:
    systemd, alpine = protected.systemd, protected.alpine
    alpine.ssh("rc-service nftables stop; rc-update del nftables boot").ok()
    for tool, saved in (("iptables", "rules-save"), ("ip6tables", "rules6-save")):
        install(systemd, f"/usr/lib/systemd/system/{tool}.service", IPTABLES_UNIT.format(tool=tool))
        text = IPTABLES_INIT.format(tool=tool, saved=f"/etc/iptables/{saved}")
        install(alpine, f"/etc/init.d/{tool}", text)
    systemd.ssh("systemctl daemon-reload").ok()

    def protect(host: Host) -> None:
        for action in ("check", "make", "check", "make"):
            protected.step(host, "firewall_iptables", action)
        assert "table inet etcd-prod" not in host.ssh("nft list ruleset").ok().stdout

    together(protect, systemd, alpine)
    protected.check_over_a_reboot(systemd, alpine)


def test_nothing_is_left_of_rules_that_were_removed(protected: Trio) -> None:
    steps = {protected.firewalld: "firewall_firewalld"}
    for host in protected.hosts:
        protected.step(host, steps.get(host, "firewall_iptables"), "remove")
        assert "etcd-prod" not in host.ssh("nft list ruleset").ok().stdout
        assert host.ssh("grep -rl etcd-prod /etc").stdout == ""
    stranger = protected.stranger(protected.systemd)
    assert reaches(stranger, protected.systemd, PEER_PORT)
