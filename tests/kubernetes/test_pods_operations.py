"""Planned changes of a living cluster of pods, while a client writes 200 times a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.client import Client
from tests.kubernetes.lab import Lab
from tests.kubernetes.pod_stack import pod_stack
from tests.kubernetes.readiness import Readiness
from tests.support.etcd_stack import EtcdStack, Result
from tests.support.interruptions import LOG
from tests.support.writer import writing

pytestmark = pytest.mark.slow
SPACE = "operations"
# The client's workers: so many writes may be under way when a leader hands over, and raft drops
# those (docs/adr/0005).
UNDER_WAY = 4
FIRST = "3.5.33"
REFUSED = {"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]}


@dataclass
class Trial:
    """One cluster, through all changes in turn."""

    lab: Lab
    stack: EtcdStack

    def up(self, client: Client, **changes: Any) -> Result:
        """A change of the stack file; the client follows what the stack says then."""
        done = self.stack.change(**changes).up()
        if done.status == 0:
            client.follow(self.stack.outputs())
        return done

    def uids(self) -> dict[str, str]:
        """Which pod each member has."""
        path = '{range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'
        told = self.lab.kubectl("-n", SPACE, "get", "pods", f"--output=jsonpath={path}").ok()
        return dict(line.split() for line in told.stdout.splitlines())


@pytest.fixture(scope="module")
def trial(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    lab.etcd_image()
    stack = pod_stack(
        lab,
        tmp_path_factory.mktemp("stack"),
        SPACE,
        version=FIRST,
        # Five members on three nodes.
        kubernetes={"spread": "preferred"},
    )
    stack.up().ok()
    yield Trial(lab, stack)
    stack.remove()


NODES: dict[str, Any] = {f"etcd{n}": {} for n in range(3)}
GROWN: dict[str, Any] = {f"etcd{n}": {} for n in range(5)}
SHRUNK: dict[str, Any] = {f"etcd{n}": {} for n in range(2, 5)}
# Name, the changes one after the other, and whether pods are to be new ones afterwards.
OPERATIONS: dict[str, tuple[list[dict[str, Any]], bool]] = {
    "upgrade": ([{"version": "3.6.14"}], True),
    "flag": ([{"flags": {"max-txn-ops": 256}}], True),
    "certificates": ([{"names": ["etcd.example.org"]}], False),
    "rotation": (
        [
            {"pki": {"signing": 1, "trusted": [1, 2]}},
            {"pki": {"signing": 2, "trusted": [1, 2]}},
            {"pki": {"signing": 2, "trusted": [2]}},
        ],
        True,
    ),
    "grow": ([{"nodes": GROWN}], False),
    "shrink": ([{"nodes": SHRUNK}], False),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_acknowledged_write_is_lost_and_one_member_is_away_at_most(
    trial: Trial, name: str
) -> None:
    changes, replaced = OPERATIONS[name]
    before = trial.uids()
    staying = [member for member in trial.stack.spec["nodes"] if stays(changes, member)]
    with (
        writing(trial.stack, trial.lab.nodes[0].among()) as client,
        Readiness(trial.lab, SPACE, staying) as readiness,
    ):
        for change in changes:
            trial.up(client, **change).ok()
        report = client.report()
    told = (report[key] for key in ("writes", "failed", "lost", "longest_gap_ms", "elections"))
    LOG.warning("pods, %s: %s writes, %s failed, %s lost, gap %.0f ms, %s elections", name, *told)
    assert report["writes"] > 200
    assert report["lost"] == 0
    assert report["failed"] <= UNDER_WAY * report["elections"]
    assert readiness.looks > 5
    assert readiness.most_away <= 1
    kept = {pod for pod, uid in trial.uids().items() if before.get(pod) == uid}
    assert kept == (set() if replaced else {f"{member}-0" for member in staying})


def stays(changes: list[dict[str, Any]], member: str) -> bool:
    """Whether no change takes the member away."""
    return all(member in change.get("nodes", {member: {}}) for change in changes)


def test_a_flag_that_etcd_refuses_costs_one_restart_of_one_member(trial: Trial) -> None:
    before = trial.uids()
    with writing(trial.stack, trial.lab.nodes[0].among()) as client:
        failed = trial.up(client, flags=REFUSED)
        report = client.report()
    assert failed.status != 0
    assert "etcd refused the change and runs again as it did before" in failed.output
    assert report["lost"] == 0
    changed = {pod for pod, uid in trial.uids().items() if before[pod] != uid}
    assert changed == {"etcd2-0"}
    # The same again is tried again, and refused again.
    assert "etcd refused the change" in trial.stack.up().output
    # What it was before is what it is.
    trial.stack.change(flags={"max-txn-ops": 256}).up().ok()
    assert "unchanged" in trial.stack.up("--expect-no-changes").ok().output


def test_a_step_of_a_rotation_that_nobody_could_follow_touches_nothing(trial: Trial) -> None:
    before = trial.uids()
    failed = trial.stack.change(pki={"signing": 3, "trusted": [3]}).up()
    assert failed.status != 0
    assert "trust both first" in failed.output
    assert trial.uids() == before
    secret = ("get", "secret", "etcd2-pki", "--output=jsonpath={.metadata.annotations}")
    told = trial.lab.kubectl("-n", SPACE, *secret).ok().stdout
    assert '"etcd-cluster/signing":"2"' in told
    trial.stack.change(pki={"signing": 2, "trusted": [2]}).up().ok()


def test_a_minor_may_not_be_left_out(trial: Trial) -> None:
    failed = trial.stack.change(version="3.5.33").up()
    assert failed.status == 0, failed.output
    skipped = trial.stack.change(version="3.7.1").up()
    assert skipped.status != 0
    assert "one minor to the next only" in skipped.output
    trial.stack.change(version="3.5.33")


def test_a_place_that_moves_is_refused(trial: Trial, tmp_path: Path) -> None:
    kubernetes = {**trial.stack.spec["kubernetes"], "service": "other"}
    moved = trial.stack.change(kubernetes=kubernetes).run("preview")
    assert moved.status != 0
    assert "another place than the one in which the cluster was founded" in moved.output
    trial.stack.change(kubernetes={**kubernetes, "service": "etcd"})
