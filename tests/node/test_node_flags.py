"""The flags of a member."""

from __future__ import annotations

import pytest

from components.member.flags import cold_flags, etcd_flags, flag_text
from components.member.member import members_of
from components.spec import load
from tests.node.stack_files import PROJECT, first_member, record_of, stack_file


def flags(**settings):
    member = first_member(**settings)
    return etcd_flags(member, record_of(member), "new")


def test_defaults():
    assert flags() == {
        "name": "etcd1",
        "data-dir": "/srv/project/.dev/nodes/etcd1/data",
        "listen-peer-urls": ("https://10.0.0.1:2380",),
        "listen-client-urls": ("https://10.0.0.1:2379",),
        "advertise-client-urls": ("https://10.0.0.1:2379",),
        "initial-advertise-peer-urls": ("https://10.0.0.1:2380",),
        "initial-cluster": "etcd1=https://10.0.0.1:2380,etcd2=https://10.0.0.2:2380,"
        "etcd3=https://10.0.0.3:2380",
        "initial-cluster-token": "etcd-cluster-t",
        "initial-cluster-state": "new",
        "cert-file": "/srv/project/.dev/nodes/etcd1/etc/pki/server.pem",
        "key-file": "/srv/project/.dev/nodes/etcd1/etc/pki/server.key",
        "client-cert-file": "/srv/project/.dev/nodes/etcd1/etc/pki/maintenance.pem",
        "client-key-file": "/srv/project/.dev/nodes/etcd1/etc/pki/maintenance.key",
        "trusted-ca-file": "/srv/project/.dev/nodes/etcd1/etc/pki/ca.pem",
        "client-cert-auth": True,
        "peer-cert-file": "/srv/project/.dev/nodes/etcd1/etc/pki/peer.pem",
        "peer-key-file": "/srv/project/.dev/nodes/etcd1/etc/pki/peer.key",
        "peer-trusted-ca-file": "/srv/project/.dev/nodes/etcd1/etc/pki/ca.pem",
        "peer-client-cert-auth": True,
        "heartbeat-interval": 100,
        "election-timeout": 1000,
        "snapshot-count": 10000,
        "strict-reconfig-check": True,
        "quota-backend-bytes": 2147483648,
        "max-request-bytes": 1572864,
        "auto-compaction-mode": "periodic",
        "auto-compaction-retention": "3600s",
        "logger": "zap",
        "log-level": "info",
        "log-outputs": ("stderr",),
    }


@pytest.mark.parametrize(
    ("settings", "flag", "value"),
    [
        ({"quota_mib": 8192}, "quota-backend-bytes", 8589934592),
        ({"max_request_kib": 64}, "max-request-bytes", 65536),
        ({"tuning": "pi"}, "heartbeat-interval", 500),
        ({"tuning": "pi"}, "election-timeout", 5000),
        ({"tuning": "wan"}, "heartbeat-interval", 300),
        ({"tuning": "wan"}, "election-timeout", 3000),
        ({"tuning": "pi", "heartbeat_ms": 400}, "heartbeat-interval", 400),
        ({"snapshot_count": 500}, "snapshot-count", 500),
        (
            {"compaction": {"mode": "revision", "retention": 1000}},
            "auto-compaction-retention",
            "1000",
        ),
        ({"compaction": {"retention": "90m"}}, "auto-compaction-retention", "5400s"),
        ({"log_level": "warn"}, "log-level", "warn"),
        ({"metrics": {}}, "listen-metrics-urls", ("http://10.0.0.1:2381",)),
        (
            {"metrics": {"scheme": "https", "port": 9979}},
            "listen-metrics-urls",
            ("https://10.0.0.1:9979",),
        ),
        (
            {"network": "fd00::"},
            "listen-client-urls",
            ("https://[fd00::1]:2379",),
        ),
        (
            {"network": "fd00::", "nodes": 1, "metrics": {}},
            "listen-metrics-urls",
            ("http://[fd00::1]:2381",),
        ),
        ({"network": "fd00::", "nodes": 1}, "initial-cluster", "etcd1=https://[fd00::1]:2380"),
        ({"client_port": 4001}, "advertise-client-urls", ("https://10.0.0.1:4001",)),
        ({"flags": {"max-txn-ops": 256}}, "max-txn-ops", 256),
        ({"flags": {"cipher-suites": ["A", "B"]}}, "cipher-suites", ("A", "B")),
    ],
)
def test_a_setting_becomes_a_flag(settings, flag, value):
    assert flags(**settings)[flag] == value


def test_a_nodes_own_setting_wins():
    own = {"address": "10.0.0.1", "log_level": "debug", "flags": {"max-txn-ops": 1}}
    spec = load({**stack_file(), "flags": {"max-txn-ops": 2}, "nodes": {"etcd1": own}})
    member = members_of(spec, PROJECT)[0]
    found = etcd_flags(member, record_of(member), "new")
    assert (found["log-level"], found["max-txn-ops"]) == ("debug", 1)


def test_only_what_a_first_start_reads_is_hot():
    member = first_member(metrics={}, flags={"max-txn-ops": 256})
    every = etcd_flags(member, record_of(member), "new")
    assert every.keys() - cold_flags(member).keys() == {
        "initial-advertise-peer-urls",
        "initial-cluster",
        "initial-cluster-token",
        "initial-cluster-state",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (7, "7"), ("a b", "a b"), (("a", "b"), "a,b")],
)
def test_the_text_of_a_value_is_what_a_command_line_takes(value, text):
    assert flag_text(value) == text
