"""Machines with firewalls of their own: open ones, and some that drop what they do not know."""

from __future__ import annotations

import os
import re

import pytest

from lab.needs import needs
from tests.node.firewall_dialling import (
    CLIENT,
    CLIENT_6,
    CLIENT_PORT,
    METRICS_PORT,
    OUTSIDE,
    PEER,
    PEER_6,
    PEER_PORT,
    SSH_PORT,
)
from tests.node.firewall_lab import Lab

NEED_NAMESPACES = [
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces are made by root alone"),
    needs("nft", "iptables"),
]

SETTINGS = {
    "firewall_name": "etcd-prod",
    "firewall_ports": f"{CLIENT_PORT},{PEER_PORT},{METRICS_PORT}",
    "firewall_client_ports": f"{CLIENT_PORT},{METRICS_PORT}",
    "firewall_peers_ipv4": f"{PEER}/32",
    "firewall_peers_ipv6": f"{PEER_6}/128",
    "firewall_clients_ipv4": "10.77.1.0/24",
    "firewall_clients_ipv6": "fd77:0:1::/48",
}
ALL = set(OUTSIDE)
ALLOWED = {
    CLIENT_PORT: {PEER, PEER_6, CLIENT, CLIENT_6},
    PEER_PORT: {PEER, PEER_6},
    METRICS_PORT: {PEER, PEER_6, CLIENT, CLIENT_6},
    SSH_PORT: ALL,
}

OPEN_CONF = """\
#!/usr/sbin/nft -f

flush ruleset

table inet filter {
	chain input {
		type filter hook input priority 0;
	}
}
"""
CLOSED_BY_POLICY = """\
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority 0; policy drop;
		iifname "lo" accept
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		tcp dport 22 accept
	}
}
"""
CLOSED_BY_LAST_RULE = """\
table inet mine {
	chain INPUT {
		type filter hook input priority 20; policy accept;
		iifname "lo" accept
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		tcp dport 22 accept
		counter reject with icmpx type port-unreachable
	}
}
"""
IPTABLES_CLOSED = """\
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p {icmp} -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -j REJECT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
COMMIT
"""
MACHINES = {
    "nftables, open": ("nftables", OPEN_CONF),
    "nftables, closed by its policy": ("nftables", CLOSED_BY_POLICY),
    "nftables, closed by its last rule": ("nftables", CLOSED_BY_LAST_RULE),
    "iptables, open": ("iptables", ""),
    "iptables, closed": ("iptables", IPTABLES_CLOSED),
}


def nftables(lab: Lab, conf: str) -> None:
    """A machine of Debian's kind that has loaded this file."""
    (lab.etc / "nftables.conf").write_text(conf)
    (lab.etc / "nftables.conf").chmod(0o755)
    lab.service("nftables", "enabled", "active")
    lab.root("nft", "-f", "/etc/nftables.conf")


def iptables(lab: Lab, saved: str) -> None:
    """A machine of Red Hat's kind that has loaded these saved rules."""
    for folder in ("init.d", "sysconfig"):
        (lab.etc / folder).mkdir()
    for tool, icmp in (("iptables", "icmp"), ("ip6tables", "ipv6-icmp")):
        lab.service(tool, "enabled", "active")
        (lab.etc / "init.d" / tool).touch()
        (lab.etc / "sysconfig" / tool).write_text(saved.format(icmp=icmp))
        lab.root(f"{tool}-restore", f"/etc/sysconfig/{tool}")


def reboot(lab: Lab, backend: str) -> None:
    """What the kernel knew is gone; the services load what they always load."""
    lab.root("nft", "flush", "ruleset")
    if backend == "nftables":
        lab.root("nft", "-f", "/etc/nftables.conf")
    else:
        for tool in ("iptables", "ip6tables"):
            lab.root(f"{tool}-restore", f"/etc/sysconfig/{tool}")


def rules(lab: Lab) -> str:
    """All that is in force, without what counts."""
    return re.sub(r"packets \d+ bytes \d+", "", lab.root("nft", "-s", "list", "ruleset"))


def files(lab: Lab) -> dict[str, tuple[str, int]]:
    """All that the machine has of its own in /etc, with modes."""
    return {
        str(path.relative_to(lab.etc)): (path.read_text(), path.stat().st_mode)
        for path in lab.etc.rglob("*")
        if path.is_file()
    }
