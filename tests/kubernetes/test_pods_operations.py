"""Planned changes of a living cluster of pods, while a client writes 200 times a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.client.beside import binary
from lab.interruptions import LOG
from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_stack
from lab.operations.pods_table import FIRST_VERSION, NEXT_VERSION, OPERATIONS
from lab.operations.pods_trial import Trial

# On hosts and on this machine, others do the same operations.
pytestmark = [pytest.mark.slow, pytest.mark.soak]
SPACE = "operations"
# The client's workers: so many writes may be under way when a leader hands over, and raft drops
# those (docs/adr/0005).
UNDER_WAY = 4
REFUSED = {"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]}


@pytest.fixture(scope="module")
def trial(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    lab.etcd_image(NEXT_VERSION)
    stack = pod_stack(
        lab,
        tmp_path_factory.mktemp("stack"),
        SPACE,
        version=FIRST_VERSION,
        # Five members on three nodes.
        kubernetes={"spread": "preferred"},
    )
    stack.up().ok()
    yield Trial(lab, stack, binary())
    stack.remove()


# A rotation with an apiserver that writes all the while is in test_outputs_proved.
@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "rotation"])
def test_no_acknowledged_write_is_lost_and_one_member_is_away_at_most(
    trial: Trial, name: str
) -> None:
    operation = OPERATIONS[name]
    found = trial.run(operation)
    report = found.client
    told = (report[key] for key in ("writes", "failed", "lost", "longest_gap_ms", "elections"))
    LOG.warning("pods, %s: %s writes, %s failed, %s lost, gap %.0f ms, %s elections", name, *told)
    assert report["writes"] > 200
    assert report["lost"] == 0
    assert report["failed"] <= UNDER_WAY * report["elections"]
    assert found.looks > 5
    assert found.most_away <= 1
    assert found.kept == (frozenset() if operation.restarts else found.staying)


def test_a_flag_that_etcd_refuses_costs_one_restart_of_one_member(trial: Trial) -> None:
    before = trial.uids()
    client = trial.client()
    failed = trial.stack.change(flags=REFUSED).up()
    report = client.report()
    assert failed.status != 0
    assert "etcd refused the change and runs again as it did before" in failed.output
    assert report["lost"] == 0
    changed = {pod for pod, uid in trial.uids().items() if before[pod] != uid}
    assert changed == {f"{min(trial.stack.spec['nodes'])}-0"}
    # The same again is tried again, and refused again.
    assert "etcd refused the change" in trial.stack.up().output
    # What it was before is what it is.
    trial.stack.change(flags={"max-txn-ops": 256}).up().ok()
    assert "unchanged" in trial.stack.up("--expect-no-changes").ok().output


def test_a_step_of_a_rotation_that_nobody_could_follow_touches_nothing(trial: Trial) -> None:
    before = trial.uids()
    failed = trial.stack.change(pki={"signing": 2, "trusted": [2]}).up()
    assert failed.status != 0
    assert "trust both first" in failed.output
    assert trial.uids() == before
    secret = ("get", "secret", "etcd2-pki", "--output=jsonpath={.metadata.annotations}")
    told = trial.lab.kubectl("-n", SPACE, *secret).ok().stdout
    assert '"etcd-cluster/signing":"1"' in told
    trial.stack.change(pki={}).up().ok()


def test_a_minor_may_not_be_left_out(trial: Trial) -> None:
    failed = trial.stack.change(version=FIRST_VERSION).up()
    assert failed.status == 0, failed.output
    skipped = trial.stack.change(version="3.7.1").up()
    assert skipped.status != 0
    assert "one minor to the next only" in skipped.output
    trial.stack.change(version=FIRST_VERSION)


def test_a_place_that_moves_is_refused(trial: Trial) -> None:
    kubernetes = {**trial.stack.spec["kubernetes"], "service": "other"}
    moved = trial.stack.change(kubernetes=kubernetes).run("preview")
    assert moved.status != 0
    assert "another place than the one in which the cluster was founded" in moved.output
    trial.stack.change(kubernetes={**kubernetes, "service": "etcd"})
