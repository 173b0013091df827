"""Planned changes of a living cluster of pods, while a client writes 200 times a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.interruptions import LOG
from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_stack
from lab.operations.pod_cluster import PodCluster
from lab.operations.run import run
from lab.operations.table import ON_PODS

# On hosts and on this machine, others do the same operations.
pytestmark = [pytest.mark.slow, pytest.mark.soak]
SPACE = "operations"
# The client's workers: so many writes may be under way when a leader hands over, and raft drops
# those (docs/adr/0005).
UNDER_WAY = 4
FIRST_VERSION = ON_PODS["upgrade-to-3.6"].version
REFUSED = {"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]}


@pytest.fixture(scope="module")
def cluster(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PodCluster]:
    stack = pod_stack(
        lab,
        tmp_path_factory.mktemp("stack"),
        SPACE,
        version=FIRST_VERSION,
        # Five members on three nodes.
        kubernetes={"spread": "preferred"},
    )
    stack.up().ok()
    yield PodCluster(lab, stack)
    stack.remove()


# A rotation with an apiserver that writes all the while is in test_outputs_proved.
@pytest.mark.parametrize("name", [name for name in ON_PODS if name != "ca-rotation"])
def test_no_acknowledged_write_is_lost_and_one_member_is_away_at_most(
    cluster: PodCluster, name: str
) -> None:
    operation = ON_PODS[name]
    there_before = [*cluster.stack.spec["nodes"]]
    found = run(operation, cluster)
    report = found.client
    told = (report[key] for key in ("writes", "failed", "lost", "longest_gap_ms", "elections"))
    LOG.warning("pods, %s: %s writes, %s failed, %s lost, gap %.0f ms, %s elections", name, *told)
    assert report["writes"] > 200
    assert report["lost"] == 0
    assert report["failed"] <= UNDER_WAY * report["elections"]
    assert found.most_down <= 1
    staying = [found.restarts[node] for node in there_before if node in cluster.stack.spec["nodes"]]
    assert {*staying} == {operation.restarts}


def test_a_flag_that_etcd_refuses_costs_one_restart_of_one_member(cluster: PodCluster) -> None:
    before = cluster.uids()
    client = cluster.client()
    failed = cluster.stack.change(flags=REFUSED).up()
    report = client.report()
    assert failed.status != 0
    assert "etcd refused the change and runs again as it did before" in failed.output
    assert report["lost"] == 0
    changed = {pod for pod, uid in cluster.uids().items() if before[pod] != uid}
    assert changed == {f"{min(cluster.stack.spec['nodes'])}-0"}
    # The same again is tried again, and refused again.
    assert "etcd refused the change" in cluster.stack.up().output
    # What it was before is what it is.
    cluster.stack.change(flags={"max-txn-ops": 256}).up().ok()
    assert "unchanged" in cluster.stack.up("--expect-no-changes").ok().output


def test_a_step_of_a_rotation_that_nobody_could_follow_touches_nothing(cluster: PodCluster) -> None:
    before = cluster.uids()
    failed = cluster.stack.change(pki={"signing": 2, "trusted": [2]}).up()
    assert failed.status != 0
    assert "trust both first" in failed.output
    assert cluster.uids() == before
    secret = ("get", "secret", "etcd2-pki", "--output=jsonpath={.metadata.annotations}")
    told = cluster.lab.kubectl("-n", SPACE, *secret).ok().stdout
    assert '"etcd-cluster/signing":"1"' in told
    cluster.stack.change(pki={}).up().ok()


def test_a_minor_may_not_be_left_out(cluster: PodCluster) -> None:
    failed = cluster.stack.change(version=FIRST_VERSION).up()
    assert failed.status == 0, failed.output
    skipped = cluster.stack.change(version="3.7.1").up()
    assert skipped.status != 0
    assert "one minor to the next only" in skipped.output
    cluster.stack.change(version=FIRST_VERSION)


def test_a_place_that_moves_is_refused(cluster: PodCluster) -> None:
    kubernetes = {**cluster.stack.spec["kubernetes"], "service": "other"}
    moved = cluster.stack.change(kubernetes=kubernetes).run("preview")
    assert moved.status != 0
    assert "another place than the one in which the cluster was founded" in moved.output
    cluster.stack.change(kubernetes={**kubernetes, "service": "etcd"})
