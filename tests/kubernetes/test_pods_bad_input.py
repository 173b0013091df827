"""What a cluster of pods needs and does not find, and what it may not become: one clear word, and
nothing else is touched. The tests run in their order, on what those before have left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lab.hosts.machine import until
from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_stack
from lab.stack import EtcdStack

# On hosts and on this machine, other tests give bad input too.
pytestmark = [pytest.mark.slow, pytest.mark.soak]
SPACE = "bad"
FIRST_VERSION = "3.5.35"
KINDS = "statefulsets,pods,services,secrets,configmaps,poddisruptionbudgets,networkpolicies"


@pytest.fixture(scope="module")
def stack(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdStack]:
    """Not yet up, through all the tests of this module in their order."""
    made = pod_stack(lab, tmp_path_factory.mktemp("stack"), SPACE, version=FIRST_VERSION)
    yield made
    made.remove()


@pytest.fixture
def living(stack: EtcdStack) -> EtcdStack:
    """Up, also where the tests before are left out."""
    if not stack.founded:
        stack.up().ok()
    return stack


def place(stack: EtcdStack, **changes: Any) -> dict[str, Any]:
    """The section `kubernetes` with changes."""
    return {**stack.spec["kubernetes"], **changes}


def objects(lab: Lab) -> list[str]:
    """Everything of ours in the namespace."""
    told = lab.kubectl("-n", SPACE, "get", KINDS, "--output=name").ok().stdout.split()
    return [name for name in told if "kube-root-ca" not in name]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"namespace": "nowhere"},
            "there is no namespace nowhere: kubectl create namespace nowhere",
        ),
        (
            {"storage": {"size": "1Gi", "storage_class": "fast"}},
            "there is no storage class fast; there are: local",
        ),
        ({"priority_class": "etcd"}, "there is no priority class etcd"),
        ({"context": "elsewhere"}, 'context "elsewhere" does not exist'),
    ],
    ids=["namespace", "storage class", "priority class", "context"],
)
def test_what_is_not_there_is_named_before_anything_is_made(
    lab: Lab, stack: EtcdStack, changes: dict[str, Any], said: str
) -> None:
    good = stack.spec["kubernetes"]
    failed = stack.change(kubernetes=place(stack, **changes)).up()
    stack.change(kubernetes=good)
    assert failed.status != 0
    assert said in failed.output
    assert objects(lab) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"image": "registry.invalid/etcd"},
            "its pod does not serve, so no member was restarted: its container is not started",
        ),
        (
            {"resources": {"cpu": "64", "memory": "256Mi"}},
            "etcd0: its pod does not serve, so no member was restarted: no node takes its pod: 0/3",
        ),
    ],
    ids=["image", "room"],
)
def test_a_pod_that_cannot_start_is_found_before_any_member_is_made(
    lab: Lab, stack: EtcdStack, changes: dict[str, Any], said: str
) -> None:
    good = stack.spec["kubernetes"]
    failed = stack.change(kubernetes=place(stack, start_timeout_s=15, **changes)).up()
    stack.change(kubernetes=good)
    assert failed.status != 0
    assert said in failed.output
    assert not [name for name in objects(lab) if name.partition("/")[2].startswith("etcd0")]


def test_corrected_it_goes_on(stack: EtcdStack) -> None:
    stack.up().ok()
    assert "all members are healthy" in stack.outputs()["health"]


def kubectl(lab: Lab, *words: str) -> str:
    """In the namespace; what it prints."""
    return lab.kubectl("-n", SPACE, *words).ok().stdout


def unprotect(stack: EtcdStack) -> None:
    """Without a preview, which would refuse it, an authority was made that nobody knows."""
    stack.run("state", "unprotect", "--all", "--yes").ok()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pki": {"signing": 2, "trusted": [2]}}, "trust both first"),
        ({"version": "3.7.3"}, "one minor to the next only"),
        (
            {"kubernetes": {"service": "other"}},
            "another place than the one in which the cluster was founded",
        ),
    ],
    ids=["rotation", "minor", "place"],
)
def test_what_a_living_cluster_may_not_become_restarts_nobody(
    lab: Lab, living: EtcdStack, changes: dict[str, Any], said: str
) -> None:
    good = {**living.spec}
    pods = ("get", "pods", "--output=jsonpath={.items[*].metadata.uid}")
    before = kubectl(lab, *pods)
    if "kubernetes" in changes:
        changes = {"kubernetes": place(living, **changes["kubernetes"])}
    refused = living.change(**changes).up()
    living.spec = good
    living.change()
    assert refused.status != 0
    assert said in refused.output
    assert kubectl(lab, *pods) == before
    secret = ("get", "secret", "etcd2-pki", "--output=jsonpath={.metadata.annotations}")
    assert '"etcd-cluster/signing":"1"' in kubectl(lab, *secret)
    unprotect(living)
    living.up().ok()


def test_another_name_for_the_cluster_is_refused_before_anything_is_touched(
    lab: Lab, living: EtcdStack
) -> None:
    before = kubectl(lab, "get", "statefulsets,services,secrets", "--output=yaml")
    renamed = living.change(name="other").up()
    living.change(name="t")
    assert renamed.status != 0
    assert "statefulset/etcd0 is there and belongs to t" in renamed.output
    assert kubectl(lab, "get", "statefulsets,services,secrets", "--output=yaml") == before
    unprotect(living)
    living.up().ok()


def test_a_flag_that_etcd_refuses_is_tried_again_and_refused_again(living: EtcdStack) -> None:
    living.change(flags={"cipher-suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "NOPE"]})
    for _ in range(2):
        told = living.up().output
        assert 'unexpected TLS cipher suite "NOPE"' in told
        assert "no member was restarted" in told
    living.change(flags={}).up().ok()
    living.up("--expect-no-changes").ok()


def test_a_wiped_cluster_leaves_nothing_but_the_namespace(lab: Lab, living: EtcdStack) -> None:
    living.change(throwaway=True, on_destroy="wipe").up().ok()
    living.destroy().ok()
    kinds = "pods,statefulsets,services,secrets,pvc,poddisruptionbudgets,networkpolicies"

    def left() -> str:
        return kubectl(lab, "get", kinds, "--output=name")

    until(lambda: not left(), 60, left)
