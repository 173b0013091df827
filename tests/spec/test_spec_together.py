"""All mistakes at once, in the order of the file, none of them twice, none caused by another."""

from __future__ import annotations

import pytest

from components.spec import SpecError, load
from tests.spec.stack_files import changed, problems_of

MISTAKES = {
    "version": 3.6,
    "nme": "dev",
    "name": "dev",
    "on_destroy": "wipe",
    "peer_port": 2379,
    "heartbeat_ms": 500,
    "election_ms": 1000,
    "transport": "local",
    "pki": {"trusted": [2], "lifetimes": {"server": {"renew_before": "400d"}}},
    "flags": {"name": "dev"},
    "nodes": {"etcd1": {"address": "etcd1"}, "etcd2": None, "etcd3": {"adress": "10.0.0.13"}},
}


def test_each_mistake_is_one_problems_in_the_order_of_the_file() -> None:
    assert [problem.path for problem in problems_of(MISTAKES)] == [
        "cluster.version",
        "cluster.nme",
        "cluster.on_destroy",
        "cluster.peer_port",
        "cluster.election_ms",
        "cluster.pki.trusted",
        "cluster.pki.lifetimes.server.renew_before",
        "cluster.flags.name",
        "cluster.nodes.etcd1.address",
        "cluster.nodes.etcd2.address",
        "cluster.nodes.etcd3.adress",
    ]


def test_the_report_says_all_of_it() -> None:
    with pytest.raises(SpecError) as caught:
        load(MISTAKES)
    report = str(caught.value)
    assert report.startswith("11 problems in the stack file's `cluster`\n")
    for problem in caught.value.problems:
        for part in (problem.path, problem.value, problem.reason, problem.remedy):
            assert part in report


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        # a flag is not judged against a version that is refused
        ([("version", "3.4.1"), ("flags", {"made-up": 1})], ["version"]),
        # but one that no version may set is
        ([("version", "3.4.1"), ("flags", {"data-dir": "/x"})], ["version", "flags.data-dir"]),
        # a port that is refused clashes with nothing
        ([("client_port", "2380"), ("peer_port", 2379)], ["client_port"]),
        # timing is not judged against a profile that is refused
        ([("tuning", "wann"), ("heartbeat_ms", 5000)], ["tuning"]),
        ([("throwaway", "yes"), ("on_destroy", "wipe")], ["throwaway"]),
        ([("pki.signing", "2"), ("pki.trusted", [2])], ["pki.signing"]),
        ([("pki.trusted", [1, "x"]), ("pki.signing", 2)], ["pki.trusted[1]"]),
        ([("compaction.mode", "none"), ("compaction.retention", 1000)], ["compaction.mode"]),
        ([("pki.profile", "x"), ("pki.lifetimes.server.validity", "4000d")], ["pki.profile"]),
        # stand-ins for two refused addresses do not clash
        ([("nodes.etcd1.address", "a"), ("nodes.etcd2.address", "b")],
         ["nodes.etcd1.address", "nodes.etcd2.address"]),
        # nor hide that two others do
        ([("nodes.etcd1.address", "a"), ("nodes.etcd2.address", "10.0.0.11"),
          ("nodes.etcd3.address", "10.0.0.11")],
         ["nodes.etcd1.address", "nodes.etcd3.address"]),
        # one node's mistake hides no other node's
        ([("nodes.etcd1", 1), ("nodes.etcd2.client_port", 2380)],
         ["nodes.etcd1", "nodes.etcd2.client_port"]),
    ],
)  # fmt: skip
def test_a_mistake_does_not_cause_another(
    changes: list[tuple[str, object]], paths: list[str]
) -> None:
    found = sorted(problem.path for problem in problems_of(changed(*changes)))
    assert found == sorted(f"cluster.{path}" for path in paths)
