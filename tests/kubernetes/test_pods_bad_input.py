"""What a cluster of pods needs and does not find: one clear word, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lab.kubernetes.lab import Lab
from lab.kubernetes.pod_stack import pod_stack
from lab.stack import EtcdStack

# On hosts and on this machine, other tests give bad input too.
pytestmark = [pytest.mark.slow, pytest.mark.soak]
SPACE = "bad"
KINDS = "statefulsets,pods,services,secrets,configmaps,poddisruptionbudgets,networkpolicies"


@pytest.fixture(scope="module")
def stack(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdStack]:
    """Not yet up, through all the tests of this module in their order."""
    made = pod_stack(lab, tmp_path_factory.mktemp("stack"), SPACE)
    yield made
    made.remove()


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
            "etcd0: not healthy after 15 s: its container does not",
        ),
        (
            {"resources": {"cpu": "64", "memory": "256Mi"}},
            "etcd0: not healthy after 15 s: no node takes its pod: 0/3 nodes are available",
        ),
    ],
    ids=["image", "room"],
)
def test_a_pod_that_never_is_ready_stops_the_others(
    lab: Lab, stack: EtcdStack, changes: dict[str, Any], said: str
) -> None:
    good = stack.spec["kubernetes"]
    failed = stack.change(kubernetes=place(stack, start_timeout_s=15, **changes)).up()
    stack.change(kubernetes=good)
    assert failed.status != 0
    assert said in failed.output
    assert not [name for name in objects(lab) if "etcd1" in name or "etcd2" in name]


def test_corrected_it_goes_on(stack: EtcdStack) -> None:
    stack.up().ok()
    assert "all members are healthy" in stack.outputs()["health"]
