"""What a change costs: a reload of files or a restart."""

from __future__ import annotations

import pytest

from components.machine.desired import desired_state
from components.machine.runtimes import RUNTIMES, Runtime
from components.member.files import File
from components.member.member import BootstrapRecord
from tests.node.stack_files import credentials, desired, first_member


def test_a_restart_for_what_etcd_reads_at_its_start():
    was = desired(first_member())
    changes = {
        "flag": desired(first_member(flags={"max-txn-ops": 256})),
        "CA bundle": desired(first_member(), bundle="another bundle\n"),
        "version": desired(first_member(version="3.6.13")),
        "form of configuration": desired(first_member(config_format="yaml")),
        "port": desired(first_member(metrics={"port": 2381})),
    }
    for name, changed in changes.items():
        assert changed.cold != was.cold, name
        assert changed.generation != was.generation, name
    assert len({changed.cold for changed in changes.values()}) == len(changes)


def test_a_restart_for_a_file_of_the_runtime(monkeypatch):
    member = first_member()
    was = desired(member)
    former = RUNTIMES["supervisor"]

    def with_another_file(member):
        return (*former.service_files(member), File("run-etcd.sh", b"exec etcd\n", cold=True))

    monkeypatch.setitem(RUNTIMES, "supervisor", Runtime(with_another_file, former.facts))
    assert desired(member).cold != was.cold


def test_no_restart_for_renewed_leaves():
    was, renewed = desired(first_member()), desired(first_member(), serial=2)
    assert renewed.cold == was.cold
    assert renewed.generation != was.generation


@pytest.mark.parametrize(
    "record",
    [
        BootstrapRecord("another token", {"etcd1": "https://10.0.0.1:2380"}),
        BootstrapRecord("etcd-cluster-t", {"etcd9": "https://10.0.0.9:2380"}),
    ],
)
def test_no_restart_for_what_only_a_first_start_reads(record):
    member = first_member()
    was, changed = desired(member), desired_state(member, record, credentials())
    assert changed.cold == was.cold
    assert changed.generation != was.generation


def test_the_order_of_flags_changes_nothing():
    one = desired(first_member(flags={"max-txn-ops": 256, "pre-vote": True}))
    other = desired(first_member(flags={"pre-vote": True, "max-txn-ops": 256}))
    assert one == other


def test_every_file_of_a_generation_with_its_mode():
    modes = {file.path: f"{file.mode:o}" for file in desired(first_member()).files}
    assert modes == {
        "pki/ca.pem": "644",
        "pki/server.pem": "644",
        "pki/server.key": "600",
        "pki/peer.pem": "644",
        "pki/peer.key": "600",
        "pki/maintenance.pem": "644",
        "pki/maintenance.key": "600",
        "supervisord.conf": "644",
        "run-etcd.sh": "644",
        "new/etcd.env": "644",
        "joining/etcd.env": "644",
        "existing/etcd.env": "644",
    }
    cold = {file.path for file in desired(first_member()).files if file.cold}
    assert cold == {"pki/ca.pem", "supervisord.conf", "run-etcd.sh"}


def test_the_two_configurations_differ_in_one_line():
    files = {f.path: f.content.decode() for f in desired(first_member()).files}
    new, existing = files["new/etcd.env"].splitlines(), files["existing/etcd.env"].splitlines()
    assert [line for line in new if line not in existing] == ["ETCD_INITIAL_CLUSTER_STATE='new'"]
    assert len(new) == len(existing)
